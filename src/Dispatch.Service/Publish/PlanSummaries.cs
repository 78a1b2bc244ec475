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
        EntryDemandMbps = EntryDemand(assignment),
        EdgeCapacityMbps = [.. Enumerable.Range(0, assignment.Snapshot.World.Edges.Length).Select(e => assignment.Model.ToMbps(assignment.Model.Capacity(e)).Value)],
        EdgeRoomPrice = [.. assignment.EdgePrices],
        EdgeDoorPrice = [.. assignment.Prices.Tree[..assignment.Snapshot.World.Edges.Length]],
        ContractRoomPrice = ContractRoomPrice(assignment),
    };

    // As the table lays its entries out: by profile, then region, a default route at the end of each profile.
    private static ImmutableArray<long> EntryDemand(Assignment assignment)
    {
        int slots = assignment.Snapshot.World.Regions.Length + 1;
        long[] demand = new long[((FullCost)assignment.Model).Profiles.Profiles.Length * slots];
        foreach (ClientGroup group in assignment.Model.Groups) demand[group.Profile * slots + group.Region] = assignment.Model.ToMbps(group.Demand).Value;
        return [.. demand];
    }

    private static ImmutableArray<(string ContractId, long Price)> ContractRoomPrice(Assignment assignment)
    {
        World world = assignment.Snapshot.World;
        ReadOnlySpan<long> room = assignment.Prices.Room;
        (string, long)[] prices = new (string, long)[world.Facts.Contracts.Length];
        for (int c = 0; c < prices.Length; c++) prices[c] = (world.Facts.Contracts[c].Id, room[world.Edges.Length + c]);
        return [.. prices];
    }

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
