using System.Collections.Immutable;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;

namespace TrafficDispatch.Service.Serving;

/// <summary>What a solve came to, as status, metrics and pages tell it. Immutable.</summary>
/// <param name="Status">How the flow solver ended, for instance <c>optimal</c>.</param>
/// <param name="Trace">How the optimum was found.</param>
/// <param name="Report">The optimum beside its baselines.</param>
/// <param name="Contradictions">Settings that contradict each other.</param>
/// <param name="EdgeUse">Part of its usable capacity that each edge carries, by ordinal; 0 where it has none.</param>
/// <param name="UnservedByClass">What each traffic class of the world leaves unserved.</param>
/// <param name="UnservedRegions">Regions with unserved traffic, most first: id and Mbit/s.</param>
/// <param name="Prefixes">Prefixes that the addresses were matched against.</param>
/// <param name="Billing">The running month of the contracts that bill.</param>
/// <param name="MovedMbps">What left edges that may go on serving it, against the plan before, Mbit/s; null where none was known.</param>
public sealed record PlanSummary(
    string Status, SolveTrace Trace, OptimumReport Report, ImmutableArray<Contradiction> Contradictions, ImmutableArray<double> EdgeUse,
    ImmutableArray<ClassUnserved> UnservedByClass, ImmutableArray<(string Region, long Mbps)> UnservedRegions, int Prefixes, BillingSummary Billing, long? MovedMbps)
{
    /// <summary>Figures of the optimum.</summary>
    public PlanFigures Optimum => Report.Optimum.Overall;

    /// <summary>Part of its ceiling that each contract with one carries, in the world's order.</summary>
    public ImmutableArray<(string ContractId, double Use)> ContractUse { get; init; } = [];

    /// <summary>What the solve took each entry of its table to ask for, Mbit/s, by ordinal of the entry; 0 for default routes.</summary>
    public ImmutableArray<long> EntryDemandMbps { get; init; } = [];

    /// <summary>Capacity of each edge that the solve could use, Mbit/s, by ordinal.</summary>
    public ImmutableArray<long> EdgeCapacityMbps { get; init; } = [];

    /// <summary>What one more Mbit/s of each edge's capacity would save, micro-USD an hour, by ordinal.</summary>
    public ImmutableArray<long> EdgeRoomPrice { get; init; } = [];

    /// <summary>What the next Mbit/s through each edge would cost behind its door, micro-USD an hour, by ordinal: congestion, contracts, scarcity.</summary>
    public ImmutableArray<long> EdgeDoorPrice { get; init; } = [];

    /// <summary>What one more Mbit/s below each contract's ceiling would save, micro-USD an hour, in the world's order.</summary>
    public ImmutableArray<(string ContractId, long Price)> ContractRoomPrice { get; init; } = [];
}

/// <summary>What a traffic class leaves unserved.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="Priority">1 is shed last.</param>
/// <param name="Mbps">What nobody serves, Mbit/s.</param>
public sealed record ClassUnserved(string ClassId, int Priority, long Mbps);
