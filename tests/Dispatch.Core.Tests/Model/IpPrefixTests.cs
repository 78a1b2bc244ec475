using System.Net;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Model;

public sealed class IpPrefixTests
{
    [Theory]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("198.51.100.0/24", "198.51.100.0/24")]
    [InlineData("198.51.100.7/32", "198.51.100.7/32")]
    [InlineData("::/0", "::/0")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    [InlineData("2001:db8::1/128", "2001:db8::1/128")]
    [InlineData("::ffff:198.51.100.0/120", "198.51.100.0/24")]
    public void TryParse_Prefix_IsReadAndWritten(string text, string expected)
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix, out string fault), fault);
        Assert.Equal(expected, prefix.ToString());
    }

    [Theory]
    [InlineData("198.51.100.0", "must be address/length")]
    [InlineData("", "must be address/length")]
    [InlineData("/24", "must start with an IP address")]
    [InlineData("198.51.100/24", "must start with an IP address")]
    [InlineData("198.51.100.0/", "must end in a whole prefix length")]
    [InlineData("198.51.100.0/-1", "must end in a whole prefix length")]
    [InlineData("198.51.100.0/ 24", "must end in a whole prefix length")]
    [InlineData("198.51.100.0/24/24", "must end in a whole prefix length")]
    [InlineData("198.51.100.0/255.255.255.0", "must end in a whole prefix length")]
    [InlineData("198.51.100.0/33", "the length must be 0 to 32")]
    [InlineData("2001:db8::/129", "the length must be 0 to 128")]
    [InlineData("::ffff:198.51.100.0/95", "an IPv4-mapped prefix must be 96 to 128 long")]
    [InlineData("198.51.100.1/24", "bits beyond the length must be zero (did you mean 198.51.100.0/24?)")]
    [InlineData("2001:db8::1/64", "bits beyond the length must be zero (did you mean 2001:db8::/64?)")]
    public void TryParse_NotAPrefix_NamesTheRule(string text, string rule)
    {
        Assert.False(IpPrefix.TryParse(text, out _, out string fault));
        Assert.Equal(rule, fault);
    }

    /// <summary>The platform's IPNetwork is the oracle for what lies inside.</summary>
    [Fact]
    public void Contains_AnyAddress_AgreesWithThePlatform()
    {
        Gen<byte> narrow = Gen.Elements<byte>(0, 1, 0x80, 0xFF);
        Gen<(ClientAddress, ClientAddress, int)> cases =
            from size in Gen.Elements(4, 16)
            from a in narrow.ArrayOf(size)
            from b in narrow.ArrayOf(size)
            from flip in Gen.Choose(0, size * 8)
            from length in Gen.Choose(0, size * 8)
            select (Address(a), Address(flip == size * 8 ? b : Flipped(a, flip)), length);
        Prop.ForAll(cases.Where(static c => c.Item1.IsIPv6 == c.Item2.IsIPv6 && c.Item3 <= c.Item1.Width).ToArbitrary(), static c =>
        {
            (ClientAddress around, ClientAddress asked, int length) = c;
            IpPrefix prefix = IpPrefix.Around(around, length);
            IPNetwork oracle = new(prefix.Address.ToIPAddress(), length);
            return prefix.Contains(around) && prefix.Contains(asked) == oracle.Contains(asked.ToIPAddress())
                && IpPrefix.TryParse(prefix.ToString(), out IpPrefix read, out _) && read == prefix;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Contains_TheOtherFamily_IsFalse()
    {
        Assert.False(IpPrefix.Around(ClientAddress.Parse("::"), 0).Contains(ClientAddress.Parse("192.0.2.1")));
        Assert.False(IpPrefix.Around(ClientAddress.Parse("0.0.0.0"), 0).Contains(ClientAddress.Parse("::1")));
    }

    [Theory]
    [InlineData("192.0.2.1", 33)]
    [InlineData("192.0.2.1", -1)]
    [InlineData("::1", 129)]
    public void Around_LengthBeyondTheFamily_Throws(string address, int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IpPrefix.Around(ClientAddress.Parse(address), length));

    private static ClientAddress Address(byte[] bytes) => ClientAddress.TryFromBytes(bytes, out ClientAddress address) ? address : default;

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] next = [.. bytes];
        next[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        return next;
    }
}
