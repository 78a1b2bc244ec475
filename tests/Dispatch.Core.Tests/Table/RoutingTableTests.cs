using TrafficDispatch.Model;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

public sealed class RoutingTableTests
{
    [Fact]
    public void Ordinals_KnownAndUnknownIds_AreFoundOrMinusOne()
    {
        RoutingTable table = new TableSketch().Build();
        Assert.Equal((De, -1), (table.RegionOrdinal("DE-03"), table.RegionOrdinal("de-03")));
        Assert.Equal((Cdn, -1, -1), (table.EdgeOrdinal("cdn-muc"), table.EdgeOrdinal("rl-a"), table.EdgeOrdinal("nobody")));
        Assert.Equal((Bulk, -1), (table.ServiceOrdinal("bulk"), table.ServiceOrdinal("")));
        Assert.Equal((Muc, 5, 8, -1), (table.NodeOrdinal("own-muc"), table.NodeOrdinal("rl-a"), table.NodeOrdinal("og-1"), table.NodeOrdinal("DE-03")));
        Assert.Equal((5, 9), (table.NodeOfRelay(0), table.NodeOfOrigin(1)));
        Assert.Equal((Live, Bulk, -1),
            (table.ServiceOrdinalOfHost("TV.example.net"), table.ServiceOrdinalOfHost("get.example.net"), table.ServiceOrdinalOfHost("x.example.net")));
    }

    [Fact]
    public void Endpoints_ByServiceAndNode_AreThoseOfThatPair()
    {
        RoutingTable table = new TableSketch().Build();
        Assert.Equal([new(EndpointType.A, "198.18.0.1"), new(EndpointType.Aaaa, "2001:db8::1")], table.Endpoints(Live, Muc).ToArray());
        Assert.Equal([new(EndpointType.Cname, "muc.cdn.example.net")], table.Endpoints(Bulk, Cdn).ToArray());
        Assert.Equal(0, table.Endpoints(Bulk, Muc).Length);
        RoutingTable bare = RoutingTable.Create(new TableSketch().Content() with { Endpoints = EndpointRows.None }, First, Noon);
        Assert.Equal(0, bare.Endpoints(Live, Muc).Length);
    }

    [Fact]
    public void Entry_RegionOrDefaultRoute_IsThatOfTheContent()
    {
        RoutingTable table = new TableSketch().Build();
        TableEntry entry = table.Entry(Live, De);
        Assert.Equal([Muc, Fra, Cdn, Old], entry.Edges.ToArray());
        Assert.Equal([10240, 6144, 0, 0], entry.Weights.ToArray());
        Assert.Equal(0, entry.Overflow);
        Assert.Equal([Fra, Muc], table.Entry(Live, NoRegion).Edges.ToArray());
    }

    [Fact]
    public void BuiltAt_AnotherTimeZone_IsHeldInUtc()
    {
        RoutingTable table = RoutingTable.Create(new TableSketch().Content(), First, Noon.ToOffset(TimeSpan.FromHours(9)));
        Assert.Equal((Noon, TimeSpan.Zero), (table.BuiltAt, table.BuiltAt.Offset));
    }

    [Fact]
    public void TableVersion_EpochThenNumber_Orders()
    {
        TableVersion[] rising = [TableVersion.None, new(0, 1), new(0, 900), new(1, 0), new(1, 1), new(2, 0)];
        for (int i = 0; i < rising.Length; i++)
        {
            for (int j = 0; j < rising.Length; j++)
            {
                Assert.Equal(i.CompareTo(j), Math.Sign(rising[i].CompareTo(rising[j])));
                Assert.Equal(i < j, rising[i] < rising[j]);
                Assert.Equal(i > j, rising[i] > rising[j]);
                Assert.Equal(i <= j, rising[i] <= rising[j]);
                Assert.Equal(i >= j, rising[i] >= rising[j]);
            }
        }
        Assert.Equal("3.17", new TableVersion(3, 17).ToString());
        Assert.Equal(new TableVersion(3, 18), new TableVersion(3, 17).Next());
    }

    /// <summary>The numbers are part of the wire contract.</summary>
    [Fact]
    public void DecisionReason_Numbers_AreThoseOfTheContract() => Assert.Equal(
        ["Unspecified", "Assigned", "DefaultRoute", "OverCapacity", "Shed", "Backup", "LastGood", "Fallback", "NoEdge", "StreamOrigin", "NearestOrigin", "NoPath",
            "StreamExpired", "LastResort", "IngestOrigin", "NoOrigin", "Failover"],
        Enumerable.Range(0, 17).Select(static n => ((DecisionReason)n).ToString()));
}
