using System.Numerics;

namespace TrafficDispatch.Flow.Compact;

/// <summary>A basis of the kernel from a saved one: the arcs it names form a forest, the network's supplies decide what they carry.</summary>
/// <remarks>Basic arcs that would close a cycle are left out; parts that do not reach the root are joined to it by an artificial arc;
/// an arc that would carry more than it can, or less than nothing, is put at the bound it breaks, and what it cannot carry takes
/// an artificial arc. The result is strongly feasible whatever was saved. O(n + named arcs · log m).</remarks>
internal sealed unsafe class WarmStart<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly CompactNetwork<T> _network;
    private readonly CompactBasis<T> _basis;
    private readonly long[] _excess;
    private readonly List<(int Tail, int Head, TreeArc<T> Arc, long Capacity)> _joints = [];
    private readonly int[] _sets;

    private WarmStart(CompactNetwork<T> network)
    {
        _network = network;
        _basis = new CompactBasis<T>(network);
        int nodes = network.Shape.CoreCount * 2 + 2; // with all slots
        _excess = new long[nodes];
        _sets = new int[nodes];
        for (int v = 0; v < nodes; v++) _sets[v] = v;
        network.Shape.CoreSupplies().CopyTo(_excess.AsSpan());
    }

    /// <summary>Makes the kernel's basis.</summary>
    public static CompactBasis<T> Create(CompactNetwork<T> network, FlowBasis saved)
    {
        var start = new WarmStart<T>(network);
        start.PlaceCore(saved);
        start.PlaceRows(saved);
        start.PlaceDemands();
        start.HangAll();
        start.DissolveLeaves();
        return start._basis;
    }

    private void PlaceCore(FlowBasis saved)
    {
        ArcColumns<T> core = _basis.Core;
        for (int a = 0; a < core.Count; a++)
        {
            if (core.Arcs[a] < 0) continue;
            if (saved.Basic.BinarySearch(core.Arcs[a]) >= 0) Join(core.Tails[a], core.Heads[a], a, core.Costs[a], core.Capacities[a]);
            else if (saved.AtUpper.BinarySearch(core.Arcs[a]) >= 0 && core.Capacities[a] < ShiftedSupplies.Unlimited) RestCoreAtUpper(a);
        }
    }

    // A demand arc has no number in the network: it joins what nothing else joins; the others are full in every optimum.
    private void PlaceDemands()
    {
        ArcColumns<T> core = _basis.Core;
        for (int a = 0; a < core.Count; a++)
            if (core.Arcs[a] < 0 && !Join(core.Tails[a], core.Heads[a], a, core.Costs[a], core.Capacities[a])) RestCoreAtUpper(a);
    }

    private void RestCoreAtUpper(int arc)
    {
        ArcColumns<T> core = _basis.Core;
        if (core.Capacities[arc] == 0) return;
        core.States[arc] = ArcState.Upper;
        _excess[core.Tails[arc]] -= core.Capacities[arc];
        _excess[core.Heads[arc]] += core.Capacities[arc];
    }

    private void PlaceRows(FlowBasis saved)
    {
        var basicByRow = new List<(int Row, int Arc)>();
        FlowArcs arcs = _network.Shape.Network.Arcs;
        foreach (int e in saved.Basic)
            if (e < arcs.Tails.Length && _network.Shape.Places[arcs.Tails[e]] < 0) basicByRow.Add((~_network.Shape.Places[arcs.Tails[e]], e));
        basicByRow.Sort();
        Dictionary<int, int> bounded = BoundedIndices();
        long[] left = [.. _network.Supplies];
        foreach (int e in saved.AtUpper)
            if (bounded.TryGetValue(e, out int b) && left[_basis.Bounded.Tails[b]] >= _basis.Bounded.Capacities[b]) RestBoundedAtUpper(b, left);
        for (int r = 0, i = 0; r < left.Length; r++)
        {
            int first = i;
            while (i < basicByRow.Count && basicByRow[i].Row == r) i++;
            if (i - first < 2) PlaceLeaf(r, i > first ? basicByRow[first].Arc : -1, bounded, left[r]);
            else PlaceSplit(r, basicByRow, first, i, bounded, left[r]);
        }
    }

    private Dictionary<int, int> BoundedIndices()
    {
        var indices = new Dictionary<int, int>();
        for (int b = 0; b < _basis.Bounded.Count; b++) indices.Add(_basis.Bounded.Arcs[b], b);
        return indices;
    }

    private void RestBoundedAtUpper(int index, long[] left)
    {
        ArcColumns<T> bounded = _basis.Bounded;
        if (bounded.Capacities[index] == 0) return;
        bounded.States[index] = ArcState.Upper;
        left[bounded.Tails[index]] -= bounded.Capacities[index];
        _excess[bounded.Heads[index]] += bounded.Capacities[index];
    }

    private void PlaceLeaf(int row, int arc, Dictionary<int, int> bounded, long flow)
    {
        (int head, int kind, T cost, long capacity) = arc >= 0 ? Entry(arc, bounded) : (0, ArcKind.Artificial, _network.ArtificialCost, ShiftedSupplies.Unlimited);
        if (flow >= capacity)
        {
            if (capacity > 0)
            {
                _basis.Bounded.States[ArcKind.BoundedIndex(kind)] = ArcState.Upper;
                _excess[head] += capacity;
            }

            (head, kind, cost, flow) = (0, ArcKind.Artificial, _network.ArtificialCost, flow - capacity);
        }
        else if (ArcKind.IsBounded(kind)) _basis.Bounded.States[ArcKind.BoundedIndex(kind)] = ArcState.Basic;

        _basis.Rows.SetLeaf(row, head, cost, flow, kind);
        if (head != 0) _excess[head] += flow;
    }

    private void PlaceSplit(int row, List<(int Row, int Arc)> basic, int first, int end, Dictionary<int, int> bounded, long supply)
    {
        if (!_basis.Tree.HasSlot)
        {
            PlaceLeaf(row, basic[first].Arc, bounded, supply);
            return;
        }

        int slot = _basis.Tree.TakeSlot(row);
        _basis.Rows.SetSlot(row, slot);
        _excess[slot] = supply;
        for (int i = first; i < end; i++)
        {
            (int head, int kind, T cost, long capacity) = Entry(basic[i].Arc, bounded);
            if (Join(slot, head, kind, cost, capacity) && ArcKind.IsBounded(kind)) _basis.Bounded.States[ArcKind.BoundedIndex(kind)] = ArcState.Basic;
        }
    }

    private (int Head, int Kind, T Cost, long Capacity) Entry(int arc, Dictionary<int, int> bounded)
    {
        FlowArcs arcs = _network.Shape.Network.Arcs;
        int head = _network.Shape.Places[arcs.Heads[arc]];
        if (!bounded.TryGetValue(arc, out int b))
            return (head, ArcKind.Free, T.CreateTruncating(arcs.Costs[arc] + _network.BasePrices[head]), ShiftedSupplies.Unlimited);
        _basis.Bounded.States[b] = ArcState.Lower;
        return (head, ArcKind.Bounded(b), _basis.Bounded.Costs[b], _basis.Bounded.Capacities[b]);
    }

    private bool Join(int tail, int head, int kind, T cost, long capacity)
    {
        int a = SetOf(tail), b = SetOf(head);
        if (a == b) return false;
        _sets[a] = b;
        _joints.Add((tail, head, new TreeArc<T>(kind, true, cost, 0, 0), capacity));
        return true;
    }

    private int SetOf(int v)
    {
        while (_sets[v] != v) v = _sets[v] = _sets[_sets[v]];
        return v;
    }

    private void HangAll()
    {
        int nodes = _excess.Length;
        var tails = new int[_joints.Count * 2];
        for (int j = 0; j < _joints.Count; j++) (tails[2 * j], tails[2 * j + 1]) = (_joints[j].Tail, _joints[j].Head);
        var around = new Simplex.ArcRows(tails, nodes);
        var parent = new int[nodes];
        var joint = new int[nodes];
        Array.Fill(parent, -1);
        List<int> order = Walk(around, parent, joint);
        for (int i = order.Count - 1; i >= 0; i--) Settle(order[i], parent, joint);
        foreach (int v in order)
        {
            if (joint[v] < 0) HangArtificial(v);
            else HangJoint(v, parent[v], joint[v]);
        }
    }

    // Breadth first from the root, then from the first node of each part that does not reach it.
    private List<int> Walk(Simplex.ArcRows around, int[] parent, int[] joint)
    {
        var order = new List<int>();
        int cores = _basis.Tree.CoreCount, read = 0;
        parent[0] = 0;
        Reach(0);
        for (int v = 1; v < parent.Length; v++)
        {
            while (read < order.Count) Reach(order[read++]);
            if (parent[v] >= 0 || (v >= cores && _basis.Tree.RowOf(v) < 0)) continue;
            (parent[v], joint[v]) = (0, -1);
            order.Add(v);
        }

        while (read < order.Count) Reach(order[read++]);
        return order;

        void Reach(int v)
        {
            for (int i = around.Start(v); i < around.Start(v + 1); i++)
            {
                int j = around.Arc(i) / 2;
                int other = _joints[j].Tail == v ? _joints[j].Head : _joints[j].Tail;
                if (parent[other] >= 0) continue;
                (parent[other], joint[other]) = (v, j);
                order.Add(other);
            }
        }
    }

    // Decides what a node's arc carries: all of its excess where that is strongly feasible; else the arc rests at the bound it
    // would break, the parent gets what it then carries, and the node keeps the rest for an artificial arc.
    private void Settle(int v, int[] parent, int[] joint)
    {
        if (joint[v] < 0) return;
        (int tail, _, TreeArc<T> arc, long capacity) = _joints[joint[v]];
        long flow = tail == v ? _excess[v] : -_excess[v];
        bool fits = tail == v ? flow >= 0 && flow < capacity : flow > 0 && flow <= capacity;
        if (!fits)
        {
            flow = Math.Clamp(flow, 0, capacity);
            Rest(arc.Kind, flow > 0 ? ArcState.Upper : ArcState.Lower);
            joint[v] = -1;
        }

        long sent = tail == v ? flow : -flow;
        _excess[parent[v]] += sent;
        if (!fits) _excess[v] -= sent;
    }

    private void Rest(int kind, int state)
    {
        if (kind >= 0) _basis.Core.States[kind] = state;
        else if (ArcKind.IsBounded(kind)) _basis.Bounded.States[ArcKind.BoundedIndex(kind)] = state;
    }

    private void HangArtificial(int v)
        => _basis.Tree.Hang(v, 0, TreeArc<T>.Carrying(ArcKind.Artificial, _excess[v] >= 0, _network.ArtificialCost, Math.Abs(_excess[v]), ShiftedSupplies.Unlimited));

    private void HangJoint(int v, int parent, int joint)
    {
        (int tail, _, TreeArc<T> arc, long capacity) = _joints[joint];
        if (arc.Kind >= 0) _basis.Core.States[arc.Kind] = ArcState.Basic;
        _basis.Tree.Hang(v, parent, TreeArc<T>.Carrying(arc.Kind, tail == v, arc.Cost, Math.Abs(_excess[v]), capacity));
    }

    private void DissolveLeaves()
    {
        var pivots = new CompactPivots<T>(_network, _basis);
        for (int r = 0; r < _basis.Rows.Count; r++)
            if (_basis.Rows.Anchors[r] >= _basis.Tree.CoreCount) pivots.DissolveIfLeaf(_basis.Rows.Anchors[r]);
    }
}
