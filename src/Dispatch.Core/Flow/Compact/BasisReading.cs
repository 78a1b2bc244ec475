using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Reads a basis: totals from the kernel's own arrays, flows by arc, potentials. Reading again allocates nothing, and the arc
/// of each row's leaf is remembered while the leaf stays.</summary>
internal sealed unsafe class BasisReading<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const long SmallCost = 1L << 24, SmallFlow = 1L << 36, SmallSum = 1L << 62;

    private readonly CompactNetwork<T> _network;
    private readonly CompactBasis<T> _basis;
    private readonly BasisArcs<T> _arcs;
    private readonly int[] _leafArcs, _leafAnchors;
    private readonly T[] _leafOffsets;

    /// <summary>Reads this basis.</summary>
    public BasisReading(CompactNetwork<T> network, CompactBasis<T> basis)
    {
        (_network, _basis, _arcs) = (network, basis, new BasisArcs<T>(network, basis));
        (_leafArcs, _leafAnchors, _leafOffsets) = (new int[basis.Rows.Count], new int[basis.Rows.Count], new T[basis.Rows.Count]);
        Array.Fill(_leafAnchors, -1);
    }

    /// <summary>Cost of all flow and the flow on artificial arcs. O(n + core arcs).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (Int128 Cost, Int128 Unserved) Sum()
    {
        RowBasis<T> rows = _basis.Rows;
        CoreTree<T> tree = _basis.Tree;
        ReadOnlySpan<long> bases = _network.BasePrices;
        Int128 cost = _basis.LowerCost, unserved = 0;
        long near = 0; // products that fit a long are added up there first: several times as fast
        for (int r = 0; r < rows.Count; r++)
        {
            int anchor = rows.Anchors[r];
            if (anchor >= tree.CoreCount) AddTreeArc(anchor, ref cost, ref unserved);
            else if (rows.Kinds[r] == ArcKind.Artificial) unserved += rows.Flows[r];
            else
            {
                long own = long.CreateTruncating(rows.Offsets[r]) - bases[anchor], flow = rows.Flows[r];
                if (own is > -SmallCost and < SmallCost && flow < SmallFlow && near is > -SmallSum and < SmallSum) near = unchecked(near + own * flow);
                else cost += Math.BigMul(own, flow);
            }
        }

        cost += near;

        for (int v = 1; v < tree.CoreCount; v++) AddTreeArc(v, ref cost, ref unserved);
        AddResting(_basis.Core, rowTails: false, ref cost);
        AddResting(_basis.Bounded, rowTails: true, ref cost);
        return (cost, unserved);
    }

    /// <summary>Reads the arcs with flow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(FlowBuffer flow)
    {
        flow.Clear();
        FlowArcs arcs = _network.Shape.Network.Arcs;
        if (_network.Shape.HasLowerBounds)
            for (int e = 0; e < arcs.Lower.Length; e++) if (arcs.Lower[e] != 0) flow.Add(e, arcs.Lower[e]);
        RowBasis<T> rows = _basis.Rows;
        for (int r = 0; r < rows.Count; r++)
        {
            if (rows.Anchors[r] >= _basis.Tree.CoreCount) continue;
            int arc = LeafArc(r);
            if (arc >= 0 && rows.Flows[r] != 0) flow.Add(arc, rows.Flows[r]);
        }

        for (int r = 0; r < rows.Count; r++) if (rows.Anchors[r] >= _basis.Tree.CoreCount) AddTreeFlow(rows.Anchors[r], flow);
        for (int v = 1; v < _basis.Tree.CoreCount; v++) AddTreeFlow(v, flow);
        AddResting(_basis.Core, flow);
        AddResting(_basis.Bounded, flow);
        flow.Finish();
    }

    /// <summary>Reads the potential of every node: minus its cost to the root.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadPotentials(Span<long> potentials)
    {
        int[] places = _network.Shape.Places;
        for (int v = 0; v < places.Length; v++)
        {
            int place = places[v];
            potentials[v] = place >= 0
                ? -(_network.BasePrices[place] + long.CreateTruncating(_basis.Tree.Prices[place]))
                : -(long.CreateTruncating(_basis.Rows.Offsets[~place]) + long.CreateTruncating(_basis.Tree.Prices[_basis.Rows.Anchors[~place]]));
        }
    }

    /// <summary>The potential of every node in a new array.</summary>
    public Int128[] Potentials()
    {
        var potentials = new long[_network.Shape.Places.Length];
        ReadPotentials(potentials);
        return Array.ConvertAll(potentials, static p => (Int128)p);
    }

    /// <summary>The basis in terms of the network.</summary>
    public FlowBasis SaveBasis() => _arcs.SaveBasis();

    private void AddTreeArc(int v, ref Int128 cost, ref Int128 unserved)
    {
        CoreNode<T>* node = _basis.Tree.Nodes + v;
        long carried = node->Flow;
        if (carried == 0) return;
        if (node->Kind == ArcKind.Artificial)
        {
            unserved += carried;
            return;
        }

        (int tail, int head) = node->Up ? (v, node->Parent) : (node->Parent, v);
        cost += Math.BigMul(long.CreateTruncating(node->Cost) + BaseOf(tail) - BaseOf(head), carried);
    }

    private long BaseOf(int v) => v < _basis.Tree.CoreCount ? _network.BasePrices[v] : 0;

    private void AddResting(ArcColumns<T> columns, bool rowTails, ref Int128 cost)
    {
        for (int a = 0; a < columns.Count; a++)
        {
            if (columns.States[a] != ArcState.Upper) continue;
            long tail = rowTails ? 0 : _network.BasePrices[columns.Tails[a]];
            cost += Math.BigMul(long.CreateTruncating(columns.Costs[a]) + tail - _network.BasePrices[columns.Heads[a]], columns.Capacities[a]);
        }
    }

    private static void AddResting(ArcColumns<T> columns, FlowBuffer flow)
    {
        for (int a = 0; a < columns.Count; a++)
            if (columns.States[a] == ArcState.Upper && columns.Arcs[a] >= 0) flow.Add(columns.Arcs[a], columns.Capacities[a]);
    }

    private void AddTreeFlow(int v, FlowBuffer flow)
    {
        CoreNode<T>* node = _basis.Tree.Nodes + v;
        long carried = node->Flow;
        if (carried == 0) return;
        int arc = _arcs.ArcOf(v);
        if (arc >= 0) flow.Add(arc, carried);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int LeafArc(int row)
    {
        RowBasis<T> rows = _basis.Rows;
        if (rows.Kinds[row] != ArcKind.Free) return _arcs.RowArc(row, rows.Kinds[row], rows.Anchors[row], rows.Offsets[row]);
        if (_leafAnchors[row] != rows.Anchors[row] || _leafOffsets[row] != rows.Offsets[row])
        {
            (_leafAnchors[row], _leafOffsets[row]) = (rows.Anchors[row], rows.Offsets[row]);
            _leafArcs[row] = _arcs.RowArc(row, ArcKind.Free, rows.Anchors[row], rows.Offsets[row]);
        }

        return _leafArcs[row];
    }
}
