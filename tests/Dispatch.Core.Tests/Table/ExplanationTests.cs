using TrafficDispatch.Model;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

public sealed class ExplanationTests
{
    private static readonly ClientAddress German = ClientAddress.Parse("192.0.2.7");

    [Fact]
    public void Explain_Assigned_NamesRegionShareAndEdge()
    {
        string said = Explain(DecisionRequest.ForAddress(Live, German) with { Excluded = [Fra] });
        Assert.Equal("Region DE-03 (Munich): the plan sends 62.5 % of its live traffic to own-muc; this client's key falls to it.", said);
        said = Explain(DecisionRequest.ForAddress(Live, German) with { Excluded = [Fra], SessionKey = "u"u8 });
        Assert.EndsWith("; the session key falls to it.", said, StringComparison.Ordinal);
        said = Explain(DecisionRequest.ForRegion(Live, De) with { Excluded = [Fra] });
        Assert.EndsWith("; the region's key falls to it.", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9.9.9.9", "The client's address is in no known prefix: the default route of service live sends 100 % of such clients to own-fra; this client's key falls to it.")]
    [InlineData("192.0.2.200", "The client's address is in a /25 that belongs to no region: the default route of service live sends 100 % of such clients to own-fra; this client's key falls to it.")]
    public void Explain_DefaultRoute_SaysWhatWasFound(string address, string expected) =>
        Assert.Equal(expected, Explain(DecisionRequest.ForAddress(Live, ClientAddress.Parse(address))));

    [Fact]
    public void Explain_NoEdge_TellsForbiddenFromOut()
    {
        Assert.Equal("Region US-01: no edge is allowed to serve service live here.", Explain(DecisionRequest.ForRegion(Live, Us)));
        Assert.Equal("Region DE-03 (Munich): every edge that is allowed to serve service bulk here is down, drained or excluded.",
            Explain(DecisionRequest.ForRegion(Bulk, De) with { Down = [ulong.MaxValue] }));
    }

    [Fact]
    public void Explain_Failures_NameWhatStandsIn()
    {
        Assert.Equal("Region DE-03 (Munich): every edge that the plan chose is down, drained or excluded; cdn-muc is the next best allowed edge.",
            Explain(DecisionRequest.ForRegion(Live, De) with { Down = [3] }));
        Assert.StartsWith("Region DE-03 (Munich): every allowed edge is down or excluded; service live answers with edges that are down all the same, first own-",
            Explain(DecisionRequest.ForRegion(Live, De) with { Down = [ulong.MaxValue] }), StringComparison.Ordinal);
        Assert.Equal("Region DE-03 (Munich): every allowed edge is down, drained or excluded; service web falls back to fallback.example.net.",
            Explain(DecisionRequest.ForRegion(Web, De) with { Down = [ulong.MaxValue] }));
    }

    [Theory]
    [InlineData(16384, "100 %")]
    [InlineData(16383, "more than 99.9 %")]
    [InlineData(1, "less than 0.1 %")]
    [InlineData(8192, "50 %")]
    [InlineData(5461, "33.3 %")]
    public void Explain_Overflow_NamesTheShareAndThePolicy(int overflow, string percent)
    {
        TableSketch sketch = new();
        sketch.Entries[De] = ((ushort)overflow, [(Muc, (ushort)(16384 - overflow))]);
        RoutingTable table = sketch.Build();
        string spill = Find(table, Live), shed = Find(table, Bulk);
        Assert.Equal($"Region DE-03 (Munich): demand exceeds what may serve it by {percent} and the session key falls into that part; "
            + "service live spills, so the best allowed edge own-muc serves it all the same.", spill);
        Assert.Equal($"Region DE-03 (Munich): demand exceeds what may serve it by {percent} and the session key falls into that part; "
            + "service bulk turns it away.", shed);

        // Which keys fall into so small a share is not the point here: the first that does.
        static string Find(RoutingTable table, int service)
        {
            EdgeShare[] ranked = new EdgeShare[3];
            byte[] key = new byte[4];
            for (int i = 0; i < 1_000_000; i++)
            {
                BitConverter.TryWriteBytes(key, i);
                Decision decision = table.Decide(DecisionRequest.ForRegion(service, De) with { SessionKey = key }, ranked);
                if (decision.Reason is DecisionReason.OverCapacity or DecisionReason.Shed) return table.Explain(decision, ranked);
            }
            return "";
        }
    }

    [Fact]
    public void Explain_Routes_NamesOriginPathAndCommonFailures()
    {
        Assert.Equal("The stream is registered at origin og-1: 3 of 3 paths from own-muc, the best over rl-a in 3.0 ms; "
            + "2 without a common point of failure.", Explain(new PathRequest(Muc, "news")));
        Assert.Equal("The stream is not registered, so the nearest origin by path, og-2, comes first: 3 of 5 paths from own-muc, "
            + "the best over rl-b in 1.6 ms; 2 without a common point of failure.", Explain(new PathRequest(Muc, "other")));
        Assert.Equal("The stream is registered at origin og-1; all 3 paths from own-muc are down or excluded.",
            Explain(new PathRequest(Muc, "news") { Excluded = [8] }));
        Assert.Equal("The stream is registered at origin og-2; no path that the law and the links allow leads there from rl-a.",
            Explain(new PathRequest(5, "film")));
        Assert.Equal("The stream is registered at origin og-1: 2 of 2 paths from rl-a, the best straight to the origin in 2.0 ms; "
            + "2 without a common point of failure.", Explain(new PathRequest(5, "news")));
    }

    private static string Explain(in DecisionRequest request)
    {
        RoutingTable table = new TableSketch().Build();
        EdgeShare[] ranked = new EdgeShare[3];
        return table.Explain(table.Decide(request, ranked), ranked);
    }

    private static string Explain(in PathRequest request)
    {
        RoutingTable table = new TableSketch().Build();
        RankedPath[] ranked = new RankedPath[3];
        return table.Explain(table.Route(request, ranked), ranked);
    }
}
