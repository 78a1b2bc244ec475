using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>A test for each sentence that says how a client's edges are chosen.</summary>
public sealed class RoutingTableDecideTests
{
    private static readonly ClientAddress German = ClientAddress.Parse("192.0.2.7");

    [Fact]
    public void Decide_AddressInRegion_AnswersWithThePlansEdgesAndItsScope()
    {
        RoutingTable table = new TableSketch().Build();
        (Decision decision, ushort[] edges) = Decide(table, DecisionRequest.ForAddress(Live, German));

        Assert.Equal(DecisionReason.Assigned, decision.Reason);
        Assert.Equal(De, decision.Region);
        Assert.Equal("AS64500", decision.Network);
        Assert.Equal(24, decision.MatchedLength);
        Assert.Equal(25, decision.ScopeLength); // the other half of the /24 belongs to no region
        Assert.Equal(20, decision.TtlSeconds);
        Assert.Equal([Muc, Fra, Cdn], edges.Order());
        Assert.Equal(Cdn, edges[2]); // the backup comes after the chosen
        Assert.Equal(edges[0] == Muc ? 10240 : 6144, decision.Share);
    }

    [Theory]
    [InlineData("198.51.100.1", 26)] // the matched prefix is longer than the granule
    [InlineData("203.0.113.1", 24)] // as long as the granule
    [InlineData("2001:db8:1::1", 48)] // the granule is longer than the matched prefix
    [InlineData("9.9.9.9", 24)] // in no prefix
    public void Decide_AnyAddress_AnswerHoldsInItsWholeScope(string text, int scope)
    {
        RoutingTable table = new TableSketch().Build();
        ClientAddress address = ClientAddress.Parse(text);
        (Decision decision, ushort[] edges) = Decide(table, DecisionRequest.ForAddress(Live, address));
        Assert.Equal(scope, decision.ScopeLength);
        IpPrefix block = IpPrefix.Around(address, scope);
        UInt128 host = ((UInt128)1 << (address.Width - scope)) - 1;
        foreach (UInt128 bits in new UInt128[] { 0, 1, host / 2, host / 2 + 1, host })
        {
            (Decision other, ushort[] otherEdges) = Decide(table, DecisionRequest.ForAddress(Live, address with { Bits = block.Address.Bits | bits }));
            Assert.Equal(decision, other);
            Assert.Equal(edges, otherEdges);
        }
    }

    [Theory]
    [InlineData("203.0.112.0/20", 24)] // shorter than the granule: the granule is kept
    [InlineData("192.0.2.0/26", 25)]
    [InlineData("2001:db8::/56", 48)]
    public void Decide_Subnet_AnswersAsForItsFirstAddress(string subnet, int scope)
    {
        RoutingTable table = new TableSketch().Build();
        IpPrefix prefix = Prefix(subnet);
        (Decision decision, ushort[] edges) = Decide(table, DecisionRequest.ForSubnet(Live, prefix));
        (Decision single, ushort[] singleEdges) = Decide(table, DecisionRequest.ForAddress(Live, prefix.Address));
        Assert.Equal(scope, decision.ScopeLength);
        Assert.Equal(single, decision);
        Assert.Equal(singleEdges, edges);
    }

    [Theory]
    [InlineData("9.9.9.9", -1)]
    [InlineData("192.0.2.200", 25)] // a prefix that says: no region
    public void Decide_AddressInNoRegion_TakesTheDefaultRoute(string address, int matched)
    {
        (Decision decision, ushort[] edges) = Decide(new TableSketch().Build(), DecisionRequest.ForAddress(Live, ClientAddress.Parse(address)));
        Assert.Equal(DecisionReason.DefaultRoute, decision.Reason);
        Assert.Equal(NoRegion, decision.Region);
        Assert.Equal(matched, decision.MatchedLength);
        Assert.Equal("", decision.Network);
        Assert.Equal([Fra, Muc], edges);
    }

    [Fact]
    public void Decide_ByRegion_HasNoScopeAndIsStableOnTheRegionsId()
    {
        RoutingTable table = new TableSketch().Build();
        (Decision decision, ushort[] edges) = Decide(table, DecisionRequest.ForRegion(Live, De));
        Assert.Equal((0, -1, De), (decision.ScopeLength, decision.MatchedLength, decision.Region));
        (_, ushort[] keyed) = Decide(table, DecisionRequest.ForRegion(Live, De) with { SessionKey = "DE-03"u8 });
        Assert.Equal(keyed, edges);
    }

    [Fact]
    public void Decide_SessionKey_DecidesAloneWhereverTheClientIs()
    {
        RoutingTable table = new TableSketch().Build();
        HashSet<ushort> seen = [];
        for (int user = 0; user < 50; user++)
        {
            byte[] key = Encoding.UTF8.GetBytes($"user-{user}");
            (Decision here, ushort[] edges) = Decide(table, DecisionRequest.ForAddress(Live, German) with { SessionKey = key });
            (_, ushort[] there) = Decide(table, DecisionRequest.ForAddress(Live, ClientAddress.Parse("2001:db8:7::1")) with { SessionKey = key });
            Assert.True(here.IsKeyed);
            Assert.Equal(edges, there);
            seen.Add(edges[0]);
        }
        Assert.Equal([Muc, Fra], seen.Order());
    }

    [Fact]
    public void Decide_SameIdsInAnotherOrder_KeepsEveryClient()
    {
        TableSketch sketch = new(), turned = new();
        (turned.Edges[Muc], turned.Edges[Fra]) = (turned.Edges[Fra], turned.Edges[Muc]);
        turned.Entries[De] = (0, [(Muc, 6144), (Fra, 10240)]);
        RoutingTable table = sketch.Build(), other = turned.Build();
        for (int user = 0; user < 200; user++)
        {
            byte[] key = Encoding.UTF8.GetBytes($"user-{user}");
            ushort first = Decide(table, DecisionRequest.ForRegion(Live, De) with { SessionKey = key }).Edges[0];
            ushort otherFirst = Decide(other, DecisionRequest.ForRegion(Live, De) with { SessionKey = key }).Edges[0];
            Assert.Equal(table.Content.Edges[first].Id, other.Content.Edges[otherFirst].Id);
        }
    }

    [Fact]
    public void Decide_FewerWanted_GivesTheFirstOnes()
    {
        RoutingTable table = new TableSketch().Build();
        EdgeShare[] all = new EdgeShare[16], one = new EdgeShare[1];
        int count = table.Decide(DecisionRequest.ForRegion(Live, De), all).Count;
        Assert.Equal(3, count);
        Assert.Equal(1, table.Decide(DecisionRequest.ForRegion(Live, De), one).Count);
        Assert.Equal(all[0], one[0]);
    }

    [Fact]
    public void Decide_MoreThanSixtyFourWanted_RanksSixtyFour()
    {
        TableSketch sketch = new();
        for (int e = sketch.Edges.Count; e < 100; e++) sketch.Edges.Add(new($"edge-{e}", "own", "", "EU", "", HealthState.Up));
        ushort[] weights = new ushort[100];
        Shares.Quantise([.. Enumerable.Range(0, 100).Select(static e => e < 70 ? 1L : 0)], 0, weights, out _);
        sketch.Entries[De] = (0, [.. weights.Select(static (w, e) => ((ushort)e, w))]);
        sketch.Paths.Clear();
        (Decision decision, ushort[] edges) = Decide(sketch.Build(), DecisionRequest.ForRegion(Live, De), 100);
        Assert.Equal((64, 64), (decision.Count, edges.Distinct().Count()));
        Assert.Equal(edges[..16], Decide(sketch.Build(), DecisionRequest.ForRegion(Live, De)).Edges);
    }

    [Fact]
    public void Decide_ExcludedEdge_LeavesTheOthersInOrder()
    {
        RoutingTable table = new TableSketch().Build();
        (_, ushort[] all) = Decide(table, DecisionRequest.ForRegion(Live, De));
        (Decision decision, ushort[] edges) = Decide(table, DecisionRequest.ForRegion(Live, De) with { Excluded = [all[0]] });
        Assert.Equal(all[1..], edges);
        Assert.Equal(DecisionReason.Assigned, decision.Reason);
    }

    [Fact]
    public void Decide_EveryChosenEdgeOut_TakesTheBackups()
    {
        RoutingTable table = new TableSketch().Build();
        (Decision decision, ushort[] edges) = Decide(table, DecisionRequest.ForRegion(Live, De) with { Excluded = [Fra], Down = [1UL << Muc] });
        Assert.Equal(DecisionReason.Backup, decision.Reason);
        Assert.Equal([Cdn], edges);
        Assert.Equal(0, decision.Share);
    }

    [Fact]
    public void Decide_DrainedEdge_IsNeverAnswered()
    {
        TableSketch sketch = new();
        sketch.Entries[De] = (0, [(Old, 16384)]);
        RoutingTable table = sketch.Build();
        foreach (int service in new[] { Live, Bulk, Web })
        {
            Assert.DoesNotContain(Old, Decide(table, DecisionRequest.ForRegion(service, De)).Edges);
            Assert.DoesNotContain(Old, Decide(table, DecisionRequest.ForRegion(service, De) with { Down = [ulong.MaxValue] }).Edges);
        }
    }

    [Fact]
    public void Decide_LawBoundRegionWithAllItsEdgesOut_NeverLeavesItsEntry()
    {
        RoutingTable table = new TableSketch().Build();
        Assert.Equal([Pek], Decide(table, DecisionRequest.ForRegion(Live, Cn)).Edges);
        (Decision decision, ushort[] edges) = Decide(table, DecisionRequest.ForRegion(Live, Cn) with { Excluded = [Pek] });
        Assert.Equal((DecisionReason.NoEdge, 0), (decision.Reason, edges.Length));
    }

    [Fact]
    public void Decide_NoEdgeAllowed_SaysSoUnderEveryPolicy()
    {
        RoutingTable table = new TableSketch().Build();
        foreach (int service in new[] { Live, Bulk, Web })
        {
            (Decision decision, _) = Decide(table, DecisionRequest.ForRegion(service, Us));
            Assert.Equal((DecisionReason.NoEdge, 0), (decision.Reason, decision.Count));
        }
    }

    [Fact]
    public void Decide_AllDown_LastGoodIgnoresHealthButNotExclusions()
    {
        RoutingTable table = new TableSketch().Build();
        (_, ushort[] up) = Decide(table, DecisionRequest.ForRegion(Live, De));
        (Decision decision, ushort[] edges) = Decide(table, DecisionRequest.ForRegion(Live, De) with { Down = [ulong.MaxValue] });
        Assert.Equal(DecisionReason.LastGood, decision.Reason);
        Assert.Equal(up, edges);
        (decision, edges) = Decide(table, DecisionRequest.ForRegion(Live, De) with { Down = [ulong.MaxValue], Excluded = [Muc, Cdn] });
        Assert.Equal(DecisionReason.LastGood, decision.Reason);
        Assert.Equal([Fra], edges);
    }

    [Theory]
    [InlineData(Bulk, DecisionReason.NoEdge)]
    [InlineData(Web, DecisionReason.Fallback)]
    public void Decide_AllDown_OtherPoliciesGiveNoEdge(int service, DecisionReason reason)
    {
        (Decision decision, ushort[] edges) =
            Decide(new TableSketch().Build(), DecisionRequest.ForRegion(service, De) with { Down = [ulong.MaxValue] });
        Assert.Equal(reason, decision.Reason);
        Assert.Empty(edges);
    }

    [Fact]
    public void Decide_Overflow_SpillsToTheBestAllowedEdgeOrShedsTheUnservedShare()
    {
        TableSketch sketch = new();
        sketch.Entries[De] = (4096, [(Fra, 8192), (Muc, 4096), (Cdn, 0)]);
        RoutingTable table = sketch.Build();
        int turnedAway = 0;
        const int clients = 4000;
        for (int user = 0; user < clients; user++)
        {
            byte[] key = Encoding.UTF8.GetBytes($"user-{user}");
            (Decision spill, ushort[] spilled) = Decide(table, DecisionRequest.ForRegion(Live, De) with { SessionKey = key });
            (Decision shed, ushort[] kept) = Decide(table, DecisionRequest.ForRegion(Bulk, De) with { SessionKey = key });
            Assert.Equal(spill.Reason == DecisionReason.OverCapacity, shed.Reason == DecisionReason.Shed);
            if (shed.Reason != DecisionReason.Shed)
            {
                Assert.Equal(spilled, kept);
                continue;
            }
            turnedAway++;
            Assert.Empty(kept);
            Assert.Equal([Fra, Muc, Cdn], spilled);
            Assert.Equal((4096, 4096), (spill.Share, shed.Share));
        }
        Assert.InRange(turnedAway, clients / 4 - 100, clients / 4 + 100);
    }

    [Fact]
    public void Decide_EdgeFailsUnderOverflow_TurnsNobodyElseAway()
    {
        TableSketch sketch = new();
        sketch.Entries[De] = (4096, [(Fra, 8192), (Muc, 4096)]);
        RoutingTable table = sketch.Build();
        for (int user = 0; user < 500; user++)
        {
            byte[] key = Encoding.UTF8.GetBytes($"user-{user}");
            DecisionReason before = Decide(table, DecisionRequest.ForRegion(Bulk, De) with { SessionKey = key }).Decision.Reason;
            DecisionReason after = Decide(table, DecisionRequest.ForRegion(Bulk, De) with { SessionKey = key, Down = [1UL << Fra] }).Decision.Reason;
            Assert.Equal(before, after);
        }
    }

    [Fact]
    public void Decide_NobodyPlannedButBackups_SpillsToTheFirstBackup()
    {
        TableSketch sketch = new();
        sketch.Entries[De] = (16384, [(Cdn, 0), (Muc, 0)]);
        (Decision decision, ushort[] edges) = Decide(sketch.Build(), DecisionRequest.ForRegion(Live, De));
        Assert.Equal(DecisionReason.OverCapacity, decision.Reason);
        Assert.Equal([Cdn, Muc], edges);
    }

    [Fact]
    public void Decide_UnwrappedIPv4_AnswersAsIPv4()
    {
        RoutingTable table = new TableSketch().Build();
        (Decision mapped, ushort[] edges) = Decide(table, DecisionRequest.ForAddress(Live, ClientAddress.Parse("::ffff:192.0.2.7")));
        (Decision plain, ushort[] plainEdges) = Decide(table, DecisionRequest.ForAddress(Live, German));
        Assert.Equal(plain, mapped);
        Assert.Equal(plainEdges, edges);
    }

    [Fact]
    public void Decide_NoRoom_Throws() =>
        Assert.Throws<ArgumentException>(() => new TableSketch().Build().Decide(DecisionRequest.ForRegion(Live, De), []));

    [Theory]
    [InlineData(Live, -1)]
    [InlineData(Live, 3)]
    [InlineData(-1, De)]
    [InlineData(3, De)]
    public void Decide_ServiceOrRegionOfAnotherTable_Throws(int service, int region) => Assert.Throws<ArgumentException>(
        () => new TableSketch().Build().Decide(DecisionRequest.ForRegion(service, region) with { SessionKey = "k"u8 }, new EdgeShare[3]));

    [Fact]
    public void Decide_WarmedUp_AllocatesNothing()
    {
        TableSketch sketch = new();
        sketch.Entries[De] = (2048, [(Fra, 8192), (Muc, 6144), (Cdn, 0), (Old, 0)]);
        RoutingTable table = sketch.Build();
        EdgeShare[] ranked = new EdgeShare[16];
        RankedPath[] paths = new RankedPath[3];
        Allocations.AssertNone(Run, 2000);

        int Run(int rounds)
        {
            int count = 0;
            for (uint i = 0; i < rounds; i++)
            {
                ClientAddress address = ClientAddress.FromV4(0xC0000200 + i % 512);
                count += table.Decide(DecisionRequest.ForAddress(Live, address) with { Excluded = [Fra], Down = [1UL << Cdn] }, ranked).Count;
                count += table.Decide(DecisionRequest.ForAddress(Bulk, address) with { SessionKey = "viewer"u8 }, ranked).Count;
                count += table.Decide(DecisionRequest.ForRegion(Live, De) with { Down = [ulong.MaxValue] }, ranked).Count;
                count += table.Route(new PathRequest(Muc, "news"), paths).Count + table.Route(new PathRequest(Muc, "other"), paths).Count;
            }
            return count;
        }
    }

    private static (Decision Decision, ushort[] Edges) Decide(RoutingTable table, in DecisionRequest request, int wanted = 16)
    {
        EdgeShare[] ranked = new EdgeShare[wanted];
        Decision decision = table.Decide(request, ranked);
        Assert.Equal(request.Service, decision.Service);
        return (decision, [.. ranked[..decision.Count].Select(static r => r.Edge)]);
    }
}
