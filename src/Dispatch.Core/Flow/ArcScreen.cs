using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TrafficDispatch.Flow;

/// <summary>Screens out the arcs that prove nothing and break nothing, so that a certificate looks closely at few.</summary>
/// <remarks>
/// <para>Invariant: an arc that is left out has flow 0, lower bound 0 (hence an upper bound of at least 0) and a reduced
/// cost of at least 0. Such a flow is within its bounds and in complementary slackness, moves nothing at its ends, and its
/// terms in the primal and the dual objective are zero. Left-out arcs may therefore be skipped without weakening anything.</para>
/// <para>Width: potentials lie within ±2^61 (<see cref="TryNarrow"/>), and an arc whose cost does not lie in −2^61 … 2^61 − 1
/// is always kept; so |cost + potential(tail) − potential(head)| ≤ 3·2^61 &lt; 2^63 wherever its sign decides.</para>
/// <para>The vector and the scalar form keep the same arcs, in rising order. Not thread safe: none of its own state.</para>
/// </remarks>
internal static unsafe class ArcScreen
{
    /// <summary>The greatest absolute potential that can be screened.</summary>
    public const long Limit = 1L << 61;

    /// <summary>Copies potentials to 64 bits.</summary>
    /// <returns>False when one lies beyond ±2^61; the copy is then of no use.</returns>
    public static bool TryNarrow(ReadOnlySpan<Int128> potentials, Span<long> narrow)
    {
        for (int v = 0; v < potentials.Length; v++)
        {
            Int128 potential = potentials[v];
            if (potential > Limit || potential < -Limit) return false;
            narrow[v] = (long)potential;
        }

        return true;
    }

    /// <summary>Lists the arcs from <paramref name="start"/> up to <paramref name="end"/> that are not screened out.</summary>
    /// <param name="arcs">The network's arcs.</param>
    /// <param name="potentials">Potential of each node, within ±2^61.</param>
    /// <param name="flow">Flow of each arc; empty to look at nothing but reduced costs (the caller then adds every arc with a
    /// flow or a lower bound).</param>
    /// <param name="start">First arc.</param>
    /// <param name="end">First arc no longer looked at.</param>
    /// <param name="kept">Room for <c>end − start</c> arcs.</param>
    /// <param name="scalar">Forgoes vector instructions.</param>
    /// <returns>Number of arcs listed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Collect(
        FlowArcs arcs, ReadOnlySpan<long> potentials, ReadOnlySpan<long> flow, int start, int end, Span<int> kept, bool scalar)
    {
        fixed (int* tails = arcs.Tails, heads = arcs.Heads, into = kept)
        fixed (long* costs = arcs.Costs, lower = arcs.Lower, prices = potentials, flows = flow)
        {
            long* bounds = flow.IsEmpty ? null : lower;
            int count = 0, e = start;
            if (Avx2.IsSupported && !scalar)
            {
                e = bounds is null
                    ? CollectFours(tails, heads, costs, prices, null, null, start, end, into, ref count)
                    : CollectFours(tails, heads, costs, prices, flows, bounds, start, end, into, ref count);
            }

            for (; e < end; e++)
                if (IsKept(costs[e], prices[tails[e]], prices[heads[e]]) || (bounds is not null && (flows[e] | bounds[e]) != 0))
                    into[count++] = e;
            return count;
        }
    }

    /// <summary>Whether one arc without flow and lower bound is kept: its reduced cost is negative, or its cost out of range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsKept(long cost, long priceOfTail, long priceOfHead)
    {
        unchecked // Width, above; an overflow can only follow a cost out of range, and those are kept
        {
            long shifted = cost + Limit; // its two top bits are clear exactly for −2^61 ≤ cost < 2^61
            return ((cost + priceOfTail - priceOfHead) | shifted | (shifted << 1)) < 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CollectFours(
        int* tails, int* heads, long* costs, long* prices, long* flows, long* lower, int e, int end, int* into, ref int count)
    {
        Vector256<long> limit = Vector256.Create(Limit), priceOfTail = default;
        Vector128<int> current = Vector128.Create(-1);
        int found = count;
        for (; e + 4 <= end; e += 4)
        {
            Vector128<int> tail = Sse2.LoadVector128(tails + e);
            if (tail != current) // a row of one tail: its price is gathered once
            {
                priceOfTail = Avx2.GatherVector256(prices, tail, sizeof(long));
                current = tail;
            }

            Vector256<long> cost = Avx.LoadVector256(costs + e);
            Vector256<long> priceOfHead = Avx2.GatherVector256(prices, Sse2.LoadVector128(heads + e), sizeof(long));
            Vector256<long> shifted = Avx2.Add(cost, limit);
            Vector256<long> reduced = Avx2.Subtract(Avx2.Add(cost, priceOfTail), priceOfHead);
            Vector256<long> signs = Avx2.Or(reduced, Avx2.Or(shifted, Avx2.ShiftLeftLogical(shifted, 1)));
            int mask = Avx.MoveMask(signs.AsDouble());
            if (flows is not null)
            {
                Vector256<long> moved = Avx2.Or(Avx.LoadVector256(flows + e), Avx.LoadVector256(lower + e));
                mask |= 15 & ~Avx.MoveMask(Avx2.CompareEqual(moved, Vector256<long>.Zero).AsDouble());
            }

            for (; mask != 0; mask &= mask - 1) into[found++] = e + System.Numerics.BitOperations.TrailingZeroCount(mask);
        }

        count = found;
        return e;
    }
}
