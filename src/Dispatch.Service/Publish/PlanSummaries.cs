using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;

namespace TrafficDispatch.Service.Publish;

/// <summary>Sums a certified assignment up for status, metrics and pages.</summary>
internal static class PlanSummaries
{
    /// <summary>Makes the summary. O(volumes).</summary>
    public static PlanSummary Of(Assignment assignment, int prefixes) => new(
        nameof(FlowStatus.Optimal).ToLowerInvariant(), assignment.Trace, OptimumReport.Of(assignment), assignment.Contradictions,
        EdgeUse(assignment), UnservedByPriority(assignment), UnservedRegions(assignment), prefixes);

    private static ImmutableArray<double> EdgeUse(Assignment assignment)
    {
        long[] loads = assignment.Published.EdgeLoads();
        double[] use = new double[loads.Length];
        for (int e = 0; e < use.Length; e++)
        {
            long capacity = assignment.Model.Capacity(e);
            use[e] = capacity > 0 ? (double)loads[e] / capacity : 0;
        }
        return [.. use];
    }

    private static ImmutableSortedDictionary<int, long> UnservedByPriority(Assignment assignment)
    {
        FullCost model = (FullCost)assignment.Model;
        World world = assignment.Snapshot.World;
        SortedDictionary<int, long> unserved = [];
        foreach (TrafficClass known in world.Classes) unserved[known.Priority] = 0;
        for (int g = 0; g < model.Groups.Count; g++)
        {
            int priority = world.Classes[model.Profiles.Profiles[model.Groups[g].Profile].Class].Priority;
            unserved[priority] += model.ToMbps(assignment.Published.Unserved(g)).Value;
        }
        return unserved.ToImmutableSortedDictionary();
    }

    private static ImmutableArray<(string Region, long Mbps)> UnservedRegions(Assignment assignment)
    {
        CostModel model = assignment.Model;
        World world = assignment.Snapshot.World;
        long[] unserved = new long[world.Regions.Length];
        for (int g = 0; g < model.Groups.Count; g++) unserved[model.Groups[g].Region] += model.ToMbps(assignment.Published.Unserved(g)).Value;
        return [.. Enumerable.Range(0, unserved.Length).Where(r => unserved[r] > 0)
            .OrderByDescending(r => unserved[r]).Select(r => (world.Regions[r].Id, unserved[r]))];
    }
}
