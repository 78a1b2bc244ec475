using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>Each way in which a content can contradict itself is refused by name.</summary>
public sealed class TableContentCheckTests
{
    private static readonly Dictionary<string, (Func<TableContent, TableContent> Break, string Says)> Faults = new()
    {
        ["version"] = (c => c with { WorldVersion = "" }, "world's version"),
        ["hour"] = (c => c with { UtcHour = 24 }, "UTC hour 24"),
        ["granule v4"] = (c => c with { ClientGranuleV4 = 33 }, "IPv4 granule 33"),
        ["granule v6"] = (c => c with { ClientGranuleV6 = 8 }, "IPv6 granule 8"),
        ["route ttl"] = (c => c with { RouteTtlSeconds = 4 }, "Route TTL 4"),
        ["no service"] = (c => c with { Services = [] }, "There must be a service"),
        ["array missing"] = (c => c with { Regions = default }, "Every array"),
        ["part missing"] = (c => c with { Prefixes = null! }, "Every part"),
        ["region twice"] = (c => c with { Regions = c.Regions.SetItem(1, c.Regions[0]) }, "region id DE-03 occurs twice"),
        ["edge and relay alike"] = (c => c with { Relays = c.Relays.SetItem(0, c.Relays[0] with { Id = "own-fra" }) }, "node id own-fra occurs twice"),
        ["empty id"] = (c => c with { Edges = c.Edges.SetItem(0, c.Edges[0] with { Id = "" }) }, "node id must be a text"),
        ["zero in id"] = (c => c with { Edges = c.Edges.SetItem(0, c.Edges[0] with { Id = "\0" }) }, "node id must be a text"),
        ["half a character"] = (c => c with { Regions = c.Regions.SetItem(0, c.Regions[0] with { Name = "M\uD800" }) }, "well-formed Unicode"),
        ["profile"] = (c => c with { Services = c.Services.SetItem(0, c.Services[0] with { Profile = 1 }) }, "profile 1"),
        ["ttl"] = (c => c with { Services = c.Services.SetItem(0, c.Services[0] with { TtlSeconds = 301 }) }, "TTL 301"),
        ["over capacity"] = (c => c with { Services = c.Services.SetItem(0, c.Services[0] with { OverCapacity = (OverCapacityPolicy)7 }) }, "policy 7"),
        ["all down"] = (c => c with { Services = c.Services.SetItem(0, c.Services[0] with { AllDown = (AllDownPolicy)3 }) }, "policy 3"),
        ["fallback host"] = (c => c with { Services = c.Services.SetItem(2, c.Services[2] with { FallbackHost = null }) }, "fallback host is missing"),
        ["location's region"] = (c => c with { Locations = c.Locations.SetItem(0, new(3, "")) }, "region 3"),
        ["prefix's location"] = (c => c with { Locations = c.Locations[..2] }, "location 2 of 2"),
        ["sum"] = (c => Entries(c, e => e with { Weight = e.Weight.SetItem(0, 1) }), "sum to 6145, not 16384"),
        ["overflow sum"] = (c => Entries(c, e => e with { Overflow = e.Overflow.SetItem(1, 1) }), "Entry 1: weights and overflow sum to 16385"),
        ["backup first"] = (c => Entries(c, e => e with { Weight = e.Weight.SetItem(0, 0).SetItem(1, 16384) }), "stands behind a backup"),
        ["edge twice"] = (c => Entries(c, e => e with { Edge = e.Edge.SetItem(1, Muc) }), "edge 0 occurs twice"),
        ["edge range"] = (c => Entries(c, e => e with { Edge = e.Edge.SetItem(1, 5) }), "edge 5 is not among 5"),
        ["no profile"] = (c => Entries(c, e => e with { Profiles = 0 }), "There must be a profile"),
        ["overflow count"] = (c => Entries(c, e => e with { Overflow = e.Overflow[..3] }), "3 overflow shares do not fit 4"),
        ["weight count"] = (c => Entries(c, e => e with { Weight = e.Weight[..3] }), "3 weights do not fit"),
        ["starts count"] = (c => Entries(c, e => e with { Start = e.Start[..3] }), "Entries: 3 starts do not fit 4 rows"),
        ["starts fall"] = (c => Entries(c, e => e with { Start = e.Start.SetItem(1, 6) }), "Entries: starts must rise"),
        ["starts end"] = (c => Entries(c, e => e with { Start = e.Start.SetItem(4, 6) }), "Entries: starts must rise from 0 to 7"),
        ["endpoint rows"] = (c => c with { Endpoints = c.Endpoints with { Start = [0] } }, "Endpoints: 1 starts do not fit 30 rows"),
        ["endpoints without rows"] = (c => c with { Endpoints = c.Endpoints with { Start = [] } }, "Endpoints without rows"),
        ["endpoint value"] = (c => c with { Endpoints = c.Endpoints with { Endpoint = c.Endpoints.Endpoint.SetItem(0, new(EndpointType.A, "")) } }, "must have a value"),
        ["endpoint type"] = (c => c with { Endpoints = c.Endpoints with { Endpoint = c.Endpoints.Endpoint.SetItem(0, new((EndpointType)9, "x")) } }, "type 9"),
        ["path rows"] = (c => Paths(c, p => p with { Start = p.Start[..5] }), "Paths: 5 starts do not fit 16 rows"),
        ["paths without rows"] = (c => Paths(c, p => p with { Start = [] }), "Paths without rows"),
        ["hop rtt"] = (c => Paths(c, p => p with { HopRttMicroseconds = p.HopRttMicroseconds[1..] }), "Every hop"),
        ["hop rows"] = (c => Paths(c, p => p with { HopStart = [] }), "Hops: 0 starts"),
        ["no hop"] = (c => Paths(c, p => p with { HopStart = p.HopStart.SetItem(1, 0) }), "Path 0 has 0 hops"),
        ["end of path"] = (c => Paths(c, p => p with { HopNode = p.HopNode.SetItem(1, 1) }), "Path 0 ends at origin 1, not 0"),
        ["relay range"] = (c => Paths(c, p => p with { HopNode = p.HopNode.SetItem(0, 3) }), "relay 3 is not among 3"),
        ["relay twice"] = (c => Paths(c, p => p with { HopNode = p.HopNode.SetItem(9, 2) }), "meets relay 2 twice"),
        ["relay by itself"] = (c => Paths(c, p => p with { HopNode = p.HopNode.SetItem(12, 0) }), "meets relay 0 twice"),
        ["slow path"] = (c => Paths(c, p => p with { HopRttMicroseconds = p.HopRttMicroseconds.SetItem(0, uint.MaxValue) }), "takes longer"),
        ["four paths"] = (c => Paths(c, p => p with { Start = p.Start.SetItem(1, 4) }), "more than 3 paths"),
        ["streams fall"] = (c => c with { Streams = [.. c.Streams.Reverse()] }, "keys must rise"),
        ["stream twice"] = (c => c with { Streams = [c.Streams[0], c.Streams[0]] }, "keys must rise"),
        ["stream's origin"] = (c => c with { Streams = [new("film", 2)] }, "origin 2 is not among 2"),
        ["stream's key"] = (c => c with { Streams = [new("", 0)] }, "Stream 0: the key"),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Create_BrokenContent_NamesTheFault(string name)
    {
        (Func<TableContent, TableContent> breakIt, string says) = Faults[name];
        ArgumentException refused = Assert.Throws<ArgumentException>(() => RoutingTable.Create(breakIt(new TableSketch().Content()), First, Noon));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_MoreEdgesThanOrdinals_IsRefused()
    {
        ImmutableArray<TableEdge> edges = [.. Enumerable.Range(0, 65_536).Select(static i => new TableEdge($"e{i}", "", "", "", "", HealthState.Up))];
        TableContent content = new TableSketch().Content() with { Edges = edges, Endpoints = EndpointRows.None, Paths = PathRows.None };
        Assert.Contains("65536 edges", Assert.Throws<ArgumentException>(() => RoutingTable.Create(content, First, Noon)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ManyFaults_NamesTheFirstTwenty()
    {
        TableSketch sketch = new();
        for (int i = 0; i < 100; i++) sketch.Regions.Add(new("DE-03", "", ""));
        TableContent content = sketch.Content();
        IReadOnlyList<string> faults = TableContentCheck.Faults(content);
        Assert.Equal(20, faults.Count);
    }

    [Fact]
    public void Create_NegativeVersion_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => RoutingTable.Create(new TableSketch().Content(), new(-1, 0), Noon));
        Assert.Throws<ArgumentException>(() => new TableSketch().Build().With(new(0, -1)));
    }

    private static TableContent Entries(TableContent c, Func<EntryRows, EntryRows> change) => c with { Entries = change(c.Entries) };

    private static TableContent Paths(TableContent c, Func<PathRows, PathRows> change) => c with { Paths = change(c.Paths) };
}
