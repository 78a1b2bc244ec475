using System.Buffers;

namespace TrafficDispatch.Measure;

/// <summary>
/// A distribution of round-trip times in fixed memory (1 KB) whose quantiles are off by at most <see cref="RelativeError"/>. Not thread-safe.
/// </summary>
/// <remarks>
/// Buckets by DDSketch (Masson, Rim, Lee, VLDB 2019) over a fixed range. Merging adds counts and is associative and commutative, saturation
/// included: however samples are spread over sketches and in whatever order these are merged, the result is the same.
/// </remarks>
public sealed class QuantileSketch
{
    /// <summary>
    /// A quantile differs from the exact one (nearest rank) by at most this part of it plus a microsecond, for values from 64 µs to 4.19 s;
    /// values outside count as the nearest end.
    /// </summary>
    public const double RelativeError = 0.0433;

    private const byte Format = 1;
    private const long MostInBucket = 1L << 55;

    private readonly long[] _counts = new long[LogBuckets.Count];

    /// <summary>Values taken in.</summary>
    public long Count { get; private set; }

    /// <summary>Takes a value in. O(1), allocates nothing.</summary>
    /// <param name="microseconds">At least 0.</param>
    /// <param name="times">How often, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value below its bound.</exception>
    public void Add(long microseconds, long times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(microseconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        Grow(LogBuckets.IndexOf(microseconds), times);
    }

    /// <summary>Takes in all that another sketch holds. O(1).</summary>
    public void Merge(QuantileSketch other)
    {
        for (int b = 0; b < LogBuckets.Count; b++) Grow(b, other._counts[b]);
    }

    /// <summary>The value of nearest rank.</summary>
    /// <param name="permille">0 (least) to 1000 (greatest); 500 is the median.</param>
    /// <returns>Microseconds; null while the sketch is empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 1000.</exception>
    public long? Quantile(int permille)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permille);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permille, 1000);
        return Count == 0 ? null : LogBuckets.ValueOf(LogBuckets.Quantile(_counts, Count, permille));
    }

    /// <summary>Writes the sketch: format, number of buckets in use, then bucket and count of each as variable-length numbers.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ByteWriter writer = new(output);
        writer.Byte(Format);
        writer.Number((ulong)_counts.Count(static c => c > 0));
        for (int b = 0; b < LogBuckets.Count; b++)
        {
            if (_counts[b] == 0) continue;
            writer.Number((ulong)b);
            writer.Number((ulong)_counts[b]);
        }
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    /// <param name="bytes">Exactly one sketch.</param>
    /// <param name="fault">What is wrong with the bytes; empty otherwise.</param>
    /// <returns>The sketch; null where the bytes are no sketch.</returns>
    public static QuantileSketch? Read(ReadOnlySpan<byte> bytes, out string fault)
    {
        ByteReader reader = new(bytes);
        QuantileSketch sketch = new();
        fault = "is no sketch of format 1";
        if (reader.Byte() != Format) return null;
        int used = reader.Count(LogBuckets.Count), last = -1;
        for (int i = 0; i < used && !reader.IsBroken; i++)
        {
            int bucket = reader.Count(LogBuckets.Count - 1);
            ulong count = reader.Number();
            if (bucket <= last || count is 0 or > MostInBucket) return null;
            sketch.Grow(last = bucket, (long)count);
        }
        if (reader.IsBroken || !reader.IsAtEnd) return null;
        fault = "";
        return sketch;
    }

    private void Grow(int bucket, long times)
    {
        long added = Math.Min(times, MostInBucket - _counts[bucket]);
        _counts[bucket] += added;
        Count += added;
    }
}
