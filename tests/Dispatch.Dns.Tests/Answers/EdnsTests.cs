using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Dns.Tests.Wire;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Dns.Zones;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Dns.Tests.Answers;

public sealed class EdnsTests
{
    private readonly Asking _asking = new(new TableSketch());

    [Theory]
    // The granule is /24; below it 192.0.2.0/25 and 192.0.2.128/25 differ, 2001:db8::/32 is one and the granule /48.
    [InlineData("203.0.113.0/24", 24)]
    [InlineData("203.0.113.7/32", 24)]
    [InlineData("192.0.2.0/24", 25)]
    [InlineData("192.0.0.0/16", 24)]
    [InlineData("2001:db8:77::/56", 48)]
    [InlineData("2001:d00::/24", 48)]
    public void Respond_Subnet_IsRepeatedWithTheDecisionsScope(string cidr, int scope)
    {
        byte[] option = Messages.Subnet(cidr);
        byte[] answered = Opt(_asking.Ask(Messages.Query("live.example.net", DnsType.A, option)));
        byte[] expected = [.. option];
        expected[7] = (byte)scope;
        Assert.Equal(expected, answered);
        Assert.True(IpPrefix.TryParse(cidr, out IpPrefix subnet, out _));
        Decision decided = _asking.Table.Table.Decide(DecisionRequest.ForSubnet(TableSketch.Live, subnet), new EdgeShare[3]);
        Assert.Equal(decided.ScopeLength, scope);
    }

    [Theory]
    [InlineData("live.example.net", new byte[] { 0, 8, 0, 4, 0, 1, 0, 0 })]
    [InlineData("live.example.net", new byte[] { 0, 8, 0, 4, 0, 2, 0, 0 })]
    // dig +subnet=0 sends no family at all.
    [InlineData("live.example.net", new byte[] { 0, 8, 0, 4, 0, 0, 0, 0 })]
    [InlineData("nobody.example.net", new byte[] { 0, 8, 0, 7, 0, 1, 24, 0, 203, 0, 113 })]
    [InlineData("example.net", new byte[] { 0, 8, 0, 7, 0, 1, 24, 0, 203, 0, 113 })]
    [InlineData("example.org", new byte[] { 0, 8, 0, 7, 0, 1, 24, 0, 203, 0, 113 })]
    public void Respond_SameForEverybody_HasScopeZero(string name, byte[] option) =>
        Assert.Equal(option, Opt(_asking.Ask(Messages.Query(name, DnsType.A, option))));

    [Fact]
    public void ClientSubnet_AnyPrefix_ReadsBack() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(9UL, 3UL).WithMaxTest(1000),
        Prop.ForAll(Arb.From(Prefixes, Shorter), static p =>
            ClientSubnet.TryRead(Messages.Subnet(p.ToString()).AsSpan(4), out ClientSubnet read) && (p.Length == 0 ? read.AsksForAll : read.Prefix == p && read.Mapped == 0)));

    [Fact]
    public void Respond_MappedSubnet_IsTheIPv4Clients()
    {
        byte[] option = [0, 8, 0, 4 + 15, 0, 2, 120, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 203, 0, 113];
        byte[] answered = Opt(_asking.Ask(Messages.Query("live.example.net", DnsType.A, option)));
        Assert.Equal(96 + 24, answered[7]);
        Assert.Equal(0, _asking.Sheet.Decision!.Value.Region - TableSketch.Us);
    }

    [Theory]
    [InlineData(new byte[] { 0, 8, 0, 3, 0, 1, 0 })]
    [InlineData(new byte[] { 0, 8, 0, 7, 0, 1, 24, 24, 203, 0, 113 })]
    [InlineData(new byte[] { 0, 8, 0, 6, 0, 1, 24, 0, 203, 0 })]
    [InlineData(new byte[] { 0, 8, 0, 8, 0, 1, 24, 0, 203, 0, 113, 0 })]
    [InlineData(new byte[] { 0, 8, 0, 7, 0, 1, 23, 0, 203, 0, 113 })]
    [InlineData(new byte[] { 0, 8, 0, 9, 0, 1, 33, 0, 203, 0, 113, 0, 0 })]
    [InlineData(new byte[] { 0, 8, 0, 7, 0, 3, 24, 0, 203, 0, 113 })]
    [InlineData(new byte[] { 0, 8, 0, 5, 0, 0, 8, 0, 1 })]
    [InlineData(new byte[] { 0, 8, 0, 9, 0, 1 })]
    [InlineData(new byte[] { 0, 8, 0 })]
    [InlineData(new byte[] { 0, 8, 0, 4, 0, 1, 0, 0, 0, 8, 0, 4, 0, 1, 0, 0 })]
    public void Respond_BrokenOption_IsFormErrWithoutIt(byte[] options)
    {
        DnsMessage answer = _asking.Ask(Messages.Query("live.example.net", DnsType.A, options));
        Assert.Equal((int)DnsRcode.FormErr, answer.Header.RcodeLow);
        Assert.Empty(Opt(answer));
        Assert.Single(answer.Questions);
    }

    [Fact]
    public void Respond_UnknownOptions_ArePassedOver()
    {
        byte[] cookie = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0xFF, 0xEE, 0, 2, 1, 2];
        DnsMessage answer = _asking.Ask(Messages.Query("live.example.net", DnsType.A, cookie));
        Assert.Equal(0, answer.Header.RcodeLow);
        Assert.Empty(Opt(answer));
    }

    [Fact]
    public void Respond_OtherVersionOfEdns_IsBadVers()
    {
        DnsMessage answer = _asking.Ask(Messages.Query("live.example.net", DnsType.A, [1], optTtl: 0x0001_0000));
        DnsRecord opt = Assert.Single(answer.Additional);
        Assert.Equal((0, 1u << 24, 1232), (answer.Header.RcodeLow, opt.Ttl, (int)opt.Class));
        Assert.Empty(answer.Answers);
    }

    [Fact]
    public void Respond_WantsSignatures_IsRepeated() =>
        Assert.Equal(0x8000u, _asking.Ask(Messages.Query("live.example.net", DnsType.A, [], optTtl: 0x8000)).Additional.Single().Ttl);

    [Fact]
    public void Respond_NoEdns_HasNone() => Assert.Empty(_asking.Ask(Messages.Query("live.example.net", DnsType.A)).Additional);

    [Fact]
    public void Respond_TwoOpts_IsFormErr()
    {
        DnsRecord opt = new(DnsName.Root, DnsType.Opt, (DnsClass)1232, 0, new OpaqueData([]));
        DnsQuestion question = new(DnsName.Parse("live.example.net"), DnsType.A, DnsClass.In);
        Assert.Equal((int)DnsRcode.FormErr, _asking.Ask(new DnsMessage(new(1, 0), [question], [], [], [opt, opt]).ToBytes()!).Header.RcodeLow);
        Assert.Equal((int)DnsRcode.FormErr, _asking.Ask(new DnsMessage(new(1, 0), [question], [], [opt], []).ToBytes()!).Header.RcodeLow);
        Assert.Equal((int)DnsRcode.FormErr, _asking.Ask(new DnsMessage(new(1, 0), [question], [], [], [opt with { Name = question.Name }]).ToBytes()!).Header.RcodeLow);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xEE, 0, 4, 198, 51, 100, 1 }, TableSketch.Cn)]
    [InlineData(new byte[] { 0xFF, 0xEE, 0, 16, 0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }, TableSketch.De)]
    [InlineData(new byte[] { 0xFF, 0xEE, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 203, 0, 113, 9 }, TableSketch.Us)]
    // The client's subnet says more than who asked.
    [InlineData(new byte[] { 0xFF, 0xEE, 0, 4, 198, 51, 100, 1, 0, 8, 0, 7, 0, 1, 24, 0, 203, 0, 113 }, TableSketch.Us)]
    // But not where it says nothing.
    [InlineData(new byte[] { 0xFF, 0xEE, 0, 4, 198, 51, 100, 1, 0, 8, 0, 4, 0, 1, 0, 0 }, TableSketch.Cn)]
    [InlineData(new byte[0], TableSketch.NoRegion)]
    public void Respond_WhoAsks_IsTakenForTheClient(byte[] options, int region)
    {
        DnsMessage answer = _asking.Ask(Messages.Query("live.example.net", DnsType.A, options));
        Assert.Equal(0, answer.Header.RcodeLow);
        Assert.Equal(region, _asking.Sheet.Decision!.Value.Region);
    }

    [Fact]
    public void Respond_KnownResolver_StandsForItsClients()
    {
        ClientAddress resolver = ClientAddress.Parse("203.0.113.53");
        _asking.RegionOf = address => address == resolver ? TableSketch.De : -1;
        DnsMessage answer = _asking.Ask(Messages.Query("live.example.net", DnsType.A, [0xFF, 0xEE, 0, 4, 203, 0, 113, 53]));
        Assert.Equal((TableSketch.De, true), (_asking.Sheet.Decision!.Value.Region, _asking.Sheet.Decision.Value.IsByRegion));
        Assert.Empty(Opt(answer));
    }

    [Fact]
    public void Respond_NothingTold_IsTheDefaultRoute()
    {
        _asking.Ask(Messages.Query("live.example.net", DnsType.A));
        Assert.Equal(DecisionReason.DefaultRoute, _asking.Sheet.Decision!.Value.Reason);
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(0, true)]
    [InlineData(4096, false)]
    public void Respond_Cut_KeepsToTheDatagramAndSaysSo(int size, bool truncated)
    {
        Asking asking = new(new TableSketch(), new ZoneRules
        {
            Hosts = [new(DnsName.Parse("many.example.net"), [.. Enumerable.Range(1, 60).Select(static i => ClientAddress.FromV4((uint)i))])],
        });
        byte[] query = Messages.Query("many.example.net", DnsType.A, Messages.Subnet("203.0.113.0/24"), size: (ushort)size);
        Assert.Equal(60, asking.Ask(query).Answers.Length);
        asking.Cut = true;
        byte[] bytes = asking.Bytes(query);
        DnsMessage answer = Messages.Read(bytes);
        Assert.InRange(bytes.Length, 12, Math.Max(512, size));
        Assert.Equal((truncated, truncated ? 0 : 60), (answer.Header.IsTruncated, answer.Answers.Length));
        Assert.Equal(11, Opt(answer).Length);
    }

    private static readonly Gen<IpPrefix> Prefixes =
        from isIPv6 in Gen.Elements(true, false)
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from length in Gen.Choose(0, isIPv6 ? 128 : 32)
        select IpPrefix.Around(new ClientAddress(isIPv6 ? (UInt128)unchecked((uint)high) << 96 | unchecked((uint)low) : unchecked((uint)low), isIPv6), length);

    private static IEnumerable<IpPrefix> Shorter(IpPrefix prefix)
    {
        if (prefix.Length > 0) yield return IpPrefix.Around(prefix.Address, prefix.Length - 1);
    }

    private static byte[] Opt(DnsMessage answer) => Assert.IsType<OpaqueData>(Assert.Single(answer.Additional, static r => r.Type == DnsType.Opt).Data).Bytes;
}
