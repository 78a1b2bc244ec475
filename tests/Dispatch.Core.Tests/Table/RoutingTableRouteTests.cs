using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>A test for each sentence that says how a node's upstream paths are chosen. Nodes: edges 0 to 4, rl-a 5, rl-b 6, rl-c 7, og-1 8, og-2 9.</summary>
public sealed class RoutingTableRouteTests
{
    private const int RlA = 5, RlB = 6, RlC = 7, Og1 = 8, Og2 = 9;

    [Fact]
    public void Route_RegisteredStream_GivesItsOriginsPathsAsRanked()
    {
        (RouteDecision decision, string[] paths) = Route(new(Muc, "news"));
        Assert.Equal(DecisionReason.StreamOrigin, decision.Reason);
        Assert.Equal((0, 3, 30), (decision.StreamOrigin, decision.Planned, decision.TtlSeconds));
        Assert.Equal(["0 > og0 3000 disjoint", "2 > og0 9000 disjoint", "1 > og0 4000"], paths); // rl-a and rl-b share a fault domain
    }

    [Fact]
    public void Route_UnregisteredStream_TakesTheNearestOriginFirstThenDisjointPaths()
    {
        (RouteDecision decision, string[] paths) = Route(new(Muc, "unheard-of"));
        Assert.Equal(DecisionReason.NearestOrigin, decision.Reason);
        Assert.Equal((-1, 5), (decision.StreamOrigin, decision.Planned));
        Assert.Equal(["1 > og1 1600 disjoint", "2 > og0 9000 disjoint", "0 > og0 3000"], paths);
    }

    [Fact]
    public void Route_RelayAsks_MayBeOneHopAway()
    {
        (_, string[] paths) = Route(new(RlA, "news"));
        Assert.Equal([" > og0 2000 disjoint", "2 > og0 8000 disjoint"], paths);
    }

    [Fact]
    public void Route_ExcludedRelay_TakesItsPathsAwayAndJudgesDisjointnessAnew()
    {
        Assert.Equal(["2 > og0 9000 disjoint", "1 > og0 4000 disjoint"], Route(new PathRequest(Muc, "news") { Excluded = [RlA] }).Paths);
        Assert.Equal(["2 > og0 9000 disjoint", "1 > og0 4000 disjoint"], Route(new PathRequest(Muc, "news") { Down = [1UL << RlA] }).Paths);
    }

    [Fact]
    public void Route_RegisteredStreamsOriginOut_HasNoPathEvenWhereOthersAre()
    {
        (RouteDecision decision, string[] paths) = Route(new PathRequest(Muc, "news") { Excluded = [Og1] });
        Assert.Equal((DecisionReason.NoPath, 0), (decision.Reason, decision.Count));
        Assert.Empty(paths);
        Assert.Equal(2, Route(new PathRequest(Muc, "other") { Down = [1UL << Og1] }).Paths.Length);
    }

    [Fact]
    public void Route_NothingLeft_SaysNoPath()
    {
        (RouteDecision decision, _) = Route(new PathRequest(Muc, "other") { Excluded = [RlA, RlB, RlC] });
        Assert.Equal((DecisionReason.NoPath, 5), (decision.Reason, decision.Planned));
        Assert.Equal((DecisionReason.NoPath, 0), (Route(new(Pek, "news")).Decision.Reason, Route(new(Pek, "news")).Decision.Planned));
        Assert.Equal(DecisionReason.NoPath, Route(new PathRequest(Muc, "film") { Excluded = [Og2] }).Decision.Reason);
    }

    [Fact]
    public void Route_FewerWanted_GivesTheFirst()
    {
        RoutingTable table = new TableSketch().Build();
        RankedPath[] one = new RankedPath[1], many = new RankedPath[9];
        Assert.Equal(1, table.Route(new(Muc, "news"), one).Count);
        Assert.Equal(3, table.Route(new(Muc, "other"), many).Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Og1)]
    public void Route_NodeThatIsNoEdgeOrRelay_Throws(int node) =>
        Assert.Throws<ArgumentException>(() => new TableSketch().Build().Route(new PathRequest(node, "news"), new RankedPath[3]));

    [Fact]
    public void Route_NoRoom_Throws() =>
        Assert.Throws<ArgumentException>(() => new TableSketch().Build().Route(new PathRequest(Muc, "news"), []));

    [Fact]
    public void Route_TableWithoutRelays_HasNoPath()
    {
        TableContent content = new TableSketch().Content() with { Relays = [], Origins = [], Paths = PathRows.None, Streams = [], Endpoints = EndpointRows.None };
        RoutingTable table = RoutingTable.Create(content, First, Noon);
        Assert.Equal(DecisionReason.NoPath, table.Route(new(Muc, "news"), new RankedPath[3]).Reason);
    }

    private static (RouteDecision Decision, string[] Paths) Route(in PathRequest request)
    {
        RoutingTable table = new TableSketch().Build();
        RankedPath[] ranked = new RankedPath[3];
        RouteDecision decision = table.Route(request, ranked);
        List<string> paths = [];
        foreach (RankedPath found in ranked[..decision.Count])
        {
            UpstreamPath path = table.Path(found.Path);
            Assert.Equal(path.Relays.Length + 1, path.HopRttMicroseconds.Length);
            string disjoint = found.IsDisjoint ? " disjoint" : "";
            paths.Add($"{string.Join(",", path.Relays.ToArray())} > og{path.Origin} {path.RttMicroseconds}{disjoint}");
        }
        return (decision, [.. paths]);
    }
}
