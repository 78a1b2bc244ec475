using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Failure;

/// <summary>The best that can be done about one failure, proved, and how it differs from the main plan.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record FailureOutcome
{
    /// <summary>What failed.</summary>
    public required FailureScenario Scenario { get; init; }

    /// <summary>The objective while it lasts, in the unit of the main plan's and with its charges.</summary>
    public required Int128 Objective { get; init; }

    /// <summary>The objective less what unserved traffic is charged: money, distance, congestion, moves.</summary>
    public required Int128 ServedCost { get; init; }

    /// <summary>What the failed edges carried under the main plan.</summary>
    public required Mbps Lost { get; init; }

    /// <summary>What a surviving edge carries of a group above what it carried of it under the main plan.</summary>
    public required Mbps Moved { get; init; }

    /// <summary>The part of <see cref="Moved"/> that was not on the failed edges: traffic that makes room for others.</summary>
    public required Mbps Ripple { get; init; }

    /// <summary>What nobody serves while the failure lasts, in all.</summary>
    public required Mbps Unserved { get; init; }

    /// <summary>Groups of which more stays unserved than under the main plan, ascending.</summary>
    public required ImmutableArray<UnservedChange> UnservedMore { get; init; }

    /// <summary>The new rows of the groups that change.</summary>
    public required PlanDiff Diff { get; init; }

    /// <summary>True when no traffic is shed that the main plan serves, priorities counted.</summary>
    public required bool IsAbsorbed { get; init; }

    /// <summary>True when the optimum is proved from the network alone.</summary>
    public required bool Certified { get; init; }

    /// <summary>Basis changes of the warm solve.</summary>
    public required long Pivots { get; init; }

    /// <summary>Time of the warm solve and its proof.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What capacity would fix it; null where it is absorbed, or fixes were not asked for.</summary>
    public FailureFix? Fix { get; init; }

    /// <summary>What one more unit of room would save at each node of the capacity tree; empty where the failure is absorbed.</summary>
    internal long[] Room { get; init; } = [];
}

/// <summary>Traffic of a group that a failure leaves unserved.</summary>
/// <param name="Group">Ordinal of the group.</param>
/// <param name="Before">Unserved under the main plan.</param>
/// <param name="After">Unserved while the failure lasts.</param>
public readonly record struct UnservedChange(int Group, Mbps Before, Mbps After);

/// <summary>The least capacity that leaves nothing unserved in a failure, found by a flow and tried out by solving once more.</summary>
/// <param name="Additions">Where and how much; empty where no capacity would help.</param>
/// <param name="UnservedAfter">What stays unserved with it, by the solve with the capacity in place.</param>
/// <param name="Beyond">Groups that no surviving edge may serve, whatever its capacity: only an edge in another fault domain helps them.</param>
/// <param name="Saves">What the additions lower the objective by in this failure, in its unit.</param>
public sealed record FailureFix(ImmutableArray<CapacityAddition> Additions, Mbps UnservedAfter, ImmutableArray<int> Beyond, Int128 Saves);

/// <summary>Capacity to add.</summary>
/// <param name="Kind"><c>edge</c>, <c>contract</c> (its ceiling) or <c>peering</c>.</param>
/// <param name="Id">The edge or contract; for peering <c>network at edge</c>.</param>
/// <param name="Added">How much.</param>
/// <param name="MicroUsdPerGbpsHour">
/// What one more Gbit/s there would save in this failure at the margin, by the duals before the addition: in micro-USD of the objective an
/// hour, unserved traffic at its charge. 0 where room must be added elsewhere, too, before it saves anything.
/// </param>
public sealed record CapacityAddition(string Kind, string Id, Mbps Added, Int128 MicroUsdPerGbpsHour);
