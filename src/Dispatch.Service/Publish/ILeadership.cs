using TrafficDispatch.State;

namespace TrafficDispatch.Service.Publish;

/// <summary>Whether this process may publish. Thread-safe.</summary>
internal interface ILeadership
{
    /// <summary>What it shows with every write; null while it does not lead, from the very moment its lease may have ended.</summary>
    FencingToken? Token { get; }

    /// <summary>Why the lease cannot even be asked for; empty where the store answers.</summary>
    string Trouble { get; }

    /// <summary>Ends with the term that runs now; already cancelled while none does.</summary>
    CancellationToken TermEnds { get; }

    /// <summary>Gives the term up because a write was refused: another leads, or the store forgot the lease.</summary>
    void StepDown(FencingToken token);
}
