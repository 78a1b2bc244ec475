using System.Numerics;
using System.Runtime.CompilerServices;
using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow.Compact;

/// <summary>How a run of the kernel ended.</summary>
internal enum CompactEnd
{
    /// <summary>No arc can improve the basis.</summary>
    Optimal,

    /// <summary>A price left the range of the number type.</summary>
    OutOfWidth,

    /// <summary>A negative cycle of unlimited arcs was found.</summary>
    UnlimitedCycle,

    /// <summary>The budget ended.</summary>
    BudgetEnded,
}

/// <summary>The compact primal network simplex.</summary>
/// <typeparam name="T">Width of prices: <c>int</c> while every price stays in a watched range, else <c>long</c> under a proven bound.</typeparam>
internal sealed unsafe class CompactSimplex<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int RowsInBlock = 4;
    private const int CoreArcsInBlock = 128;

    private readonly CompactNetwork<T> _network;
    private readonly CoreTree<T> _tree;
    private readonly RowBasis<T> _rows;
    private readonly ArcColumns<T> _core, _bounded;
    private readonly RowPricing<T> _pricing;
    private readonly Pinned<T> _lanes;
    private readonly bool _vectors;
    private Cycle _cycle;

    /// <summary>Sets up the first basis.</summary>
    public CompactSimplex(CompactNetwork<T> network, bool scalar)
    {
        _network = network;
        (_core, _bounded) = (network.Core, network.Bounded);
        _vectors = !scalar;
        _tree = new CoreTree<T>(network.Shape.CoreCount);
        _rows = new RowBasis<T>(network.Rows.Count);
        _lanes = new Pinned<T>(RowBlocks<T>.Width);
        _pricing = new RowPricing<T>(network.Rows, (byte*)_lanes.At, _vectors);
        HangCore();
        for (int r = 0; r < _rows.Count; r++) _rows.SetLeaf(r, 0, network.ArtificialCost, network.Supplies[r], ArcKind.Artificial);
    }

    /// <summary>The basis tree.</summary>
    public CoreTree<T> Tree => _tree;

    /// <summary>What is basic in each row.</summary>
    public RowBasis<T> Rows => _rows;


    private enum Blocking
    {
        First,
        Second,
        Entering,
        Leaf,
    }

    /// <summary>An arc to enter: of a row, free (block · 8 + lane) or bounded, or of the core (row −1).</summary>
    private readonly record struct Entering(int Row, int Index, bool Bounded);

    private struct Cycle
    {
        public int First, Second, Join, Top;
        public long Amount;
        public Blocking Blocking;
    }

    /// <summary>One pass in falling order of supply, in which each row takes its best arc.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public CompactEnd Crash(Budget budget)
    {
        int[] order = new int[_rows.Count];
        long[] keys = new long[_rows.Count];
        for (int r = 0; r < order.Length; r++) (order[r], keys[r]) = (r, -_network.Supplies[r]);
        Array.Sort(keys, order);
        foreach (int r in order)
        {
            Entering entering = default;
            if (PriceRow(r, T.Zero, ref entering) == T.Zero) continue;
            CompactEnd end = Pivot(entering, budget);
            if (end != CompactEnd.Optimal) return end;
        }

        return CompactEnd.Optimal;
    }

    /// <summary>Pivots until no arc can improve the basis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public CompactEnd Run(Budget budget)
    {
        int row = 0, arc = 0, swept = 0;
        while (true)
        {
            Entering entering = default;
            T gain = T.Zero;
            int rowsLeft = _rows.Count, arcsLeft = _core.Count;
            while (gain == T.Zero && (rowsLeft > 0 || arcsLeft > 0))
            {
                int count = Math.Min(RowsInBlock, rowsLeft);
                for (int i = 0; i < count; i++)
                {
                    _pricing.Prefetch(Math.Min(row + 16, _rows.Count - 1));
                    gain = PriceRow(row, gain, ref entering);
                    if (++row == _rows.Count) row = 0;
                }

                (rowsLeft, swept) = (rowsLeft - count, swept + count);
                count = Math.Min(Math.Min(CoreArcsInBlock, arcsLeft), _core.Count - arc);
                int core = -1;
                gain = ColumnPricing<T>.PriceCore(_core, arc, arc + count, _tree.Prices, _vectors, gain, ref core);
                if (core >= 0) entering = new Entering(-1, core, false);
                arcsLeft -= count;
                if ((arc += count) == _core.Count) arc = 0;
            }

            if (gain == T.Zero) return CompactEnd.Optimal;
            CompactEnd end = Pivot(entering, budget);
            if (end != CompactEnd.Optimal) return end;
            if (swept <= _rows.Count) continue;
            swept = 0;
            _tree.FindLeastPrice();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T PriceRow(int row, T bar, ref Entering entering)
    {
        int entry = -1;
        T price = unchecked(_rows.Offsets[row] + _tree.Prices[_rows.Anchors[row]]);
        T gain = _pricing.Price(row, price, _tree.Prices, _tree.LeastPrice, bar, ref entry);
        if (entry >= 0) entering = new Entering(row, entry, false);
        if (_bounded.Count == 0) return gain;
        entry = -1;
        gain = ColumnPricing<T>.PriceBounded(_bounded, _network.BoundedStarts[row], _network.BoundedStarts[row + 1], price, _tree.Prices, gain, ref entry);
        if (entry >= 0) entering = new Entering(row, entry, true);
        return gain;
    }

    // Leaves first, every core node passes on what it and those behind it supply, if that leaves room on its arc (strong
    // feasibility), or else sends it to the root by an artificial arc; then the nodes are hung from the root down.
    private void HangCore()
    {
        FreeFlowTree tree = _network.Tree;
        long[] excess = CoreSupplies();
        int[] arcs = [.. tree.ArcOf];
        for (int i = tree.Order.Length - 1; i >= 0; i--)
        {
            int v = tree.Order[i], arc = arcs[v];
            if (arc >= 0 && excess[v] < _core.Capacities[arc]) excess[_core.Heads[arc]] += excess[v];
            else arcs[v] = -1;
        }

        foreach (int v in tree.Order)
        {
            int arc = arcs[v];
            if (arc >= 0) _core.States[arc] = ArcState.Basic;
            TreeArc<T> up = arc >= 0
                ? TreeArc<T>.Carrying(arc, up: true, _core.Costs[arc], excess[v], _core.Capacities[arc])
                : TreeArc<T>.Carrying(ArcKind.Artificial, up: true, _network.ArtificialCost, excess[v], ShiftedSupplies.Unlimited);
            _tree.Hang(v, arc >= 0 ? _core.Heads[arc] : 0, up);
        }
    }

    private long[] CoreSupplies()
    {
        var supplies = new long[_tree.CoreCount];
        int[] places = _network.Shape.Places;
        for (int v = 0; v < places.Length; v++) if (places[v] > 0) supplies[places[v]] = Math.Max(0, _network.Shape.Supplies[v]);
        return supplies;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactEnd Pivot(Entering entering, Budget budget)
    {
        if (!budget.Spend()) return CompactEnd.BudgetEnded;
        bool fits = entering.Row < 0 ? PivotCore(entering.Index)
            : entering.Bounded ? PivotBounded(entering.Row, entering.Index)
            : PivotFree(entering.Row, entering.Index);
        return !fits ? CompactEnd.UnlimitedCycle : _tree.PricesLeft ? CompactEnd.OutOfWidth : CompactEnd.Optimal;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool PivotFree(int row, int entry)
    {
        int block = entry / RowBlocks<T>.Width, lane = entry % RowBlocks<T>.Width;
        return PivotRow(row, _network.Rows.Heads(block)[lane], _network.Rows.Costs(block)[lane], ArcKind.Free, ShiftedSupplies.Unlimited, fromUpper: false);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool PivotBounded(int row, int index)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool PivotCore(int arc)
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

    private void RestAt(int kind, int state)
    {
        if (kind >= 0) _core.States[kind] = state;
        else if (ArcKind.IsBounded(kind)) _bounded.States[ArcKind.BoundedIndex(kind)] = state;
    }

    private long LeafCapacity(int row)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DissolveIfLeaf(int slot)
    {
        CoreNode<T>* node = _tree.Nodes + slot;
        if (node->FirstChild >= 0 || !node->Up) return;
        _rows.SetLeaf(_tree.RowOf(slot), node->Parent, node->Cost, node->FromParent, node->Kind);
        _tree.ReturnSlot(slot);
    }
}
