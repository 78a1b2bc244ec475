using System.Numerics;

namespace TrafficDispatch.Flow.Compact;

/// <summary>The first basis: the core on its free-flow tree, every row on an artificial arc.</summary>
internal static unsafe class ColdStart<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Fills a new basis. O(n + m) over the core, O(1) a row.</summary>
    public static CompactBasis<T> Create(CompactNetwork<T> network, FreeFlowTree tree)
    {
        var basis = new CompactBasis<T>(network);
        HangCore(network, tree, basis);
        for (int r = 0; r < basis.Rows.Count; r++) basis.Rows.SetLeaf(r, 0, network.ArtificialCost, network.Supplies[r], ArcKind.Artificial);
        return basis;
    }

    // Leaves first, every core node passes on what it and those behind it supply, if that leaves room on its arc (strong
    // feasibility), or else sends it to the root by an artificial arc; then the nodes are hung from the root down.
    private static void HangCore(CompactNetwork<T> network, FreeFlowTree tree, CompactBasis<T> basis)
    {
        ArcColumns<T> core = basis.Core;
        long[] excess = network.Shape.CoreSupplies();
        int[] arcs = [.. tree.ArcOf];
        for (int i = tree.Order.Length - 1; i >= 0; i--)
        {
            int v = tree.Order[i], arc = arcs[v];
            if (arc >= 0 && excess[v] < core.Capacities[arc]) excess[core.Heads[arc]] += excess[v];
            else arcs[v] = -1;
        }

        foreach (int v in tree.Order)
        {
            int arc = arcs[v];
            if (arc >= 0) core.States[arc] = ArcState.Basic;
            TreeArc<T> up = arc >= 0
                ? TreeArc<T>.Carrying(arc, up: true, core.Costs[arc], excess[v], core.Capacities[arc])
                : TreeArc<T>.Carrying(ArcKind.Artificial, up: true, network.ArtificialCost, excess[v], ShiftedSupplies.Unlimited);
            basis.Tree.Hang(v, arc >= 0 ? core.Heads[arc] : 0, up);
        }
    }
}
