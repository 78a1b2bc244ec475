using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Prices rows: finds the entry with the most negative reduced cost.</summary>
/// <remarks>Invariant: an entry is passed over only where cost + least price − row price already shows that it gains no more
/// than the bar. Eight at a time where AVX2 is there; the scalar twin visits the same blocks and chooses the same entry.</remarks>
internal readonly unsafe struct RowPricing<T>(RowBlocks<T> rows, byte* lanes, bool vectors)
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly int* _starts = rows.Starts;
    private readonly byte* _blocks = rows.Blocks;
    private readonly byte* _lanes = lanes; // not the stack: a method that reserves some is not inlined
    private readonly bool _vectors = vectors && Avx2.IsSupported && (typeof(T) == typeof(int) || typeof(T) == typeof(long));

    /// <summary>Prices the free entries of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="price">Its price.</param>
    /// <param name="prices">Prices of core nodes.</param>
    /// <param name="leastPrice">No core price is below this.</param>
    /// <param name="bar">The gain to pass, not positive.</param>
    /// <param name="entry">Set to block · 8 + lane of the entry that passes the bar by most; left alone if there is none.</param>
    /// <returns>The least reduced cost found, or the bar.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Price(int row, T price, T* prices, T leastPrice, T bar, ref int entry)
    {
        unchecked // range: prices within PriceLimit, costs within PadCost; see CompactSimplex
        {
            int start = _starts[row], end = _starts[row + 1];
            T slack = price - leastPrice;
            byte* at = _blocks + (nint)start * RowBlocks<T>.BlockBytes;
            for (int block = start; block < end; block++, at += RowBlocks<T>.BlockBytes)
            {
                if (*(T*)at - slack >= bar) break;
                int* heads = (int*)(at + RowBlocks<T>.Width * sizeof(T));
                if (_vectors && typeof(T) == typeof(int)) bar = Scan8((T*)at, heads, price, prices, block, bar, (T*)_lanes, ref entry);
                else if (_vectors) bar = Scan4((T*)at, heads, price, prices, block, bar, (T*)_lanes, ref entry);
                else bar = Scan((T*)at, heads, price, prices, block, bar, ref entry);
            }

            return bar;
        }
    }

    /// <summary>Asks for the first block of a row that will be priced soon: rows are read once a sweep and are rarely in cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row)
    {
        if (Sse.IsSupported) Sse.Prefetch0(_blocks + (nint)_starts[row] * RowBlocks<T>.BlockBytes);
    }

    private static T Scan(T* costs, int* heads, T price, T* prices, int block, T bar, ref int entry)
    {
        for (int i = 0; i < RowBlocks<T>.Width; i++)
        {
            T reduced = unchecked(costs[i] + prices[heads[i]] - price);
            if (reduced < bar) (bar, entry) = (reduced, block * RowBlocks<T>.Width + i);
        }

        return bar;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Scan8(T* costs, int* heads, T price, T* prices, int block, T bar, T* values, ref int entry)
    {
        Vector256<int> head = Avx2.GatherVector256((int*)prices, Avx.LoadVector256(heads), sizeof(int));
        Vector256<int> reduced = Avx2.Add(head, Avx2.Subtract(Avx.LoadVector256((int*)costs), Vector256.Create(int.CreateTruncating(price))));
        int better = Avx.MoveMask(Avx2.CompareGreaterThan(Vector256.Create(int.CreateTruncating(bar)), reduced).AsSingle());
        if (better == 0) return bar;
        Avx.Store((int*)values, reduced);
        return Best(better, values, block * RowBlocks<T>.Width, bar, ref entry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Scan4(T* costs, int* heads, T price, T* prices, int block, T bar, T* values, ref int entry)
    {
        for (int half = 0; half < RowBlocks<T>.Width; half += 4)
        {
            Vector256<long> head = Avx2.GatherVector256((long*)prices, Sse2.LoadVector128(heads + half), sizeof(long));
            Vector256<long> reduced = Avx2.Add(head, Avx2.Subtract(Avx.LoadVector256((long*)costs + half), Vector256.Create(long.CreateTruncating(price))));
            int better = Avx.MoveMask(Avx2.CompareGreaterThan(Vector256.Create(long.CreateTruncating(bar)), reduced).AsDouble());
            if (better == 0) continue;
            Avx.Store((long*)values, reduced);
            bar = Best(better, values, block * RowBlocks<T>.Width + half, bar, ref entry);
        }

        return bar;
    }

    // Of the lanes that pass the bar, the least, the first of equals: what the scalar twin finds.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Best(int lanes, T* values, int first, T bar, ref int entry)
    {
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            if (values[lane] < bar) (bar, entry) = (values[lane], first + lane);
        }

        return bar;
    }
}
