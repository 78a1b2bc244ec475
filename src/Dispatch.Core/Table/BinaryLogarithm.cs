namespace TrafficDispatch.Table;

/// <summary>
/// −log2(h / 2^64) in integers, so that every machine and language gets the same value: no transcendental function of a platform's
/// library decides a choice.
/// </summary>
/// <remarks>
/// A table of log2(1 + i/4096) with 31 fraction bits, made by repeated squaring (each squaring of a number in [1, 2) yields one more bit of
/// its logarithm), and linear interpolation between its entries. Off by at most 2^−26 absolutely and by 2^−12 relatively, the latter near
/// h = 2^64; strictly inside what a weight of 1/16384 can tell apart. Invariant: the result never rises with h.
/// </remarks>
internal static class BinaryLogarithm
{
    /// <summary>Bits after the binary point of every result.</summary>
    public const int FractionBits = 31;

    private const int IndexBits = 12;
    private const int Cells = 1 << IndexBits;

    private static readonly uint[] Table = Build();

    /// <summary>−log2(h / 2^64) with 31 fraction bits: 1 to 2^37. A zero counts as 1.</summary>
    public static ulong NegativeLog2(ulong h)
    {
        if (h == 0) h = 1;
        int zeros = System.Numerics.BitOperations.LeadingZeroCount(h);
        ulong mantissa = h << zeros;
        int cell = (int)(mantissa >> (63 - IndexBits)) & (Cells - 1);
        ulong rest = mantissa >> (31 - IndexBits) & uint.MaxValue;
        uint low = Table[cell], step = Table[cell + 1] - low;

        // step < 2^20 and rest < 2^32, so the product fits; it is below step, so the sum is below the next entry.
        ulong fraction = low + (step * rest >> 32);
        return ((ulong)(zeros + 1) << FractionBits) - fraction;
    }

    /// <summary>The table's entry i of 0 to 4096: floor of log2(1 + i/4096) × 2^31, as far as 63-bit squaring tells.</summary>
    internal static uint Entry(int i) => Table[i];

    private static uint[] Build()
    {
        uint[] table = new uint[Cells + 1];
        for (int i = 0; i < Cells; i++) table[i] = Bits((ulong)(Cells + i) << (63 - IndexBits));
        table[Cells] = 1u << FractionBits;
        return table;
    }

    /// <summary>The first 31 bits of log2(x / 2^63) for x in [2^63, 2^64).</summary>
    private static uint Bits(ulong x)
    {
        uint bits = 0;
        for (int i = 0; i < FractionBits; i++)
        {
            UInt128 square = (UInt128)x * x >> 63;
            bool two = square >> 64 != 0;
            x = (ulong)(two ? square >> 1 : square);
            bits = bits << 1 | (two ? 1u : 0u);
        }
        return bits;
    }
}
