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
/// <param name="UnservedByPriority">Unserved Mbit/s by priority of the traffic class; every priority of the world is listed.</param>
/// <param name="UnservedRegions">Regions with unserved traffic, most first: id and Mbit/s.</param>
/// <param name="Prefixes">Prefixes that the addresses were matched against.</param>
public sealed record PlanSummary(
    string Status, SolveTrace Trace, OptimumReport Report, ImmutableArray<Contradiction> Contradictions, ImmutableArray<double> EdgeUse,
    ImmutableSortedDictionary<int, long> UnservedByPriority, ImmutableArray<(string Region, long Mbps)> UnservedRegions, int Prefixes)
{
    /// <summary>Figures of the optimum.</summary>
    public PlanFigures Optimum => Report.Optimum.Overall;
}
