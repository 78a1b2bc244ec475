using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>The pivot rule: block search. Arcs are looked at in blocks, in a ring; the arc that promises most of the first
/// block with any promise enters the basis.</summary>
/// <remarks>
/// <para>Invariant: <see cref="FindEntering"/> returns −1 only after a whole ring without a promising arc under unchanged
/// prices, which is optimality. Basic arcs have reduced cost zero and need no mark.</para>
/// <para>A block is 2√m arcs in chunks of 64 spread evenly over the arc list, so that a block sees a few arcs of every
/// layer: with contiguous blocks a layered network of 10,000 groups took twice the pivots. Blocks of half and four
/// times that size were slower, on one-layer networks by 20–60 %. Király and Kovács 2012, sections 4.2 and 5.</para>
/// </remarks>
internal sealed unsafe class BlockPricing<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Arcs that are priced together, one after another.</summary>
    private const int ChunkArcs = 64;

    private readonly FlowArcs _arcs;
    private readonly long[] _costs;
    private readonly SpanningTree<T> _tree;
    private readonly sbyte[] _atUpper;
    private readonly int _chunks;
    private readonly int _chunksPerBlock;
    private readonly int _stride;
    private int _offset;
    private readonly bool _vectors;
    private readonly bool _grouped;
    private int _next;

    /// <summary>Prices the given arcs; the arrays are shared with the kernel and read at each call.</summary>
    /// <param name="arcs">The arcs.</param>
    /// <param name="costs">Cost of each arc.</param>
    /// <param name="tree">The basis with its prices.</param>
    /// <param name="atUpper">−1 for arcs out of the basis at their upper bound, else 0.</param>
    /// <param name="scalar">Forgoes vector instructions; the choices are the same.</param>
    public BlockPricing(FlowArcs arcs, long[] costs, SpanningTree<T> tree, sbyte[] atUpper, bool scalar)
    {
        _grouped = AreGrouped(arcs.Tails);
        _vectors = typeof(T) == typeof(long) && Avx2.IsSupported && !scalar;
        (_arcs, _costs, _tree, _atUpper) = (arcs, costs, tree, atUpper);
        _chunks = (costs.Length + ChunkArcs - 1) / ChunkArcs;
        _chunksPerBlock = Math.Max(1, (int)(2 * Math.Sqrt(costs.Length)) / ChunkArcs);
        _stride = Math.Max(1, _chunks / _chunksPerBlock);
    }

    /// <summary>The next arc to enter the basis, or −1 when the basis is optimal. O(m) at worst.</summary>
    /// <remarks>Fully optimised from the first call: a solve may end before tiered compilation would have replaced it.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FindEntering()
    {
        int arcs = _costs.Length;
        fixed (int* tails = _arcs.Tails, heads = _arcs.Heads, anchors = _tree.Anchors)
        fixed (long* costs = _costs)
        fixed (T* prices = _tree.Prices, offsets = _tree.Offsets)
        fixed (sbyte* atUpper = _atUpper)
        {
            int best = -1;
            T least = T.Zero;
            for (int i = 1; i <= _chunks; i++)
            {
                int start = _next * ChunkArcs, end = Math.Min(arcs, start + ChunkArcs);
                Advance();
                if (!_grouped) SearchScattered(start, end, tails, anchors, offsets, heads, costs, prices, atUpper, ref least, ref best);
                for (int e = start; e < end && _grouped;)
                {
                    int tail = tails[e], row = e;
                    while (++e < end && tails[e] == tail) { }
                    T priceOfTail = unchecked(prices[anchors[tail]] + offsets[tail]);
                    if (_vectors)
                        row = SearchFours(row, e, Unsafe.BitCast<T, long>(priceOfTail), heads, costs, (long*)prices, atUpper, ref Unsafe.As<T, long>(ref least), ref best);
                    Search(row, e, priceOfTail, heads, costs, prices, atUpper, ref least, ref best);
                }

                if (best >= 0 && i % _chunksPerBlock == 0) return best;
            }

            return best;
        }
    }

    // Whether arcs of one tail mostly follow one another: four or more together on average.
    private static bool AreGrouped(int[] tails)
    {
        int rows = 1;
        for (int e = 1; e < tails.Length; e++) if (tails[e] != tails[e - 1]) rows++;
        return rows <= tails.Length / 4;
    }

    private void Advance()
    {
        _next += _stride;
        if (_next < _chunks) return;
        if (++_offset >= _stride) _offset = 0;
        _next = _offset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Search(int e, int end, T priceOfTail, int* heads, long* costs, T* prices, sbyte* atUpper, ref T least, ref int best)
    {
        unchecked // bounds: Arithmetic<T>
        {
            for (; e < end; e++)
            {
                T reduced = T.CreateTruncating(costs[e]) + priceOfTail - prices[heads[e]];
                T sign = T.CreateTruncating(atUpper[e]);
                reduced = (reduced ^ sign) - sign;
                if (reduced < least) (least, best) = (reduced, e);
            }
        }
    }

    // The same search for arcs in no order, where looking for rows of one tail costs more than it saves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SearchScattered(
        int e, int end, int* tails, int* anchors, T* offsets, int* heads, long* costs, T* prices, sbyte* atUpper, ref T least, ref int best)
    {
        unchecked // bounds: Arithmetic<T>
        {
            for (; e < end; e++)
            {
                int tail = tails[e];
                T reduced = T.CreateTruncating(costs[e]) + prices[anchors[tail]] + offsets[tail] - prices[heads[e]];
                T sign = T.CreateTruncating(atUpper[e]);
                reduced = (reduced ^ sign) - sign;
                if (reduced < least) (least, best) = (reduced, e);
            }
        }
    }

    // Four arcs at a time, with the scalar search for any four that hold a better arc: the same choice, arc for arc.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SearchFours(
        int e, int end, long priceOfTail, int* heads, long* costs, long* prices, sbyte* atUpper, ref long least, ref int best)
    {
        Vector256<long> tail = Vector256.Create(priceOfTail);
        Vector256<long> bar = Vector256.Create(least);
        for (; e + 4 <= end; e += 4)
        {
            Vector256<long> price = Avx2.GatherVector256(prices, Sse2.LoadVector128(heads + e), sizeof(long));
            Vector256<long> reduced = Avx2.Subtract(Avx2.Add(Avx.LoadVector256(costs + e), tail), price);
            Vector256<long> sign = Avx2.ConvertToVector256Int64(Sse2.LoadScalarVector128((int*)(atUpper + e)).AsSByte());
            reduced = Avx2.Subtract(Avx2.Xor(reduced, sign), sign);
            Vector256<long> better = Avx2.CompareGreaterThan(bar, reduced);
            if (Avx.TestZ(better, better)) continue;
            for (int lane = 0; lane < 4; lane++)
            {
                long value = reduced.GetElement(lane);
                if (value < least) (least, best) = (value, e + lane);
            }

            bar = Vector256.Create(least);
        }

        return e;
    }
}
