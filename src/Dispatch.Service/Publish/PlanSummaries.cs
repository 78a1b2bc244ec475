using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Service.Publish;

/// <summary>Sums a certified assignment up for status, metrics and pages.</summary>
internal static class PlanSummaries
{
    /// <summary>Makes the summary. O(volumes).</summary>
    public static PlanSummary Of(Assignment assignment, int prefixes, BillingSummary billing) => new(
        nameof(FlowStatus.Optimal).ToLowerInvariant(), assignment.Trace, OptimumReport.Of(assignment), assignment.Contradictions,
        EdgeUse(assignment), UnservedByClass(assignment), UnservedRegions(assignment), prefixes, billing, MovedMbps(assignment))
    {
        ContractUse = ContractUse(assignment),
    };

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

    private static ImmutableArray<(string ContractId, double Use)> ContractUse(Assignment assignment)
    {
        long[] loads = assignment.Published.EdgeLoads();
        World world = assignment.Snapshot.World;
        return [.. world.Facts.Contracts.Where(static c => c.Ceiling is { } most && most.ToMbps().Value > 0).Select(c => (c.Id,
            assignment.Model.ToMbps(c.Edges.Sum(e => loads[world.EdgeOrdinal(e)])).Value / (double)c.Ceiling!.Value.ToMbps().Value))];
    }

    private static ImmutableArray<ClassUnserved> UnservedByClass(Assignment assignment)
    {
        FullCost model = (FullCost)assignment.Model;
        World world = assignment.Snapshot.World;
        long[] unserved = new long[world.Classes.Length];
        for (int g = 0; g < model.Groups.Count; g++)
            unserved[model.Profiles.Profiles[model.Groups[g].Profile].Class] += model.ToMbps(assignment.Published.Unserved(g)).Value;
        return [.. world.Classes.Select((c, i) => new ClassUnserved(c.Id, c.Priority, unserved[i]))];
    }

    private static long? MovedMbps(Assignment assignment) =>
        assignment.Model.Options.Continuity is null ? null : assignment.Model.ToMbps(Moves.Of(assignment.Published).Voluntary).Value;

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
