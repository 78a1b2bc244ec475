using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Exchanges basic arcs: a pivot of the network simplex on a basis whose single-arc rows are implicit leaves.</summary>
/// <remarks>Invariant: the basis is STRONGLY FEASIBLE before and after every pivot: from every node, leaves included, a positive
/// amount can be pushed along basic arcs to the root. So the leaving arc is the last blocking one met when the cycle is walked
/// in the direction of the push, from its join (Cunningham 1976), and no run of degenerate pivots comes back to a basis.</remarks>
internal sealed unsafe class CompactPivots<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly RowBlocks<T> _entries;
    private readonly CoreTree<T> _tree;
    private readonly RowBasis<T> _rows;
    private readonly ArcColumns<T> _core, _bounded;
    private Cycle _cycle;

    /// <summary>Pivots this basis.</summary>
    public CompactPivots(CompactNetwork<T> network, CompactBasis<T> basis)
    {
        _entries = network.Rows;
        (_tree, _rows, _core, _bounded) = (basis.Tree, basis.Rows, basis.Core, basis.Bounded);
    }

    private enum Blocking
    {
        First,
        Second,
        Entering,
        Leaf,
    }

    private struct Cycle
    {
        public int First, Second, Join, Top;
        public long Amount;
        public Blocking Blocking;
    }

    /// <summary>Enters a free row arc; false for a negative cycle of unlimited arcs.</summary>
    /// <param name="row">The row.</param>
    /// <param name="entry">Its block · 8 + lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool PivotFree(int row, int entry)
    {
        int block = entry / RowBlocks<T>.Width, lane = entry % RowBlocks<T>.Width;
        return PivotRow(row, _entries.Heads(block)[lane], _entries.Costs(block)[lane], ArcKind.Free, ShiftedSupplies.Unlimited, fromUpper: false);
    }

    /// <summary>Enters a bounded row arc; false for a negative cycle of unlimited arcs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool PivotBounded(int row, int index)
        => PivotRow(row, _bounded.Heads[index], _bounded.Costs[index], ArcKind.Bounded(index), _bounded.Capacities[index], _bounded.States[index] == ArcState.Upper);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool PivotRow(int row, int head, T cost, int kind, long capacity, bool fromUpper)
    {
        int rowEnd = _rows.Anchors[row];
        bool leaf = rowEnd < _tree.CoreCount;
        int first = fromUpper ? head : rowEnd, second = fromUpper ? rowEnd : head;
        long leafRoom = !leaf ? long.MaxValue : fromUpper ? LeafCapacity(row) - _rows.Flows[row] : _rows.Flows[row];
        FindCycle(first, second, capacity, fromUpper ? long.MaxValue : leafRoom, fromUpper ? leafRoom : long.MaxValue);
        if (_cycle.Amount >= ShiftedSupplies.Most) return false;
        Push();
        long amount = _cycle.Amount;
        if (leaf) _rows.Flows[row] += fromUpper ? amount : -amount;
        if (_cycle.Blocking == Blocking.Entering) _bounded.States[ArcKind.BoundedIndex(kind)] = fromUpper ? ArcState.Lower : ArcState.Upper;
        else
        {
            long flow = fromUpper ? capacity - amount : amount;
            if (_cycle.Blocking == Blocking.Leaf)
            {
                RestAt(_rows.Kinds[row], fromUpper ? ArcState.Upper : ArcState.Lower);
                if (ArcKind.IsBounded(kind)) _bounded.States[ArcKind.BoundedIndex(kind)] = ArcState.Basic;
                _rows.SetLeaf(row, head, cost, flow, kind);
            }
            else
            {
                int tail = leaf ? HangLeaf(row) : rowEnd;
                if (ArcKind.IsBounded(kind)) _bounded.States[ArcKind.BoundedIndex(kind)] = ArcState.Basic;
                Exchange(tail, head, fromUpper, TreeArc<T>.Carrying(kind, up: true, cost, flow, capacity));
            }
        }

        return true;
    }

    /// <summary>Enters a core arc; false for a negative cycle of unlimited arcs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool PivotCore(int arc)
    {
        bool fromUpper = _core.States[arc] == ArcState.Upper;
        int tail = _core.Tails[arc], head = _core.Heads[arc];
        long capacity = _core.Capacities[arc];
        FindCycle(fromUpper ? head : tail, fromUpper ? tail : head, capacity, long.MaxValue, long.MaxValue);
        if (_cycle.Amount >= ShiftedSupplies.Most) return false;
        Push();
        if (_cycle.Blocking == Blocking.Entering) _core.States[arc] = -_core.States[arc];
        else
        {
            long flow = fromUpper ? capacity - _cycle.Amount : _cycle.Amount;
            _core.States[arc] = ArcState.Basic;
            Exchange(tail, head, fromUpper, TreeArc<T>.Carrying(arc, up: true, _core.Costs[arc], flow, capacity));
        }

        return true;
    }

    /// <summary>Enters a full core arc that was given more capacity, so that it may carry more.</summary>
    public bool OpenCore(int arc, long capacity)
    {
        int tail = _core.Tails[arc], head = _core.Heads[arc];
        long carried = _core.Capacities[arc];
        FindCycle(tail, head, capacity - carried, long.MaxValue, long.MaxValue);
        if (_cycle.Amount >= ShiftedSupplies.Most) return false;
        Push();
        _core.Capacities[arc] = capacity;
        if (_cycle.Blocking == Blocking.Entering) return true;
        _core.States[arc] = ArcState.Basic;
        Exchange(tail, head, fromUpper: false, TreeArc<T>.Carrying(arc, up: true, _core.Costs[arc], carried + _cycle.Amount, capacity));
        return true;
    }

    // The push runs join -> first -> entering arc -> second -> join. Of several blocking arcs the last on that way must leave:
    // on the second side, walked upwards, a tie replaces what was found; then comes the entering arc; on the first side a tie
    // keeps what was found. A leaf's own arc is the first met on its side.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindCycle(int first, int second, long entering, long leafOnFirst, long leafOnSecond)
    {
        CoreNode<T>* nodes = _tree.Nodes;
        long least = leafOnFirst, leastAfter = leafOnSecond;
        int top = -1, topAfter = -1, u = first, v = second;
        while (u != v)
        {
            CoreNode<T>* below = nodes + u, after = nodes + v;
            if (below->Depth >= after->Depth)
            {
                if (below->FromParent < least) (least, top) = (below->FromParent, u);
                u = below->Parent;
            }
            else
            {
                if (after->ToParent <= leastAfter) (leastAfter, topAfter) = (after->ToParent, v);
                v = after->Parent;
            }
        }

        (_cycle.First, _cycle.Second, _cycle.Join) = (first, second, u);
        long amount = Math.Min(Math.Min(least, leastAfter), entering);
        _cycle.Amount = amount;
        if (leastAfter == amount) (_cycle.Blocking, _cycle.Top) = (topAfter < 0 ? Blocking.Leaf : Blocking.Second, topAfter);
        else if (entering == amount) (_cycle.Blocking, _cycle.Top) = (Blocking.Entering, -1);
        else (_cycle.Blocking, _cycle.Top) = (top < 0 ? Blocking.Leaf : Blocking.First, top);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Push()
    {
        long amount = _cycle.Amount;
        if (amount == 0) return;
        CoreNode<T>* nodes = _tree.Nodes;
        for (int v = _cycle.First; v != _cycle.Join; v = nodes[v].Parent)
        {
            nodes[v].FromParent -= amount;
            nodes[v].ToParent += amount;
        }

        for (int v = _cycle.Second; v != _cycle.Join; v = nodes[v].Parent)
        {
            nodes[v].ToParent -= amount;
            nodes[v].FromParent += amount;
        }
    }

    // Swaps the blocking tree arc for the entering one, which is given as seen from its tail.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Exchange(int tail, int head, bool fromUpper, TreeArc<T> entering)
    {
        bool onFirst = _cycle.Blocking == Blocking.First;
        bool tailMoves = onFirst != fromUpper;
        int top = _cycle.Top, above = _tree.Nodes[top].Parent;
        T reduced = unchecked(entering.Cost + _tree.Prices[head] - _tree.Prices[tail]);
        TreeArc<T> left = tailMoves
            ? _tree.Rehang(tail, top, head, entering, reduced)
            : _tree.Rehang(head, top, tail, entering.Turned, unchecked(-reduced));
        // On the first side the push came from the parent: it emptied an arc that points up and filled one that points down.
        RestAt(left.Kind, left.Up == onFirst ? ArcState.Lower : ArcState.Upper);
        if (top >= _tree.CoreCount) DissolveIfLeaf(top);
        if (above >= _tree.CoreCount) DissolveIfLeaf(above);
    }

    /// <summary>Takes an arc out of the basis at a bound.</summary>
    public void RestAt(int kind, int state)
    {
        if (kind >= 0) _core.States[kind] = state;
        else if (ArcKind.IsBounded(kind)) _bounded.States[ArcKind.BoundedIndex(kind)] = state;
    }

    /// <summary>Capacity of a leaf's arc.</summary>
    public long LeafCapacity(int row)
    {
        int kind = _rows.Kinds[row];
        return ArcKind.IsBounded(kind) ? _bounded.Capacities[ArcKind.BoundedIndex(kind)] : ShiftedSupplies.Unlimited;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int HangLeaf(int row)
    {
        int slot = _tree.TakeSlot(row);
        _tree.Prices[slot] = T.Zero;
        _tree.Hang(slot, _rows.Anchors[row], TreeArc<T>.Carrying(_rows.Kinds[row], up: true, _rows.Offsets[row], _rows.Flows[row], LeafCapacity(row)));
        _rows.SetSlot(row, slot);
        return slot;
    }

    /// <summary>Turns a split row that has one basic arc left into a leaf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void DissolveIfLeaf(int slot)
    {
        CoreNode<T>* node = _tree.Nodes + slot;
        if (node->FirstChild >= 0 || !node->Up) return;
        _rows.SetLeaf(_tree.RowOf(slot), node->Parent, node->Cost, node->FromParent, node->Kind);
        _tree.ReturnSlot(slot);
    }
}
