using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Model;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("192.0.2.1", 0xC0000201u)]
    [InlineData("255.255.255.255", 0xFFFFFFFFu)]
    [InlineData("::ffff:192.0.2.1", 0xC0000201u)]
    [InlineData("::FFFF:c000:201", 0xC0000201u)]
    [InlineData("0:0:0:0:0:ffff:192.0.2.1", 0xC0000201u)]
    public void TryParse_IPv4InAnyClothes_IsTheIPv4Address(string text, uint expected)
    {
        Assert.True(ClientAddress.TryParse(text, out ClientAddress address));
        Assert.Equal(ClientAddress.FromV4(expected), address);
        Assert.False(address.IsIPv6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.00")]
    [InlineData("0x1.2.3.4")]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3.1000")]
    [InlineData("+1.2.3.4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.4/32")]
    [InlineData("1.2.3.4:80")]
    [InlineData("١.2.3.4")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("2001:db8::12345")]
    [InlineData("2001:db8::g")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1")]
    [InlineData("[2001:db8::1]")]
    [InlineData("2001:db8::1/64")]
    [InlineData("::ffff:192.0.2.01")]
    [InlineData("::ffff:192.0.2")]
    [InlineData("2001:db8:: 1")]
    public void TryParse_NotOneAddress_IsRefused(string text)
    {
        Assert.False(ClientAddress.TryParse(text, out _));
        Assert.Throws<FormatException>(() => ClientAddress.Parse(text));
    }

    /// <summary>The platform's IPAddress is the oracle for what IPv6 text means and how it is written.</summary>
    [Fact]
    public void TryParse_AnyIPv6Bytes_AgreesWithThePlatform()
    {
        Gen<byte[]> bytes = Gen.Elements<byte>(0, 0, 0, 1, 0x20, 0xFF, 0xFE, 0x7F).ArrayOf(16);
        Prop.ForAll(bytes.ToArbitrary(), static b =>
        {
            IPAddress oracle = new(b);
            IPAddress expected = oracle.IsIPv4MappedToIPv6 ? oracle.MapToIPv4() : oracle;
            return ClientAddress.TryParse(oracle.ToString(), out ClientAddress parsed)
                && parsed == ClientAddress.From(oracle)
                && ClientAddress.TryFromBytes(b, out ClientAddress read) && read == parsed
                && parsed.ToIPAddress().Equals(expected)
                && parsed.ToString() == expected.ToString()
                && parsed.IsIPv6 == (expected.AddressFamily == AddressFamily.InterNetworkV6);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Text is read as IPv4 exactly where it is the text that the platform writes for what it reads.</summary>
    [Fact]
    public void TryParse_AnyDottedText_IsReadWhereCanonical()
    {
        Gen<string> text = Gen.Elements("0", "1", "9", "25", "255", "256", "00", "012", ".", ".", ".", "..", "-", "x").ListOf().Select(static parts => string.Concat(parts));
        Gen<string> dotted = Gen.Choose(0, 300).ArrayOf(4).Select(static n => string.Join('.', n));
        Prop.ForAll(Gen.OneOf(text, dotted).ToArbitrary(), static t =>
        {
            bool canonical = IPAddress.TryParse(t, out IPAddress? oracle) && oracle.AddressFamily == AddressFamily.InterNetwork && oracle.ToString() == t;
            return ClientAddress.TryParse(t, out ClientAddress address) == canonical && (!canonical || address == ClientAddress.From(oracle!));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Made of what addresses are made of, most of it is wrong; the platform says what is right, beyond what we refuse by rule.</summary>
    [Fact]
    public void TryParse_AnyTextOfAddressParts_IsReadAsThePlatformReadsIt()
    {
        Gen<string> text = Gen.Elements("::", ":", ":", ":", ".", "1", "0", "ab", "FFff", "12345", "g", "%", "/", "[", "]", " ", "192.0.2.1", "1:2:3:4", "ffff:")
            .ListOf().Select(static parts => string.Concat(parts));
        Prop.ForAll(text.ToArbitrary(), static t =>
        {
            bool refused = t.AsSpan().IndexOfAny("%[]/ ") >= 0 || t.Length > 45 || (t.Contains('.', StringComparison.Ordinal) && !IsPlainV4(t[(t.LastIndexOf(':') + 1)..]));
            bool known = IPAddress.TryParse(t, out IPAddress? oracle) && (oracle.AddressFamily == AddressFamily.InterNetworkV6 || IsPlainV4(t));
            bool expected = known && !refused;
            bool read = ClientAddress.TryParse(t, out ClientAddress address);
            bool bytes = ClientAddress.TryParse(System.Text.Encoding.UTF8.GetBytes(t), out ClientAddress fromBytes);
            return read == expected && bytes == read && fromBytes == address && (!read || address == ClientAddress.From(oracle!));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

        static bool IsPlainV4(string dotted) =>
            IPAddress.TryParse(dotted, out IPAddress? v4) && v4.AddressFamily == AddressFamily.InterNetwork && v4.ToString() == dotted;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(17)]
    public void TryFromBytes_AnotherLength_IsRefused(int length) => Assert.False(ClientAddress.TryFromBytes(new byte[length], out _));
}
