using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using Grpc.Wire;

namespace TrafficDispatch.Rpc.Tests.Wire;

public sealed class CodecTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("4m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    public void TryParse_EachUnit_GivesTheTime(string text, int milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.Equal(milliseconds, timeout.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("+1S")]
    [InlineData(" 1S")]
    [InlineData("100000000S")]
    public void TryParse_Malformed_IsFalse(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Fact]
    public void Format_AnyTime_ParsesToNoLessAndLittleMore() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).SelectMany(a => Gen.Choose(0, 30), (a, shift) => (long)a << shift).ToArbitrary(),
        ticks =>
        {
            string text = GrpcTimeout.Format(TimeSpan.FromTicks(ticks));
            bool parsed = GrpcTimeout.TryParse(text, out TimeSpan back);
            return parsed && text.Length <= 9 && (ticks == 0 || back.Ticks >= ticks) && back.Ticks <= ticks + (ticks / 100_000) + TimeSpan.TicksPerMicrosecond;
        }).Check(Config.QuickThrowOnFailure.WithReplay(11UL, 13UL).WithMaxTest(2000));

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100%", "100%25")]
    [InlineData("ü\n", "%C3%BC%0A")]
    [InlineData("", "")]
    public void Encode_Text_IsPercentEncoded(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%zz%")]
    public void Decode_BrokenEscape_StaysAsItIs(string text) => Assert.Equal(text, PercentEncoding.Decode(text));

    [Fact]
    public void PercentEncoding_AnyUnicode_RoundTrips() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, 0x10FFFF).Where(c => c is < 0xD800 or > 0xDFFF)).Select(runes => string.Concat(runes.Select(char.ConvertFromUtf32))).ToArbitrary(),
        text => PercentEncoding.Decode(PercentEncoding.Encode(text)) == text)
        .Check(Config.QuickThrowOnFailure.WithReplay(3UL, 5UL).WithMaxTest(500));

    [Fact]
    public void BinaryMetadata_AnyBytes_RoundTripsWithAndWithoutPadding() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b)).ToArbitrary(),
        bytes =>
        {
            string sent = MetadataCodec.Encode(new Metadata.Entry("k-bin", bytes));
            var received = new Metadata();
            bool whole = MetadataCodec.TryAdd(received, "K-Bin", sent) && MetadataCodec.TryAdd(received, "k-bin", Convert.ToBase64String(bytes));
            return whole && !sent.Contains('=', StringComparison.Ordinal) && received.All(e => e.ValueBytes.AsSpan().SequenceEqual(bytes));
        }).Check(Config.QuickThrowOnFailure.WithReplay(17UL, 19UL).WithMaxTest(500));

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("@@@@")]
    public void TryAdd_NotBase64_IsFalse(string value) => Assert.False(MetadataCodec.TryAdd([], "k-bin", value));
}
