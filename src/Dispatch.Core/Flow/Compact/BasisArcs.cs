using System.Numerics;
using System.Runtime.CompilerServices;
using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Finds the network's arcs behind a basis.</summary>
internal sealed unsafe class BasisArcs<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly CompactNetwork<T> _network;
    private readonly CompactBasis<T> _basis;

    /// <summary>Reads this basis.</summary>
    public BasisArcs(CompactNetwork<T> network, CompactBasis<T> basis) => (_network, _basis) = (network, basis);

    /// <summary>The arcs in the basis and those at their upper bound, as they stand in the network.</summary>
    public FlowBasis SaveBasis()
    {
        var basic = new List<int>();
        var upper = new List<int>();
        RowBasis<T> rows = _basis.Rows;
        for (int r = 0; r < rows.Count; r++)
            if (rows.Anchors[r] < _basis.Tree.CoreCount) basic.Add(RowArc(r, rows.Kinds[r], rows.Anchors[r], rows.Offsets[r]));
        foreach (int v in TreeNodes()) basic.Add(ArcOf(v));
        foreach (ArcColumns<T> columns in new[] { _basis.Core, _basis.Bounded })
            for (int a = 0; a < columns.Count; a++) if (columns.States[a] == ArcState.Upper) upper.Add(columns.Arcs[a]);
        int[] named = [.. basic.Where(e => e >= 0).Distinct().Order()];
        return new FlowBasis(_network.Shape.Places.Length, _network.Shape.Network.ArcCount, named, [.. upper.Where(e => e >= 0).Order()]);
    }

    private IEnumerable<int> TreeNodes()
    {
        int cores = _basis.Tree.CoreCount;
        for (int v = 1; v < cores; v++) yield return v;
        for (int r = 0; r < _basis.Rows.Count; r++)
        {
            int anchor = AnchorOf(r);
            if (anchor >= cores) yield return anchor;
        }
    }

    private int AnchorOf(int row) => _basis.Rows.Anchors[row];

    /// <summary>The network's arc behind a tree node's arc to its parent; −1 where there is none.</summary>
    public int ArcOf(int v)
    {
        CoreNode<T>* node = _basis.Tree.Nodes + v;
        if (node->Kind >= 0) return _basis.Core.Arcs[node->Kind];
        if (node->Kind == ArcKind.Artificial) return -1;
        (int slot, int head) = node->Up ? (v, node->Parent) : (node->Parent, v);
        return RowArc(_basis.Tree.RowOf(slot), node->Kind, head, node->Cost);
    }

    /// <summary>The network's arc behind a row's basic arc; −1 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int RowArc(int row, int kind, int head, T cost)
    {
        if (ArcKind.IsBounded(kind)) return _basis.Bounded.Arcs[ArcKind.BoundedIndex(kind)];
        if (kind == ArcKind.Artificial) return -1;
        CompactShape shape = _network.Shape;
        FlowArcs arcs = shape.Network.Arcs;
        long own = long.CreateTruncating(cost) - _network.BasePrices[head];
        ArcRows order = shape.ArcsByTail;
        int end = order.Start(shape.RowNodes[row] + 1);
        for (int position = order.Start(shape.RowNodes[row]); position < end; position++)
        {
            if (order.InPlace)
            {
                int ahead = arcs.Costs.AsSpan(position, end - position).IndexOf(own); // four costs at a time
                if (ahead < 0) break;
                position += ahead;
            }

            int e = order.Arc(position);
            if (arcs.Costs[e] == own && shape.Places[arcs.Heads[e]] == head && ShiftedSupplies.Capacity(shape.Network, e) >= _network.Supplies[row]) return e;
        }

        throw new InvalidOperationException("A basic arc is not among its row's arcs; this is a defect of the solver.");
    }
}
