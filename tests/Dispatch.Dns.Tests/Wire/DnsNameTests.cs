using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Dns.Wire;

namespace TrafficDispatch.Dns.Tests.Wire;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("live.example.net", "live.example.net.")]
    [InlineData("live.example.net.", "live.example.net.")]
    [InlineData(".", ".")]
    [InlineData("a\\.b.c", "a\\.b.c.")]
    [InlineData("a\\032b.c", "a\\032b.c.")]
    [InlineData("\\255", "\\255.")]
    [InlineData("\\\\x", "\\\\x.")]
    public void TryParse_Name_ReadsBack(string text, string expected) => Assert.Equal(expected, DnsName.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a\\")]
    [InlineData("a\\25")]
    [InlineData("a\\256")]
    [InlineData("ü.net")]
    public void TryParse_NoName_IsRefused(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void TryParse_Lengths_AreBounded()
    {
        string label = new('a', 63);
        Assert.True(DnsName.TryParse(label, out _));
        Assert.False(DnsName.TryParse(label + "a", out _));
        string longest = $"{label}.{label}.{label}.{new string('a', 61)}";
        Assert.True(DnsName.TryParse(longest, out DnsName? name));
        Assert.Equal(DnsName.MaxBytes, name.Wire.Length);
        Assert.True(DnsName.TryParse(longest + ".", out _));
        Assert.False(DnsName.TryParse(longest + "a", out _));
        Assert.False(DnsName.TryParse(longest + ".a", out _));
    }

    [Fact]
    public void ToString_AnyName_ParsesBack() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(5UL, 11UL).WithMaxTest(1000),
        Prop.ForAll(Arb.From(Messages.Name), static n => DnsName.Parse(n.ToString()).Wire.SequenceEqual(n.Wire)));

    [Theory]
    [InlineData("LIVE.example.net", "live.EXAMPLE.net", true)]
    [InlineData("live.example.net", "live.example.com", false)]
    [InlineData("\\200a", "\\200A", true)]
    [InlineData("\\200a", "\\201a", false)]
    public void Equals_Case_IsNoDifference(string left, string right, bool equal)
    {
        (DnsName a, DnsName b) = (DnsName.Parse(left), DnsName.Parse(right));
        Assert.Equal(equal, a.Equals(b));
        if (equal) Assert.Equal(a.GetHashCode(), b.GetHashCode());
    }

    [Theory]
    [InlineData("live.example.net", "example.net", true)]
    [InlineData("live.example.net", "EXAMPLE.net", true)]
    [InlineData("example.net", "example.net", true)]
    [InlineData("net", "example.net", false)]
    [InlineData("notexample.net", "example.net", false)]
    [InlineData("live.example.net", ".", true)]
    public void IsWithin_Names_ByWholeLabels(string name, string zone, bool expected) =>
        Assert.Equal(expected, DnsName.Parse(name).IsWithin(DnsName.Parse(zone)));
}
