using System.Collections.Immutable;
using TrafficDispatch.Dns.Answers;
using TrafficDispatch.Dns.Tests.Wire;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Dns.Zones;
using TrafficDispatch.Model;

namespace TrafficDispatch.Dns.Tests.Answers;

public sealed class ResponderTests
{
    private readonly Asking _asking = new(new TableSketch());

    [Theory]
    [InlineData("live.example.net", DnsType.A, "198.18.0.1")]
    [InlineData("live.example.net", DnsType.Aaaa, "2001:db8::1")]
    [InlineData("TV.Example.NET", DnsType.A, "198.18.0.1")]
    public void Respond_ServiceHost_AnswersWithTheEdgesAddresses(string name, DnsType type, string address)
    {
        DnsMessage answer = _asking.Ask(Messages.Query(name, type, Messages.Subnet("192.0.2.0/26")));
        Assert.Equal((DnsRcode.NoError, true, false), ((DnsRcode)answer.Header.RcodeLow, answer.Header.IsAuthoritative, answer.Header.IsTruncated));
        DnsRecord record = Assert.Single(answer.Answers);
        Assert.Equal((type, 20u, address), (record.Type, record.Ttl, record.Data.ToText()));
        Assert.Equal(name + ".", record.Name.ToString());
        Assert.Equal(name + ".", answer.Questions.Single().Name.ToString());
        Assert.Empty(answer.Authority);
    }

    [Fact]
    public void Respond_EdgeWithAName_AnswersWithIt()
    {
        foreach (DnsType type in (ReadOnlySpan<DnsType>)[DnsType.A, DnsType.Aaaa, DnsType.Cname, DnsType.Any, DnsType.Txt])
        {
            DnsRecord record = Assert.Single(_asking.Ask(Messages.Query("get.example.net", type, Messages.Subnet("192.0.2.0/24"))).Answers);
            Assert.Equal((DnsType.Cname, 300u, "muc.cdn.example.net"), (record.Type, record.Ttl, record.Data.ToText()));
        }
    }

    [Theory]
    [InlineData(DnsType.Cname)]
    [InlineData(DnsType.Txt)]
    [InlineData(DnsType.Ns)]
    [InlineData(DnsType.Soa)]
    public void Respond_TypeThatIsNotThere_IsNoData(DnsType type)
    {
        DnsMessage answer = _asking.Ask(Messages.Query("live.example.net", type));
        Assert.Equal((0, true), (answer.Header.RcodeLow, answer.Header.IsAuthoritative));
        Assert.Empty(answer.Answers);
        // The service's TTL is less than the zone's minimum.
        Assert.Equal((DnsType.Soa, "example.net.", 20u), (answer.Authority.Single().Type, answer.Authority.Single().Name.ToString(), answer.Authority.Single().Ttl));
    }

    [Theory]
    [InlineData("nobody.example.net", DnsRcode.NxDomain)]
    [InlineData("a.b.live.example.net", DnsRcode.NxDomain)]
    [InlineData("muc.cdn.example.net", DnsRcode.NoError)]
    [InlineData("cdn.example.net", DnsRcode.NoError)]
    [InlineData("ns1.example.net", DnsRcode.NoError)]
    [InlineData("example.net", DnsRcode.NoError)]
    public void Respond_NothingThere_TellsNamesFromNoNames(string name, DnsRcode expected)
    {
        DnsMessage answer = _asking.Ask(Messages.Query(name, DnsType.A));
        Assert.Equal(((int)expected, true), (answer.Header.RcodeLow, answer.Header.IsAuthoritative));
        Assert.Empty(answer.Answers);
        DnsRecord soa = Assert.Single(answer.Authority);
        Assert.Equal((DnsType.Soa, 30u), (soa.Type, soa.Ttl));
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("net")]
    [InlineData(".")]
    [InlineData("notexample.net")]
    public void Respond_NameInNoZone_IsRefused(string name)
    {
        DnsMessage answer = _asking.Ask(Messages.Query(name, DnsType.A));
        Assert.Equal(((int)DnsRcode.Refused, false), (answer.Header.RcodeLow, answer.Header.IsAuthoritative));
        Assert.True(answer.Answers.IsEmpty && answer.Authority.IsEmpty);
    }

    [Fact]
    public void Respond_Apex_HasSoaAndNameServersWithAddresses()
    {
        Asking asking = new(new TableSketch(), new ZoneRules
        {
            NameServers = [DnsName.Parse("ns1.example.net"), DnsName.Parse("ns.elsewhere.org")],
            Hosts = [new(DnsName.Parse("ns1.example.net"), [ClientAddress.Parse("192.0.2.53"), ClientAddress.Parse("2001:db8::53")])],
        });
        SoaData soa = Assert.IsType<SoaData>(Assert.Single(asking.Ask(Messages.Query("example.net", DnsType.Soa)).Answers).Data);
        Assert.Equal("ns1.example.net hostmaster.example.net 2 300 60 604800 30", soa.ToText());
        DnsMessage servers = asking.Ask(Messages.Query("example.net", DnsType.Ns));
        Assert.Equal(["ns1.example.net", "ns.elsewhere.org"], servers.Answers.Select(static r => r.Data.ToText()));
        Assert.Equal(["A 192.0.2.53", "AAAA 2001:db8::53"], servers.Additional.Select(static r => $"{r.Type.ToString().ToUpperInvariant()} {r.Data.ToText()}"));
        Assert.Equal("192.0.2.53", asking.Ask(Messages.Query("ns1.example.net", DnsType.A)).Answers.Single().Data.ToText());
    }

    [Theory]
    [InlineData("live.example.net")]
    [InlineData("example.net")]
    public void Respond_Any_IsTheShortAnswer(string name)
    {
        DnsRecord record = Assert.Single(_asking.Ask(Messages.Query(name, DnsType.Any)).Answers);
        Assert.Equal((DnsType.Hinfo, "\\# 9 075246433834383200"), (record.Type, record.Data.ToText()));
    }

    [Fact]
    public void Respond_AllDown_FollowsTheServicesPolicy()
    {
        _asking.Down = [ulong.MaxValue];
        DnsRecord fallback = Assert.Single(_asking.Ask(Messages.Query("web.example.net", DnsType.A)).Answers);
        Assert.Equal((DnsType.Cname, 30u, "fallback.example.net"), (fallback.Type, fallback.Ttl, fallback.Data.ToText()));
        DnsMessage nothing = _asking.Ask(Messages.Query("get.example.net", DnsType.A));
        Assert.Equal((0, 0, 30u), (nothing.Header.RcodeLow, nothing.Answers.Length, nothing.Authority.Single().Ttl));
        Assert.Equal("198.18.0.1", Assert.Single(_asking.Ask(Messages.Query("live.example.net", DnsType.A, Messages.Subnet("192.0.2.0/26"))).Answers).Data.ToText());
    }

    [Fact]
    public void Respond_FallbackWithFixedAddress_CarriesItAlong()
    {
        Asking asking = new(new TableSketch(), new ZoneRules { Hosts = [new(DnsName.Parse("fallback.example.net"), [ClientAddress.Parse("192.0.2.9")])] }) { Down = [ulong.MaxValue] };
        ImmutableArray<DnsRecord> answers = asking.Ask(Messages.Query("web.example.net", DnsType.A)).Answers;
        Assert.Equal(["fallback.example.net", "192.0.2.9"], answers.Select(static r => r.Data.ToText()));
        Assert.Equal("fallback.example.net.", answers[1].Name.ToString());
    }

    [Fact]
    public void Respond_ApexThatIsAService_NeverGetsAName()
    {
        TableSketch sketch = new();
        sketch.Services[TableSketch.Bulk] = sketch.Services[TableSketch.Bulk] with { Hostnames = ["example.net"] };
        DnsMessage answer = new Asking(sketch).Ask(Messages.Query("example.net", DnsType.A, Messages.Subnet("192.0.2.0/24")));
        Assert.Equal((0, 0), (answer.Header.RcodeLow, answer.Answers.Length));
    }

    [Fact]
    public void Respond_ApexThatIsAService_DependsOnTheClientForAddressesAlone()
    {
        TableSketch sketch = new();
        sketch.Services[TableSketch.Live] = sketch.Services[TableSketch.Live] with { Hostnames = ["example.net"] };
        Asking asking = new(sketch);
        foreach ((DnsType type, DnsType answered, int scope) in ((DnsType, DnsType, int)[])[
            (DnsType.A, DnsType.A, 25), (DnsType.Soa, DnsType.Soa, 0), (DnsType.Ns, DnsType.Ns, 0), (DnsType.Any, DnsType.Hinfo, 0)])
        {
            DnsMessage answer = asking.Ask(Messages.Query("example.net", type, Messages.Subnet("192.0.2.0/26")));
            Assert.Equal((answered, scope), (answer.Answers.Single().Type, ((OpaqueData)answer.Additional.Single(static r => r.Type == DnsType.Opt).Data).Bytes[7]));
        }
    }

    [Fact]
    public void Respond_DsAtACut_IsTheParents()
    {
        Asking asking = new(new TableSketch(), new ZoneRules { Zones = [DnsName.Parse("example.net"), DnsName.Parse("cdn.example.net")] });
        Assert.Equal("example.net.", asking.Ask(Messages.Query("cdn.example.net", DnsType.Ds)).Authority.Single().Name.ToString());
        Assert.Equal("cdn.example.net.", asking.Ask(Messages.Query("cdn.example.net", DnsType.A)).Authority.Single().Name.ToString());
        Assert.Equal("example.net.", asking.Ask(Messages.Query("example.net", DnsType.Ds)).Authority.Single().Name.ToString());
    }
}

/// <summary>Asks a table as a DNS server would.</summary>
internal sealed class Asking
{
    private readonly AnswerSheet _sheet = new();
    private readonly byte[] _room = new byte[DnsMessage.MaxBytes];

    public Asking(TableSketch sketch, ZoneRules? rules = null)
    {
        sketch.Services[TableSketch.Web] = sketch.Services[TableSketch.Web] with { Hostnames = ["web.example.net"] };
        // Only Munich and the CDN in Munich have endpoints: live by address, bulk by name.
        (sketch.Entries[TableSketch.De], sketch.Entries[^1]) =
            ((0, [(TableSketch.Muc, 16384), (TableSketch.Cdn, 0)]), (0, [(TableSketch.Muc, 16384), (TableSketch.Cdn, 0)]));
        Table = new DnsTable(sketch.Build(), rules ?? ZoneRules.Default);
    }

    public DnsTable Table { get; }

    public ulong[] Down { get; set; } = [];

    public bool Cut { get; set; }

    public Func<ClientAddress, int> RegionOf { get; set; } = static _ => -1;

    public AnswerSheet Sheet => _sheet;

    public byte[] Bytes(byte[] query)
    {
        // Leftovers of other answers must not show.
        Array.Fill(_room, (byte)0xA5);
        int length = DnsResponder.Respond(query, Table, new LiveHealth { Down = Down }, RegionOf, Cut, _room, _sheet);
        return _room[..length];
    }

    public DnsMessage Ask(byte[] query) => Messages.Read(Bytes(query));
}
