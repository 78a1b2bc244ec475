using System.Numerics;

namespace TrafficDispatch.Measure;

/// <summary>
/// The buckets of every latency distribution here: eight to a doubling, from 64 µs to 4.19 s, 128 in all. A value is found by integer
/// comparisons alone, so every machine puts it into the same bucket.
/// </summary>
/// <remarks>
/// The relative-error construction of DDSketch (Masson, Rim, Lee: "DDSketch", VLDB 2019, §2.1) at γ = 2^(1/8): a bucket (b, γb] is answered
/// by 2γb/(γ+1), which no value inside is farther from than α = (γ−1)/(γ+1) = 4.33 % of itself. The range is fixed, so nothing collapses.
/// </remarks>
internal static class LogBuckets
{
    /// <summary>Buckets.</summary>
    public const int Count = 128;

    /// <summary>Largest value with a bucket of its own, microseconds; what is beyond counts in the last.</summary>
    public const long Largest = (1L << 22) - 1;

    /// <summary>Values below share the first bucket, microseconds.</summary>
    public const long Smallest = 1L << LowestExponent;

    private const int PerOctave = 8, LowestExponent = 6, FractionBits = 31;

    // 2^(k/8) and 2^(k/8)·2γ/(γ+1) in units of 2^-31.
    private static ReadOnlySpan<uint> Lower =>
        [2147483648, 2341847524, 2553802834, 2784941738, 3037000500, 3311872530, 3611622603, 3938502376];

    private static ReadOnlySpan<uint> Middle =>
        [2240458131, 2443236917, 2664368750, 2905514725, 3168486275, 3455258784, 3767986422, 4109018330];

    /// <summary>The bucket of a value.</summary>
    /// <param name="microseconds">Any value; clamped to the range.</param>
    public static int IndexOf(long microseconds)
    {
        if (microseconds < Smallest) return 0;
        if (microseconds > Largest) return Count - 1;
        int exponent = BitOperations.Log2((ulong)microseconds);
        uint mantissa = (uint)((ulong)microseconds << (FractionBits - exponent));
        int step = mantissa >= Lower[4] ? 4 : 0;
        if (mantissa >= Lower[step + 2]) step += 2;
        if (mantissa >= Lower[step + 1]) step++;
        return (exponent - LowestExponent) * PerOctave + step;
    }

    /// <summary>What a bucket answers, microseconds.</summary>
    public static long ValueOf(int bucket)
    {
        int exponent = bucket / PerOctave + LowestExponent;
        return (long)((((ulong)Middle[bucket % PerOctave] << exponent) + (1UL << (FractionBits - 1))) >> FractionBits);
    }

    /// <summary>The bucket that holds the value of rank ⌈total·permille/1000⌉, counted from 1.</summary>
    /// <param name="counts">One a bucket.</param>
    /// <param name="total">Their sum, above 0.</param>
    /// <param name="permille">0 to 1000.</param>
    public static int Quantile(ReadOnlySpan<long> counts, long total, int permille)
    {
        long rank = Math.Max(1, (long)(((Int128)total * permille + 999) / 1000)), seen = 0;
        for (int b = 0; b < Count; b++)
        {
            seen += counts[b];
            if (seen >= rank) return b;
        }
        return Count - 1;
    }
}
