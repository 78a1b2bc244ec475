using System.Numerics;
using System.Runtime.CompilerServices;
using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow.Compact;

// THE PROBLEM is that of NetworkSimplex.cs, on networks of which nearly all arcs leave nodes that no arc enters: 50,000 client
// groups with 64 arcs each, and behind them a core of a few thousand nodes. Such a ROW only sends. In a basis nearly every row
// has one basic arc, and that arc, its flow and its end are all there is to know of it. So the tree holds the core alone:
//
//     row     a node that no arc enters and that lacks nothing (CompactShape). Its arcs are FREE where they can carry all it
//             has, hence never full, or BOUNDED: parallel, capacitated and lower-bounded arcs are of either kind.
//     leaf    a row with one basic arc: anchor (the core node that arc enters), offset (its cost), flow, kind. Not in the tree.
//     slot    a row with several basic arcs (split) takes a node of the tree while it has them. A basis of r rows and n core
//             nodes, the root among them, has r + n - 1 arcs, so at most n - 1 rows are split.
//     core    all other nodes. Node 0 is the root: the one node that takes flow, or a node which all that take reach by demand
//             arcs of cost 0. The arcs between core nodes lie in columns.
//
// This is the working basis of generalized upper bounding (Dantzig and Van Slyke 1967), where a leaf's arc is called the key
// variable of its set, kept as a tree because the rest is a network. Lower bounds are shifted away first, as in NetworkSimplex.cs.
//
// SIGNS. The price p(v) is the cost of bringing a unit from v to the root along the tree: p(v) = c + p(parent) on an arc that
// points up, p(parent) - c on one that points down; a leaf's is its offset + p(anchor). The reduced cost of an arc is
// r = c + p(head) - p(tail): 0 on basic arcs, at an optimum not negative at the lower bound and not positive at the upper. The
// potentials of a FlowSolution are -p.
//
// BASE PRICES. Costs are rebased: c' = c + base(head) - base(tail), a row's base being 0. Prices in here are then differences
// from the base; reduced costs are the same. For a first solve base(v) is the cost of a cheap path to the root, whatever it can
// carry (FreeFlowTree); for re-solves, the price at an optimum. Each row is sorted by c' once, so that its entries stand in the
// order of what they promise, and with L, the least p over the heads of row entries, pricing ends at the first block of eight
// whose first c' is not below p(row) - L + the best gain so far. A pivot in which a leaf's own arc leaves changes no price in
// the tree.
//
// THE BASIS. Every node starts with, or falls back on, an artificial arc between it and the root: unlimited, of cost A, never
// entering again. In 32 bits A exceeds what paths cost by experience only. An optimum that uses none is one whatever A is; where one
// is used, a gap between the prices of those that hang by it and all others proves that there is no flow (CompactCut). Without
// the gap 64 bits decide, where A exceeds any path with the base prices at its ends. The words for unbounded (a negative cycle of
// unlimited arcs) are left to NetworkSimplex.
//
// INVARIANTS, one a file:
//   CompactShape      no arc enters a row; a row's supply after the shift is not negative.
//   RowBlocks         each row ascends by rebased cost, equals in the network's order (EntrySort, RowFill).
//   RowPricing        an entry is passed over only where its cost shows that it gains no more than the best so far.
//   ColumnPricing     gains of bounded and core arcs, by the bound they rest at; vectors and scalars choose the same arc.
//   CoreTree          the links form one tree below the root; prices follow it and stay within the limit, or a mark is set.
//   CompactPivots     the basis is STRONGLY FEASIBLE before and after every pivot: from every node, leaves included, some amount
//                     can be pushed to the root. Hence the rule for ties, and an end for any order of pricing (Cunningham 1976).
//   BasisEdits        it is so after every edit: what no longer fits rests at its bound, and the subtree behind it hangs from the
//                     root by an artificial arc that carries the rest, for the next run to empty.
//   WarmStart         it is so from any saved basis: what closes a cycle is left out, what does not fit likewise cut and hung.
//   CompactCut        prices that prove that there is no flow, without looking at the arcs.
//   RowWatch          a free entry whose row and whose head are both not named does not improve (HeadIndex: by which slack).
//   this file         a whole ring of rows and core arcs without a gain (Run), or a round without a pivot (Resume), is an optimum.
//
// 32 BITS. Costs with their base prices are within 7 · 2^24 (CompactRun), A = 2^27, and prices are watched: a run ends after the pivot
// that takes one beyond 2^29, and the next width starts over. A leaf's price is A, or within 2^27 of its anchor's. So every
// c' + p(head) - p(tail) is within 2^30 + 2^28, and so is p(row) - L, as L is never above 0. A pivot adds such a sum to prices
// before they are looked at, at most 2^29 + 2^27 for a leaf that has just been hung: 2^30 + 2^29 + 2^28 + 2^27 < 2^31. The padding of a
// row's last block costs 2^30 and enters the root, whose price is always 0: 2^30 + 2^29 + 2^27 < 2^31.
//
// 64 BITS, where (4t + 8)(C + 1) < 2^60 with C the greatest |cost| and t the nodes on a path, twice the core at most (CompactShape), and
// all supplies and finite capacities sum to less than 2^60 (ShiftedSupplies). Base prices are within t(C + 1), A = 3t(C + 1). A price here is at most a path of real arcs, one
// artificial arc and two base prices, 6t(C + 1): the limit of 2^61 is not reached, and padding of 2^62 and two prices stay in 63
// bits. Flows are 64-bit in both widths; a residual of 2^61 stands for no bound, and stays above 2^60 whatever flows.
//
// PRICING. Blocks of 4 rows and 128 core arcs in a ring, the best arc of a block enters (Run); before that one pass in which
// every row, the largest supply first, takes its best arc (Crash). docs/decisions/0006-compact-simplex.md has the figures, and
// what lost.
//
// WARM STARTS. Edits change the basis under the kernel and saved bases are laid over a network (BasisEdits, WarmStart); either
// way it begins from a strongly feasible basis whose artificial arcs carry what does not fit. With base prices of an optimum near by
// all prices are near 0, and few rows can gain: Resume goes in rounds over the core arcs until none gains, the rows that became
// dearer or left their cheapest entry, the heads that became cheaper with the rows near them, and the bounded arcs.
//
// COMPLEXITY. A pivot costs the blocks priced, the cycle through the tree, and the subtree that changes prices: O(m) at worst. The
// number of pivots has no polynomial bound for this rule; on dispatch networks it is 1 to 4 a row. Building is near O(m): rows
// are sorted by counting, on several threads where there are many. Memory above the network: 8 bytes a row arc (12 in 64 bits; rows
// are padded to eights), about 60 a row, 150 a core node, 85 a core arc, and the arcs with flow; a session adds HeadIndex, as much
// again as the rows. Entries of rows are never written after building: bases share them, and copying a basis alone takes a tenth
// of a millisecond (docs/decisions/0007-sessions-and-sweeps.md).
//
// PAPERS. R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows (1993), chapter 11. W. H. Cunningham, A network simplex
// method, Mathematical Programming 11 (1976). G. B. Dantzig, R. M. Van Slyke, Generalized upper bounding techniques, Journal
// of Computer and System Sciences 1 (1967). M. D. Grigoriadis, An efficient implementation of the network simplex method,
// Mathematical Programming Study 26 (1986). P. Kiraly, P. Kovacs, Efficient implementations of minimum-cost flow algorithms,
// Acta Univ. Sapientiae, Informatica 4 (2012).

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

/// <summary>The compact primal network simplex; see the essay at the head of this file.</summary>
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
    private readonly CompactPivots<T> _pivots;
    private readonly RowPricing<T> _pricing;
    private readonly Pinned<T> _lanes = new(RowBlocks<T>.Width);
    private readonly bool _vectors;

    /// <summary>Works on a basis of a network.</summary>
    public CompactSimplex(CompactNetwork<T> network, CompactBasis<T> basis, bool scalar)
    {
        _network = network;
        (_tree, _rows, _core, _bounded) = (basis.Tree, basis.Rows, basis.Core, basis.Bounded);
        _pivots = new CompactPivots<T>(network, basis);
        _vectors = !scalar;
        _pricing = new RowPricing<T>(network.Rows, (byte*)_lanes.At, _vectors);
    }

    /// <summary>An arc to enter: of a row, free (block · 8 + lane) or bounded, or of the core (row −1).</summary>
    private readonly record struct Entering(int Row, int Index, bool Bounded);

    /// <summary>Solves from a first basis: one pass over the rows, then pivots until no arc can improve.</summary>
    /// <remarks>Once begun, it goes on from where a budget ended it.</remarks>
    public CompactEnd Start(Budget budget)
    {
        if (!budget.Lasts()) return CompactEnd.BudgetEnded;
        CompactEnd end = Crash(budget);
        return end == CompactEnd.Optimal ? Run(budget) : end;
    }

    /// <summary>Solves from a basis that is thought near an optimum: pivots until no arc can improve.</summary>
    public CompactEnd Continue(Budget budget) => budget.Lasts() ? Run(budget) : CompactEnd.BudgetEnded;

    /// <summary>One pass in falling order of supply, to one part in 256, in which each row takes its best arc.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactEnd Crash(Budget budget)
    {
        var keys = new LeadingBits(8);
        int[] order = new int[_rows.Count];
        keys.Order<long>(_network.Supplies, new int[keys.Keys + 1], order);
        for (int i = order.Length - 1; i >= 0; i--)
        {
            _pricing.Prefetch(order[Math.Max(i - 8, 0)]);
            int r = order[i];
            Entering entering = default;
            if (PriceRow(r, _tree.LeastPrice, T.Zero, ref entering) == T.Zero) continue;
            CompactEnd end = Pivot(entering, budget);
            if (end != CompactEnd.Optimal) return end;
        }

        return CompactEnd.Optimal;
    }

    /// <summary>Pivots until no arc can improve the basis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactEnd Run(Budget budget)
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
                    gain = PriceRow(row, _tree.LeastPrice, gain, ref entering);
                    if (++row == _rows.Count) row = 0;
                }

                (rowsLeft, swept) = (rowsLeft - count, swept + count);
                count = Math.Min(Math.Min(CoreArcsInBlock, arcsLeft), _core.Count - arc);
                gain = PriceNextCore(ref arc, count, gain, ref entering);
                arcsLeft -= count;
            }

            if (gain == T.Zero) return CompactEnd.Optimal;
            CompactEnd end = Pivot(entering, budget);
            if (end != CompactEnd.Optimal) return end;
            if (swept <= _rows.Count) continue;
            swept = 0;
            _tree.FindLeastPrice();
        }
    }

    /// <summary>Pivots from a basis that an optimum's watch knows until no arc can improve it.</summary>
    /// <remarks>Rounds over all core arcs, the rows that became dearer or moved, the heads that became cheaper, and all bounded arcs.
    /// Rounds are brief at first: they look at dearer rows as if no head had become cheaper, which keeps the rows and the entries
    /// that are read few. The first full round without a pivot ends: then every arc was priced or was shown by the watch to be at
    /// rest, at one and the same prices.</remarks>
    public CompactEnd Resume(RowWatch<T> watch, Budget budget)
    {
        if (!budget.Lasts()) return CompactEnd.BudgetEnded;
        for (bool full = false, pivoted = true; pivoted || !full;)
        {
            full = !pivoted;
            pivoted = false;
            CompactEnd end = SettleCore(budget, ref pivoted);
            _tree.FindLeastPrice();
            if (end == CompactEnd.Optimal) end = SettleRows(watch, full ? _tree.LeastPrice : T.Zero, budget, ref pivoted);
            if (end == CompactEnd.Optimal) end = SettleHeads(watch, budget, ref pivoted);
            if (end == CompactEnd.Optimal) end = SettleBounded(budget, ref pivoted);
            if (end != CompactEnd.Optimal) return end;
        }

        return CompactEnd.Optimal;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactEnd SettleRows(RowWatch<T> watch, T least, Budget budget, ref bool pivoted)
    {
        int arc = 0;
        for (int row = watch.NextDearer(0, least); row < _rows.Count;)
        {
            Entering entering = default;
            T gain = T.Zero;
            for (int i = 0; i < RowsInBlock && row < _rows.Count; i++)
            {
                gain = PriceRow(row, least, gain, ref entering);
                row = watch.NextDearer(row + 1, least);
            }

            if (gain == T.Zero) continue;
            PriceNextCore(ref arc, CoreArcsInBlock, gain, ref entering);
            pivoted = true;
            CompactEnd end = Pivot(entering, budget);
            if (end != CompactEnd.Optimal) return end;
        }

        return CompactEnd.Optimal;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactEnd SettleHeads(RowWatch<T> watch, Budget budget, ref bool pivoted)
    {
        for (int head = watch.NextCheaper(0); head < _tree.CoreCount;)
        {
            int row = watch.MostDrawn(head);
            Entering entering = default;
            if (row < 0 || PriceRow(row, _tree.LeastPrice, T.Zero, ref entering) == T.Zero)
            {
                head = watch.NextCheaper(head + 1);
                continue;
            }

            pivoted = true;
            CompactEnd end = Pivot(entering, budget);
            if (end != CompactEnd.Optimal) return end;
            if (_tree.Prices[head] >= T.Zero) head = watch.NextCheaper(head + 1);
        }

        return CompactEnd.Optimal;
    }

    private CompactEnd SettleBounded(Budget budget, ref bool pivoted)
    {
        for (int b = 0; b < _bounded.Count; b++)
        {
            int row = _bounded.Tails[b], found = -1;
            T price = unchecked(_rows.Offsets[row] + _tree.Prices[_rows.Anchors[row]]);
            if (ColumnPricing<T>.PriceBounded(_bounded, b, b + 1, price, _tree.Prices, T.Zero, ref found) == T.Zero) continue;
            pivoted = true;
            CompactEnd end = Pivot(new Entering(row, b, true), budget);
            if (end != CompactEnd.Optimal) return end;
        }

        return CompactEnd.Optimal;
    }

    // Pivots core arcs alone until none of them can improve the basis: an edit of one is undone or spread there first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactEnd SettleCore(Budget budget, ref bool pivoted)
    {
        int arc = 0;
        for (int left = _core.Count; left > 0;)
        {
            Entering entering = default;
            int count = Math.Min(Math.Min(CoreArcsInBlock, left), _core.Count - arc);
            T gain = PriceNextCore(ref arc, count, T.Zero, ref entering);
            left -= count;
            if (gain == T.Zero) continue;
            pivoted = true;
            left = _core.Count;
            CompactEnd end = Pivot(entering, budget);
            if (end != CompactEnd.Optimal) return end;
        }

        return CompactEnd.Optimal;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T PriceNextCore(ref int arc, int count, T gain, ref Entering entering)
    {
        count = Math.Min(count, _core.Count - arc);
        int core = -1;
        gain = ColumnPricing<T>.PriceCore(_core, arc, arc + count, _tree.Prices, _vectors, gain, ref core);
        if (core >= 0) entering = new Entering(-1, core, false);
        if ((arc += count) == _core.Count) arc = 0;
        return gain;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T PriceRow(int row, T least, T bar, ref Entering entering)
    {
        int entry = -1;
        T price = unchecked(_rows.Offsets[row] + _tree.Prices[_rows.Anchors[row]]);
        T gain = _pricing.Price(row, price, _tree.Prices, least, bar, ref entry);
        if (entry >= 0) entering = new Entering(row, entry, false);
        if (_bounded.Count == 0) return gain;
        entry = -1;
        gain = ColumnPricing<T>.PriceBounded(_bounded, _network.BoundedStarts[row], _network.BoundedStarts[row + 1], price, _tree.Prices, gain, ref entry);
        if (entry >= 0) entering = new Entering(row, entry, true);
        return gain;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactEnd Pivot(Entering entering, Budget budget)
    {
        if (!budget.Spend()) return CompactEnd.BudgetEnded;
        bool fits = entering.Row < 0 ? _pivots.PivotCore(entering.Index)
            : entering.Bounded ? _pivots.PivotBounded(entering.Row, entering.Index)
            : _pivots.PivotFree(entering.Row, entering.Index);
        return !fits ? CompactEnd.UnlimitedCycle : _tree.PricesLeft ? CompactEnd.OutOfWidth : CompactEnd.Optimal;
    }
}
