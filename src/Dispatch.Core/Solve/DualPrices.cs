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
        long[] loads = tree.Loads(plan.EdgeLoads()), prices = network.TreePrices(flow, loads), room = new long[tree.NodeCount];
        for (int node = 0; node < tree.NodeCount; node++)
        {
            StepCost cost = tree.Cost(node);
            long beyond = tree.Parent(node) == tree.NodeCount ? 0 : prices[tree.Parent(node)];
            if (loads[node] == cost.Room) room[node] = Math.Max(0, prices[node] - cost.Steps[^1].Cost - beyond);
        }
        return new(network.GroupPrices(flow), prices, room, network.EntryPrices(flow, prices));
    }
}
