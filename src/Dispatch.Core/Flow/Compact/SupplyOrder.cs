using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Rows by falling supply, to within one part in 256: near enough for a first pass, and a count instead of a sort.</summary>
internal static class SupplyOrder
{
    private const int MantissaBits = 8;
    private const int Keys = 64 << MantissaBits;

    /// <summary>Rows of about equal supply stay in order. O(n).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int[] Falling(long[] supplies)
    {
        int[] next = new int[Keys + 1], order = new int[supplies.Length];
        foreach (long supply in supplies) next[Key(supply) + 1]++;
        for (int k = 1; k <= Keys; k++) next[k] += next[k - 1];
        for (int r = 0; r < supplies.Length; r++) order[next[Key(supplies[r])]++] = r;
        return order;
    }

    // The place of the leading bit, then the eight bits after it; the greatest supply has key 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Key(long supply)
    {
        int leading = BitOperations.LeadingZeroCount((ulong)supply | 1);
        ulong after = ((ulong)supply << leading << 1) >> (64 - MantissaBits);
        return Keys - 1 - (63 - leading << MantissaBits | (int)after);
    }
}
