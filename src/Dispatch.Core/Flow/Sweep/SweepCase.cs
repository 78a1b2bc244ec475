namespace TrafficDispatch.Flow;

/// <summary>One failure to try: arcs that carry nothing while it lasts.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="ClosedArcs">The arcs; none is legal and repeats are, too.</param>
public sealed record SweepCase(string Name, IReadOnlyList<int> ClosedArcs)
{
    /// <summary>Upper bounds that hold in this case, such as capacity that is added to see what it would do; default none.</summary>
    public IReadOnlyList<SweepBound> Bounds { get; init; } = [];
}

/// <summary>An upper bound of an arc for one case.</summary>
/// <param name="Arc">The arc.</param>
/// <param name="Upper">Its greatest flow there, not below its lower bound.</param>
public readonly record struct SweepBound(int Arc, long Upper);

/// <summary>How a sweep runs.</summary>
public sealed record SweepOptions
{
    /// <summary>Number of threads, at least 1; default: one a processor. Outcomes do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Proves each outcome from the network alone (default), at the price of a pass over the costs that changed.</summary>
    public bool Certify { get; init; } = true;

    /// <summary>Arcs whose total flow each outcome reports, such as those that stand for what is not served. Default: none.</summary>
    public IReadOnlyList<int> WatchedArcs { get; init; } = [];

    /// <summary>
    /// Told each optimal outcome while the session still holds it, with its potentials; on the sweep's threads, several at a time. It may
    /// read the session, not change it. Default: nobody.
    /// </summary>
    public Action<SweepOutcome, FlowSession>? Inspect { get; init; }

    /// <summary>Limits of each case. Default: none.</summary>
    public FlowOptions Limits { get; init; } = FlowOptions.Default;
}

/// <summary>Flow of an arc before and after.</summary>
public readonly record struct FlowChange(int Arc, long Before, long After);

/// <summary>What became of the flow in one case.</summary>
public sealed class SweepOutcome
{
    /// <summary>Position of the case in the list given.</summary>
    public required int Index { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How the solve ended.</summary>
    public required FlowStatus Status { get; init; }

    /// <summary>Why there is no flow; empty when optimal.</summary>
    public required string Cause { get; init; }

    /// <summary>Cost of the flow; 0 unless optimal.</summary>
    public required Int128 Objective { get; init; }

    /// <summary>Total flow of the watched arcs.</summary>
    public required Int128 WatchedFlow { get; init; }

    /// <summary>Flow that left its first arc: the increases of all arcs out of nodes that no arc enters.</summary>
    public required Int128 MovedVolume { get; init; }

    /// <summary>The arcs whose flow differs from before the failure, rising; empty unless optimal.</summary>
    public required IReadOnlyList<FlowChange> Changes { get; init; }

    /// <summary>True when the outcome was proven; false when it was not asked for, or there is nothing to prove.</summary>
    public required bool Certified { get; init; }

    /// <summary>The kernel that solved it.</summary>
    public required string Kernel { get; init; }

    /// <summary>Basis changes made.</summary>
    public required long Pivots { get; init; }

    /// <summary>Time of the case, proof included.</summary>
    public required TimeSpan Elapsed { get; init; }
}
