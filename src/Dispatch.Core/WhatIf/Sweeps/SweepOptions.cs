namespace TrafficDispatch.WhatIf.Sweeps;

/// <summary>How a sweep runs.</summary>
public sealed record SweepOptions
{
    /// <summary>Cases at a time, at least 1; default: one a processor. No row depends on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where rows are kept as they come, and taken from where the same sweep was begun before; null (default) to begin anew and keep none.</summary>
    public SweepJournal? Journal { get; init; }

    /// <summary>Told after each case, one at a time, on the sweep's threads; null (default) for nobody.</summary>
    public Action<SweepProgress>? Progress { get; init; }
}
