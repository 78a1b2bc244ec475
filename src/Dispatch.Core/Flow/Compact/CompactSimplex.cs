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

    /// <summary>One pass in falling order of supply, in which each row takes its best arc.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactEnd Crash(Budget budget)
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
                    gain = PriceRow(row, gain, ref entering);
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
    /// The first round without a pivot ends: then every arc was priced or was shown by the watch to be at rest, at one and the
    /// same prices.</remarks>
    public CompactEnd Resume(RowWatch<T> watch, Budget budget)
    {
        if (!budget.Lasts()) return CompactEnd.BudgetEnded;
        for (bool pivoted = true; pivoted;)
        {
            pivoted = false;
            CompactEnd end = SettleCore(budget, ref pivoted);
            _tree.FindLeastPrice();
            if (end == CompactEnd.Optimal) end = SettleRows(watch, budget, ref pivoted);
            if (end == CompactEnd.Optimal) end = SettleHeads(watch, budget, ref pivoted);
            if (end == CompactEnd.Optimal) end = SettleBounded(budget, ref pivoted);
            if (end != CompactEnd.Optimal) return end;
        }

        return CompactEnd.Optimal;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CompactEnd SettleRows(RowWatch<T> watch, Budget budget, ref bool pivoted)
    {
        int arc = 0;
        for (int row = watch.NextDearer(0); row < _rows.Count;)
        {
            Entering entering = default;
            T gain = T.Zero;
            for (int i = 0; i < RowsInBlock && row < _rows.Count; i++)
            {
                gain = PriceRow(row, gain, ref entering);
                row = watch.NextDearer(row + 1);
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
            if (row < 0 || PriceRow(row, T.Zero, ref entering) == T.Zero)
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
