using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve;

/// <summary>The duals of an optimum, in its cost model's unit. Valid for the next unit; where the optimum is degenerate others are, too.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class DualPrices
{
    private readonly long[] _groups;
    private readonly long[] _tree;
    private readonly long[] _room;

    private DualPrices(long[] groups, long[] tree, long[] room, EntryPrices entry) => (_groups, _tree, _room, Entry) = (groups, tree, room, entry);

    /// <summary>What one more unit of each group would cost, by ordinal.</summary>
    public ReadOnlySpan<long> Groups => _groups;

    /// <summary>What one more unit costs from each node of the capacity tree on: edges by ordinal, then contracts.</summary>
    public ReadOnlySpan<long> Tree => _tree;

    /// <summary>
    /// What one more unit of room would save at each node of the capacity tree, at least 0: at an edge its capacity, with the steps of
    /// congestion below staying where they are; at a contract its ceiling.
    /// </summary>
    public ReadOnlySpan<long> Room => _room;

    /// <summary>What one more unit costs from each edge's door on, peering caps included.</summary>
    public EntryPrices Entry { get; }

    internal static DualPrices Of(DispatchNetwork network, FlowSolution flow, TrafficPlan plan)
    {
        CapacityTree tree = plan.Model.Tree;
        long[] groups = network.GroupPrices(flow), bids = network.BidsOf(groups), loads = tree.Loads(plan.EdgeLoads());
        long[] prices = network.TreePrices(flow, loads, bids), room = new long[tree.NodeCount];
        for (int node = 0; node < tree.NodeCount; node++)
        {
            StepCost cost = tree.Cost(node);
            long beyond = tree.Parent(node) == tree.NodeCount ? 0 : prices[tree.Parent(node)];
            long last = cost.Steps[^1].Cost;
            if (last < 0) last += plan.Model.HardCharge; // a floor as high as the ceiling: one unit more is above it
            if (loads[node] == cost.Room) room[node] = Math.Max(0, prices[node] - last - beyond);
        }
        EntryPrices entry = network.EntryPrices(flow, prices, bids);
        PriceIdle(plan.Model, groups, entry);
        return new(groups, prices, room, entry);
    }

    // The potential of a group that asks for nothing says nothing: its first unit would take the cheapest way in.
    private static void PriceIdle(CostModel model, long[] prices, EntryPrices entry)
    {
        int edges = model.Snapshot.World.Edges.Length;
        (long[] row, long[] doors) = (new long[edges], new long[edges]);
        for (int g = 0; g < prices.Length; g++)
        {
            if (model.Groups[g].Demand > 0) continue;
            model.Row(g, row);
            entry.Row(model.Groups[g].Region, doors);
            prices[g] = model.UnservedCost(g);
            for (int e = 0; e < edges; e++)
                if (row[e] != CostModel.NotAllowed) prices[g] = Math.Min(prices[g], checked(row[e] + model.MoveCost + doors[e]));
        }
    }
}
