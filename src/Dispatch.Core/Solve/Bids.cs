using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve;

/// <summary>
/// What traffic would pay at most to get into a node, by the prices of the groups: the least price of a node without room, whose
/// potential in a basis says nothing.
/// </summary>
internal static class Bids
{
    /// <summary>Nobody would go there.</summary>
    public const long None = long.MinValue;

    /// <summary>Bids by node of the tree, then by peering cap. Right for nodes that nothing flows through. O(arcs).</summary>
    /// <param name="network">Groups first, then the tree's nodes, then the caps.</param>
    /// <param name="rowArcs">How many of its arcs, the first ones, leave groups.</param>
    /// <param name="groups">What one more unit of each group costs.</param>
    /// <param name="tree">The capacity tree.</param>
    /// <param name="peering">The caps.</param>
    public static long[] Of(FlowNetwork network, int rowArcs, ReadOnlySpan<long> groups, CapacityTree tree, ImmutableArray<PeeringCap> peering)
    {
        long[] bids = new long[tree.NodeCount + peering.Length];
        Array.Fill(bids, None);
        for (int arc = 0; arc < rowArcs; arc++)
        {
            if (network.UpperBounds[arc] == 0) continue;
            ref long bid = ref bids[network.Heads[arc] - groups.Length];
            bid = Math.Max(bid, checked(groups[network.Tails[arc]] - network.Costs[arc]));
        }
        for (int p = 0; p < peering.Length; p++)
            if (peering[p].Capacity.ToMbps().Value > 0) bids[peering[p].Edge] = Math.Max(bids[peering[p].Edge], bids[tree.NodeCount + p]);
        foreach (int node in tree.Order)
        {
            if (bids[node] == None || tree.Parent(node) == tree.NodeCount || tree.Cost(node).Next(0) is not { } first) continue;
            bids[tree.Parent(node)] = Math.Max(bids[tree.Parent(node)], checked(bids[node] - first));
        }
        return bids;
    }
}
