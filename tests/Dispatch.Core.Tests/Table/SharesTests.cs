using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Table;

public sealed class SharesTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithReplay(20260302UL, 3UL).WithMaxTest(2000);

    [Fact]
    public void Quantise_AnyVolumes_SumToTheWholeAndStayFair() =>
        Check.One(Runs, Prop.ForAll(Volumes.Any, v =>
        {
            (ushort[] weights, ushort overflow) = Quantise(v.Values, v.Overflow);
            UInt128 total = (UInt128)(ulong)v.Overflow;
            foreach (long volume in v.Values) total += (ulong)volume;
            if (total == 0) return overflow == 0 && weights.All(static w => w == 0);

            long[] volumes = [.. v.Values, v.Overflow];
            int[] shares = [.. weights, overflow];
            if (shares.Sum() != Shares.Whole) return false;
            int lifted = 0;
            for (int i = 0; i < shares.Length; i++)
            {
                if (volumes[i] > 0 != shares[i] > 0) return false;
                if (volumes[i] > 0 && (UInt128)(ulong)volumes[i] * Shares.Whole < total) lifted++;
                for (int j = 0; j < shares.Length; j++)
                {
                    if (volumes[i] < volumes[j] && shares[i] > shares[j] + 1) return false;
                }
            }
            // Off the exact share by less than a unit, but for the units that the smallest were lifted by.
            return shares.Zip(volumes).All(p => Math.Abs(p.First - (double)p.Second * Shares.Whole / (double)total) < 1 + lifted);
        }));

    [Theory]
    [InlineData(new long[] { 5, 3 }, 0, new[] { 10240, 6144 }, 0)]
    [InlineData(new long[] { 1, 1, 1 }, 0, new[] { 5462, 5461, 5461 }, 0)]
    [InlineData(new long[] { 1, 0, 1 }, 2, new[] { 4096, 0, 4096 }, 8192)]
    [InlineData(new long[] { 1_000_000_000, 1 }, 0, new[] { 16383, 1 }, 0)]
    [InlineData(new long[] { long.MaxValue, long.MaxValue }, long.MaxValue, new[] { 5462, 5461 }, 5461)]
    [InlineData(new long[] { 0, 0 }, 0, new[] { 0, 0 }, 0)]
    [InlineData(new long[] { 0 }, 9, new[] { 0 }, 16384)]
    [InlineData(new long[0], 1, new int[0], 16384)]
    public void Quantise_KnownVolumes_GivesKnownShares(long[] volumes, long overflow, int[] expected, int expectedOverflow)
    {
        (ushort[] weights, ushort share) = Quantise(volumes, overflow);
        Assert.Equal(expected, weights.Select(static w => (int)w));
        Assert.Equal(expectedOverflow, share);
    }

    [Fact]
    public void Quantise_MoreVolumesThanUnits_LeavesTheSmallestOut()
    {
        long[] volumes = [.. Enumerable.Range(1, 20_000).Select(static i => (long)i)];
        (ushort[] weights, _) = Quantise(volumes, 0);
        Assert.Equal(Shares.Whole, weights.Sum(static w => w));
        Assert.All(weights[..(20_000 - Shares.Whole)], static w => Assert.Equal(0, w));
        Assert.All(weights[(20_000 - Shares.Whole)..], static w => Assert.Equal(1, w));
    }

    [Fact]
    public void Quantise_NegativeVolume_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantise([1, -1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantise([1], -1));
    }

    [Fact]
    public void Quantise_SpansOfDifferentLength_Throws() =>
        Assert.Throws<ArgumentException>(() => Shares.Quantise([1, 2], 0, new ushort[1], out _));

    private static (ushort[] Weights, ushort Overflow) Quantise(long[] volumes, long overflow)
    {
        ushort[] weights = new ushort[volumes.Length];
        Shares.Quantise(volumes, overflow, weights, out ushort share);
        return (weights, share);
    }

    private sealed record Volumes(long[] Values, long Overflow)
    {
        private static readonly Gen<long> AnyVolume = Gen.Frequency(
            (2, Gen.Constant(0L)), (3, Gen.Choose(1, 100).Select(static v => (long)v)), (3, Gen.Choose(1, 1_000_000).Select(static v => (long)v)),
            (1, Gen.Choose(1, int.MaxValue).Select(static v => v * 4_000_000_000L)));

        public static readonly Arbitrary<Volumes> Any = Arb.From(
            from n in Gen.Choose(0, 40) from values in Gen.ArrayOf(AnyVolume, n) from overflow in AnyVolume select new Volumes(values, overflow),
            static v => v.Values.Select((_, i) => v with { Values = [.. v.Values.Where((_, at) => at != i)] })
                .Concat(v.Values.SelectMany((x, i) => x == 0 ? [] : new[] { v with { Values = [.. v.Values.Select((y, at) => at == i ? x / 2 : y)] } })));

        public override string ToString() => $"[{string.Join(", ", Values)}] + {Overflow}";
    }
}
