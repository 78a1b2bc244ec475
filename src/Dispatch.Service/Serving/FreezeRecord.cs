namespace TrafficDispatch.Service.Serving;

/// <summary>Whether a person has stopped publishing. Immutable.</summary>
/// <param name="By">Who did.</param>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="SetAt">When.</param>
/// <param name="Until">When it ends by itself; null for not before it is taken back.</param>
public sealed record FreezeRecord(string By, string Reason, DateTimeOffset SetAt, DateTimeOffset? Until)
{
    /// <summary>True until its time is over.</summary>
    public bool HoldsAt(DateTimeOffset now) => Until is not { } end || end > now;
}
