namespace TrafficDispatch.Service.Measure;

/// <summary>What becomes of batches in the log. Used by the fold thread alone.</summary>
internal interface IFolding
{
    /// <summary>Does what is at hand, within some tens of milliseconds, and tells the board.</summary>
    /// <returns>False where there is nothing more to do now.</returns>
    /// <exception cref="TrafficDispatch.State.StoreUnavailableException">A store gives no answer.</exception>
    bool Step(CancellationToken stop);

    /// <summary>After a store gave no answer: what is not acknowledged will come again.</summary>
    void Stumble();

    /// <summary>At the end of the process.</summary>
    /// <exception cref="TrafficDispatch.State.StoreUnavailableException">A store gives no answer.</exception>
    void End(CancellationToken patience);
}
