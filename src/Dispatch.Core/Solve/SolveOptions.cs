using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Columns;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Loops;
using TrafficDispatch.Solve.Stability;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve;

/// <summary>What an optimum is measured by.</summary>
public enum Objective
{
    /// <summary>Money, latency by class and unserved traffic by priority, in micro-USD an hour.</summary>
    Full,

    /// <summary>The fixed one-layer yardstick by which results of different programs compare; see <see cref="ReferenceCost"/>.</summary>
    Reference,
}

/// <summary>How a snapshot is to be solved.</summary>
public sealed record SolveOptions
{
    /// <summary>The defaults: full objective, no bound on distance, 64 candidate edges a group at first.</summary>
    public static readonly SolveOptions Default = new();

    /// <summary>What the optimum is measured by.</summary>
    public Objective Objective { get; init; } = Objective.Full;

    /// <summary>Edges farther than this from a region may not serve it (inclusive bound); null for no bound.</summary>
    public Milliseconds? MaxRtt { get; init; }

    /// <summary>
    /// Cheapest edges a group starts with, at least 1. The rest are priced with the optimum's duals and join where they would help,
    /// so the result is optimal over all of them. The reference objective takes every edge from the start.
    /// </summary>
    public int Candidates { get; init; } = 64;

    /// <summary>What the last parts of an edge's capacity are held to cost. The reference objective knows no congestion.</summary>
    public CongestionSteps Congestion { get; init; } = CongestionSteps.Default;

    /// <summary>What is owed to the plan in force; null where there is none, or for a plan made as if there were none.</summary>
    public Continuity? Continuity { get; init; }

    /// <summary>Bounds that cut across the capacity tree, kept by multipliers; see <see cref="LoopReport"/> for the gap.</summary>
    public ImmutableArray<CrossingCap> CrossingCaps { get; init; } = [];

    /// <summary>
    /// Keeps every edge within the least utilisation that leaves no more traffic unserved, plus this many percent of it; null to let edges fill
    /// as cost has it.
    /// </summary>
    public int? MinMaxSlackPercent { get; init; }

    /// <summary>Room kept free so that a fault domain may fail; null (default) for none. See <see cref="ReservePlanner"/>.</summary>
    public Reserve? Reserve { get; init; }

    /// <summary>
    /// Where an earlier solve ended, to start from; null (default) for nothing. What is optimal does not depend on it, which of several optima is
    /// found may. Passed over where it belongs to other groups or edges.
    /// </summary>
    public StartingPoint? StartingPoint { get; init; }

    /// <summary>What a unit at each edge costs besides, by ordinal; empty for nothing. Set by the loops.</summary>
    internal ImmutableArray<long> EdgeSurcharges { get; init; } = [];

    /// <summary>What each edge may carry at most, by ordinal; empty for its capacity. Set by the loops.</summary>
    internal ImmutableArray<long> EdgeBounds { get; init; } = [];

    /// <summary>Part of each edge's capacity that may be used. Set by the loops.</summary>
    internal int RoomPermille { get; init; } = 1000;

    /// <summary>Where a solve of the same groups and edges ended; null to start from nothing. Set by the loops.</summary>
    internal SolveStart? Start { get; init; }

    /// <summary>
    /// Move cost of a loop's first solve; null outside one. Its later solves add the dearest way to the sink at most: charges keep above that from the start,
    /// so that its solves compare.
    /// </summary>
    internal long? LeastMoveCost { get; init; }
}
