using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Numbers by their leading bits: an order to within one part in 2^bits, which a count makes where a sort would cost ten times
/// as much.</summary>
internal readonly struct LeadingBits(int bits)
{
    /// <summary>All keys are below this.</summary>
    public int Keys => 64 << bits;

    /// <summary>Rises with the value, and is the same for values of the same <see cref="Floor"/>.</summary>
    /// <param name="value">Not negative.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Key(long value)
    {
        int shift = Shift(value);
        return (shift << bits) + (int)(value >> shift);
    }

    /// <summary>The least value of the same key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Floor(long value)
    {
        int shift = Shift(value);
        return value >> shift << shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Shift(long value) => Math.Max(0, BitOperations.Log2((ulong)value) - bits);

    /// <summary>Positions in the order of keys, equals in their own order. O(n + keys).</summary>
    /// <param name="values">Not negative.</param>
    /// <param name="next">Scratch of <see cref="Keys"/> + 1.</param>
    /// <param name="order">Takes the positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Order<T>(ReadOnlySpan<T> values, Span<int> next, Span<int> order)
        where T : unmanaged, IBinaryInteger<T>
    {
        next.Clear();
        foreach (T value in values) next[Key(long.CreateTruncating(value)) + 1]++;
        for (int k = 1; k <= Keys; k++) next[k] += next[k - 1];
        for (int i = 0; i < values.Length; i++) order[next[Key(long.CreateTruncating(values[i]))]++] = i;
    }
}
