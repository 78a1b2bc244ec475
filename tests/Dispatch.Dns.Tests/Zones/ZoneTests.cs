using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Dns.Zones;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Dns.Tests.Zones;

public sealed class ZoneTests
{
    [Theory]
    [InlineData("live.example.net play.example.net", "example.net.")]
    [InlineData("live.example.net live.eu.example.net", "example.net.")]
    [InlineData("live.b.org live.a.org example.net", "a.org. b.org. example.net.")]
    [InlineData("example.net www.example.net", "example.net.")]
    [InlineData("localhost", "localhost.")]
    [InlineData("LIVE.Example.NET tv.example.net", "Example.NET.")]
    public void Derive_Hosts_GivesTheNamesAboveThem(string hosts, string zones) =>
        Assert.Equal(zones, string.Join(' ', ZoneNames.Derive(hosts.Split(' ').Select(DnsName.Parse))));

    [Fact]
    public void ZoneNames_HostsElsewhere_AreTold()
    {
        ZoneNames names = new(new TableSketch().Build(), new ZoneRules { Zones = [DnsName.Parse("tv.example.net")] });
        Assert.Equal(["live.example.net.", "get.example.net."], names.OutsideHosts.Select(static n => n.ToString()));
        ZoneRules elsewhere = new() { Hosts = [new(DnsName.Parse("ns1.example.org"), [ClientAddress.Parse("192.0.2.1")])] };
        Assert.Equal(["ns1.example.org."], new ZoneNames(new TableSketch().Build(), elsewhere).OutsideHosts.Select(static n => n.ToString()));
        Assert.Empty(names.EmptyTargets);
        Assert.Equal(TableSketch.Live, names.Find(DnsName.Parse("TV.example.net").Wire, out _)!.Service);
    }

    [Fact]
    public void ZoneNames_TargetsInAZone_AreNamesWithoutRecordsAndTold()
    {
        ZoneNames names = new(new TableSketch().Build(), ZoneRules.Default);
        Assert.Equal(["muc.cdn.example.net.", "fallback.example.net."], names.EmptyTargets.Select(static n => n.ToString()));
        Assert.NotNull(names.Find(DnsName.Parse("cdn.example.net").Wire, out int zone));
        Assert.Equal(0, zone);
        ZoneRules known = new() { Hosts = [new(DnsName.Parse("fallback.example.net"), [ClientAddress.Parse("192.0.2.1")])] };
        Assert.Equal(["muc.cdn.example.net."], new ZoneNames(new TableSketch().Build(), known).EmptyTargets.Select(static n => n.ToString()));
    }

    [Fact]
    public void ZoneNames_ZoneInAZone_TakesItsNames()
    {
        ZoneRules rules = new() { Zones = [DnsName.Parse("example.net"), DnsName.Parse("a.cdn.example.net")] };
        ZoneNames names = new(new TableSketch().Build(), rules);
        Assert.Null(names.Find(DnsName.Parse("x.a.cdn.example.net").Wire, out int inner));
        Assert.Null(names.Find(DnsName.Parse("x.b.cdn.example.net").Wire, out int outer));
        Assert.Null(names.Find(DnsName.Parse("example.org").Wire, out int none));
        Assert.Equal((1, 0, -1), (inner, outer, none));
    }

    [Theory]
    [InlineData(0, 1, 1u)]
    [InlineData(1_795_315_034, 7, 1_795_315_041u)]
    [InlineData(4_294_967_295, 3, 2u)]
    public void SerialOf_Version_IsEpochPlusNumber(long epoch, long number, uint serial) => Assert.Equal(serial, Zone.SerialOf(new TableVersion(epoch, number)));

    [Fact]
    public void SerialOf_LaterVersion_IsGreaterAsRfc1982Has_It()
    {
        // A table a second at most on average: a new epoch begins at the clock's second or one above the last.
        TableVersion[] versions = [new(100, 1), new(100, 2), new(100, 50), new(200, 1), new(4_294_967_290, 1), new(4_294_967_290, 5), new(4_294_967_290, 6), new(4_294_967_390, 1)];
        for (int i = 1; i < versions.Length; i++)
        {
            if (versions[i].Epoch - versions[i - 1].Epoch > int.MaxValue) continue;
            uint step = unchecked(Zone.SerialOf(versions[i]) - Zone.SerialOf(versions[i - 1]));
            Assert.InRange(step, 1u, (1u << 31) - 1);
        }
    }
}
