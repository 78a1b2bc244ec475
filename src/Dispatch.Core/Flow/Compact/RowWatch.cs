using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Tells which rows and heads can have an improving entry, from what their entries cost: a re-solve then prices a few hundred
/// rows instead of all.</summary>
/// <remarks>
/// <para>Kernel prices are differences from the base prices, those of an optimum near by. Take a row that rests on its cheapest
/// free entry or one of equal cost, and let L be the least price of any head. With its price at most that entry's cost, only a head of negative price can
/// draw it, and only if the entry's slack is below the fall (<see cref="HeadIndex{T}"/>). With a higher price it can gain only if its
/// second cheapest entry's cost + L is below its price. Every other row, and every row that moved off its cheapest entry, is
/// priced. None of this needs the base prices to be an optimum's; only the saving does.</para>
/// <para>Bounded arcs are not covered: they are priced apart, all of them. Eight rows at a time where AVX2 is there; the scalar
/// twin finds the same rows.</para>
/// </remarks>
internal sealed unsafe class RowWatch<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly CompactNetwork<T> _network; // keeps what the addresses below point to
    private readonly T* _cheapest, _seconds;
    private readonly HeadIndex<T> _index;
    private readonly RowBasis<T> _rows;
    private readonly CoreTree<T> _tree;
    private readonly bool _vectors;

    /// <summary>Watches a basis.</summary>
    public RowWatch(CompactNetwork<T> network, CompactBasis<T> basis, bool vectors)
    {
        (_network, _rows, _tree, _index) = (network, basis.Rows, basis.Tree, network.Index);
        _cheapest = network.CheapestEntries.At;
        _seconds = network.SecondEntries.At;
        _vectors = vectors && Avx2.IsSupported && typeof(T) == typeof(int);
    }

    /// <summary>The first row from here on that became dearer or moved and can gain, or the number of rows.</summary>
    /// <param name="row">Where to start.</param>
    /// <param name="least">No head's price counts as below this.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int NextDearer(int row, T least)
    {
        T* prices = _tree.Prices, offsets = _rows.Offsets;
        int* anchors = _rows.Anchors;
        int count = _network.Rows.Count;
        if (_vectors)
        {
            Vector256<int> lowest = Vector256.Create(int.CreateTruncating(least));
            for (; row + Vector256<int>.Count <= count; row += Vector256<int>.Count)
            {
                Vector256<int> offset = Avx.LoadVector256((int*)offsets + row), cheapest = Avx.LoadVector256((int*)_cheapest + row);
                Vector256<int> price = Avx2.Add(offset, Avx2.GatherVector256((int*)prices, Avx.LoadVector256(anchors + row), sizeof(int)));
                Vector256<int> gains = Avx2.CompareGreaterThan(Avx2.Subtract(price, lowest), Avx.LoadVector256((int*)_seconds + row));
                Vector256<int> dearer = Avx2.And(gains, Avx2.CompareGreaterThan(price, cheapest));
                Vector256<int> free = Avx2.CompareEqual(Avx.LoadVector256(_rows.Kinds + row), Vector256.Create(ArcKind.Free));
                Vector256<int> rests = Avx2.And(free, Avx2.CompareEqual(offset, cheapest));
                int lanes = Avx.MoveMask(Avx2.Or(dearer, Avx2.Xor(rests, Vector256<int>.AllBitsSet)).AsSingle());
                if (lanes != 0) return row + BitOperations.TrailingZeroCount(lanes);
            }
        }

        for (; row < count; row++)
        {
            T price = unchecked(offsets[row] + prices[anchors[row]]);
            bool rests = _rows.Kinds[row] == ArcKind.Free && offsets[row] == _cheapest[row];
            if (!rests || (price > _cheapest[row] && unchecked(price - least) > _seconds[row])) return row;
        }

        return count;
    }

    /// <summary>How many rows do not rest on an entry as cheap as their cheapest. O(rows).</summary>
    public int CountMoved()
    {
        int moved = 0;
        for (int row = 0; row < _rows.Count; row++) if (_rows.Offsets[row] != _cheapest[row]) moved++;
        return moved;
    }

    /// <summary>The first head from here on with a negative price, or the number of core nodes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int NextCheaper(int head)
    {
        while (head < _tree.CoreCount && (_network.RowHeads[head] == 0 || _tree.Prices[head] >= T.Zero)) head++;
        return head;
    }

    /// <summary>The row that gains most by turning to a head, of those that rest where they were; −1 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int MostDrawn(int head)
    {
        T price = _tree.Prices[head], best = T.Zero;
        int found = -1;
        (ReadOnlyMemory<int> listed, ReadOnlyMemory<T> above) = _index.Of(head);
        ReadOnlySpan<int> rows = listed.Span;
        ReadOnlySpan<T> slacks = above.Span;
        long fall = -long.CreateTruncating(price);
        for (int i = 0; i < slacks.Length && HeadIndex<T>.Slacks.Floor(long.CreateTruncating(slacks[i])) < fall; i++)
        {
            int row = rows[i];
            T gain = unchecked(_cheapest[row] + slacks[i] + price - _rows.Offsets[row] - _tree.Prices[_rows.Anchors[row]]);
            if (gain < best) (best, found) = (gain, row);
        }

        return found;
    }
}
