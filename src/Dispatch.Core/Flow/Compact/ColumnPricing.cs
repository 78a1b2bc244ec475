using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Prices arcs held in columns: an arc at its lower bound gains by a negative reduced cost, one at its upper bound by a
/// positive one.</summary>
internal static unsafe class ColumnPricing<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Prices core arcs from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    /// <returns>The greatest gain as a negative number, or the bar.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T PriceCore(ArcColumns<T> arcs, int start, int end, T* prices, bool vectors, T bar, ref int arc)
    {
        int a = start;
        if (typeof(T) == typeof(int) && vectors && Avx2.IsSupported)
            bar = PriceEights(arcs, ref a, end, prices, bar, ref arc);
        for (; a < end; a++)
        {
            T gain = Gain(unchecked(arcs.Costs[a] + prices[arcs.Heads[a]] - prices[arcs.Tails[a]]), arcs.States[a]);
            if (gain < bar) (bar, arc) = (gain, a);
        }

        return bar;
    }

    /// <summary>Prices the bounded arcs of a row.</summary>
    /// <returns>The greatest gain as a negative number, or the bar.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T PriceBounded(ArcColumns<T> arcs, int start, int end, T rowPrice, T* prices, T bar, ref int arc)
    {
        for (int b = start; b < end; b++)
        {
            T gain = Gain(unchecked(arcs.Costs[b] + prices[arcs.Heads[b]] - rowPrice), arcs.States[b]);
            if (gain < bar) (bar, arc) = (gain, b);
        }

        return bar;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Gain(T reduced, int state) => state > 0 ? reduced : state < 0 ? unchecked(-reduced) : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PriceEights(ArcColumns<T> arcs, ref int a, int end, T* prices, T bar, ref int arc)
    {
        int* values = stackalloc int[Vector256<int>.Count];
        int* costs = (int*)arcs.Costs, heads = arcs.Heads, tails = arcs.Tails, states = arcs.States;
        for (; a + Vector256<int>.Count <= end; a += Vector256<int>.Count)
        {
            Vector256<int> head = Avx2.GatherVector256((int*)prices, Avx.LoadVector256(heads + a), sizeof(int));
            Vector256<int> tail = Avx2.GatherVector256((int*)prices, Avx.LoadVector256(tails + a), sizeof(int));
            Vector256<int> gain = Avx2.Sign(Avx2.Subtract(Avx2.Add(Avx.LoadVector256(costs + a), head), tail), Avx.LoadVector256(states + a));
            int better = Avx.MoveMask(Avx2.CompareGreaterThan(Vector256.Create(int.CreateTruncating(bar)), gain).AsSingle());
            if (better == 0) continue;
            Avx.Store(values, gain);
            for (; better != 0; better &= better - 1)
            {
                int lane = BitOperations.TrailingZeroCount(better);
                T value = T.CreateTruncating(values[lane]);
                if (value < bar) (bar, arc) = (value, a + lane);
            }
        }

        return bar;
    }
}
