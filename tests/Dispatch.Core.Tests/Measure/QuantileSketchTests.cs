using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Measure;

namespace TrafficDispatch.Core.Tests.Measure;

public sealed class QuantileSketchTests
{
    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 51UL).WithMaxTest(count);

    /// <summary>Round trips from 64 µs to 4.19 s, small ones as frequent as large ones.</summary>
    private static readonly Arbitrary<long[]> Samples = Arb.From(
        from count in Gen.Choose(1, 200)
        from values in Gen.ArrayOf(from octave in Gen.Choose(6, 21) from within in Gen.Choose(0, (1 << octave) - 1) select (1L << octave) + within, count)
        select values,
        static values => values.Length > 1 ? [values[..(values.Length / 2)], values[1..]] : []);

    [Fact]
    public void IndexOf_EveryBoundary_IsThatOfTheLogarithm()
    {
        for (int bucket = 1; bucket < LogBuckets.Count; bucket++)
        {
            long first = (long)Math.Ceiling(64 * Math.Pow(2, bucket / 8.0));
            Assert.Equal(bucket, LogBuckets.IndexOf(first));
            Assert.Equal(bucket - 1, LogBuckets.IndexOf(first - 1));
        }
        Assert.Equal(0, LogBuckets.IndexOf(0));
        Assert.Equal(LogBuckets.Count - 1, LogBuckets.IndexOf(long.MaxValue));
    }

    [Fact]
    public void Quantile_AnySamples_IsWithinTheStatedErrorOfTheExactOne() => Check.One(Runs(400), Prop.ForAll(Samples, static values =>
    {
        QuantileSketch sketch = Of(values);
        long[] sorted = [.. values.Order()];
        foreach (int permille in (ReadOnlySpan<int>)[0, 1, 250, 500, 950, 999, 1000])
        {
            long exact = sorted[Math.Max(0, (int)Math.Ceiling(values.Length * permille / 1000.0) - 1)];
            long said = sketch.Quantile(permille)!.Value;
            Assert.True(Math.Abs(said - exact) <= QuantileSketch.RelativeError * exact + 1, $"{permille} permille: {said} for {exact}");
        }
        return true;
    }));

    [Fact]
    public void Merge_AnySplitInAnyOrder_IsTheSketchOfAll() => Check.One(Runs(200), Prop.ForAll(Samples, static values =>
    {
        QuantileSketch[] parts = [.. values.Chunk(7).Select(Of)];
        QuantileSketch left = new(), right = new();
        foreach (QuantileSketch part in parts) left.Merge(part);
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            parts[i].Merge(right);
            right = parts[i];
        }
        byte[] all = Bytes(Of(values));
        Assert.Equal(all, Bytes(left));
        Assert.Equal(all, Bytes(right));
        return true;
    }));

    [Fact]
    public void Read_WrittenBytes_GivesTheSameSketch() => Check.One(Runs(100), Prop.ForAll(Samples, static values =>
    {
        byte[] bytes = Bytes(Of(values));
        QuantileSketch? read = QuantileSketch.Read(bytes, out string fault);
        Assert.Equal("", fault);
        Assert.Equal(bytes, Bytes(read!));
        return read!.Count == values.Length;
    }));

    [Fact]
    public void Read_CutOrSpoiltBytes_IsRefused()
    {
        byte[] bytes = Bytes(Of([100, 2000, 30_000]));
        for (int length = 0; length < bytes.Length; length++) Assert.Null(QuantileSketch.Read(bytes.AsSpan(0, length), out _));
        Assert.Null(QuantileSketch.Read([.. bytes, 0], out string fault));
        Assert.NotEmpty(fault);
        Assert.Null(QuantileSketch.Read([1, 2, 5, 1, 5, 1], out _));
        Assert.Null(QuantileSketch.Read([1, 1, 5, 0], out _));
    }

    [Fact]
    public void Quantile_EmptySketch_IsNull() => Assert.Null(new QuantileSketch().Quantile(500));

    private static QuantileSketch Of(long[] values)
    {
        QuantileSketch sketch = new();
        foreach (long value in values) sketch.Add(value);
        return sketch;
    }

    private static byte[] Bytes(QuantileSketch sketch)
    {
        ArrayBufferWriter<byte> output = new();
        sketch.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }
}
