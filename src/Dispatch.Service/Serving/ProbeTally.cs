namespace TrafficDispatch.Service.Serving;

/// <summary>Counts probes, for status and metrics. Thread-safe.</summary>
public sealed class ProbeTally
{
    private long _reported, _fromOthers, _known, _untold, _refused;

    /// <summary>Probes that vantages reported to this process.</summary>
    public long Reported => Volatile.Read(ref _reported);

    /// <summary>Probes that other processes took and told of.</summary>
    public long FromOthers => Volatile.Read(ref _fromOthers);

    /// <summary>Of both, those that were heard before.</summary>
    public long Known => Volatile.Read(ref _known);

    /// <summary>Probes that this process took and could not tell the others.</summary>
    public long Untold => Volatile.Read(ref _untold);

    /// <summary>Calls of vantages that were refused for their token.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Counts a probe that a vantage reported.</summary>
    public void CountReported() => Interlocked.Increment(ref _reported);

    /// <summary>Counts a probe that another process told of.</summary>
    public void CountFromOthers() => Interlocked.Increment(ref _fromOthers);

    /// <summary>Counts a probe that was heard before.</summary>
    public void CountKnown() => Interlocked.Increment(ref _known);

    /// <summary>Counts probes that the others were not told.</summary>
    public void CountUntold(long probes) => Interlocked.Add(ref _untold, probes);

    /// <summary>Counts a call that was refused.</summary>
    public void CountRefused() => Interlocked.Increment(ref _refused);
}
