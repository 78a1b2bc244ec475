using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Explain;

/// <summary>What decides whether an edge serves a group. Names in lower case with underscores are what programs rely on.</summary>
public enum EdgeVerdict
{
    /// <summary><c>serves</c>: it does.</summary>
    Serves,

    /// <summary><c>as_good</c>: it would cost the same; ties are broken by the solver.</summary>
    AsGood,

    /// <summary><c>dearer</c>: it has room, and other edges are cheaper for this group.</summary>
    Dearer,

    /// <summary><c>full</c>: what is in its way is room: at the edge, a contract or a peering cap.</summary>
    Full,

    /// <summary><c>law</c>: residency forbids it.</summary>
    Law,

    /// <summary><c>health</c>: it is down or drained.</summary>
    Health,

    /// <summary><c>too_far</c>: beyond the class's greatest round trip.</summary>
    TooFar,

    /// <summary><c>too_lossy</c>: beyond the class's greatest loss.</summary>
    TooLossy,

    /// <summary><c>service</c>: the service does not admit the edge or its operator.</summary>
    Service,
}

/// <summary>A bound that is full on the way of a group's traffic through an edge.</summary>
/// <param name="Kind"><c>edge</c>, <c>contract</c> or <c>peering</c>.</param>
/// <param name="Id">Which one.</param>
/// <param name="Room">What it can carry, in flow units.</param>
/// <param name="Value">What one more unit of it would save, micro-USD per Mbit/s and hour.</param>
public sealed record BindingBound(string Kind, string Id, long Room, long Value);

/// <summary>What a unit of a group costs at an edge, micro-USD per Mbit/s and hour, part by part.</summary>
/// <param name="Money">The edge's own price, where no contract bills it.</param>
/// <param name="Latency">Round trip as the class weighs it.</param>
/// <param name="Loss">Loss as the class weighs it.</param>
/// <param name="Move">A move against the plan in force.</param>
/// <param name="Door">Everything behind the edge's door: congestion, contracts, and what full bounds are worth.</param>
public sealed record UnitCost(long Money, long Latency, long Loss, long Move, long Door)
{
    /// <summary>All of it.</summary>
    public long Total => checked(Money + Latency + Loss + Move + Door);
}

/// <summary>Why an edge serves a group or not, and what would change it.</summary>
/// <param name="Edge">Ordinal of the edge.</param>
/// <param name="Verdict">What decides.</param>
/// <param name="Volume">What it serves of the group, in flow units.</param>
/// <param name="RttMs">Round trip.</param>
/// <param name="Cost">What a unit costs there; null where it is not allowed.</param>
/// <param name="ReducedCost">How much cheaper it must become to be used; null where it is not allowed.</param>
/// <param name="Bounds">Bounds in the way that are full, nearest first.</param>
/// <param name="Why">The reason in a sentence.</param>
/// <param name="Change">What would change it, in a sentence.</param>
public sealed record EdgeExplanation(
    int Edge, EdgeVerdict Verdict, long Volume, double RttMs, UnitCost? Cost, long? ReducedCost, ImmutableArray<BindingBound> Bounds, string Why, string Change);
