using TrafficDispatch.Dns.Answers;
using TrafficDispatch.Dns.Tests.Wire;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Dns.Zones;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Dns.Tests.Answers;

/// <summary>Which of several ranked edges an answer holds.</summary>
public sealed class EdgesTests
{
    private static readonly TableEndpoint A1 = new(EndpointType.A, "198.18.0.1"), A2 = new(EndpointType.A, "198.18.0.2"), A3 = new(EndpointType.A, "198.18.0.3"),
        Aaaa = new(EndpointType.Aaaa, "2001:db8::3"), Name = new(EndpointType.Cname, "muc.cdn.example.org");

    [Theory]
    [InlineData(1, "198.18.0.1 198.18.0.2")]
    [InlineData(2, "198.18.0.1 198.18.0.2 198.18.0.3")]
    [InlineData(8, "198.18.0.1 198.18.0.2 198.18.0.3")]
    public void Answer_AddressesFirst_HoldsThoseOfSoManyEdgesAndNoName(int edges, string expected) =>
        Assert.Equal(expected, Ask(edges, [A1, A2], [Name], [A2, A3, Aaaa]));

    [Fact]
    public void Answer_OtherFamily_ComesFromLaterEdgesOnlyWhereTheyCount()
    {
        Assert.Equal("", Ask(1, [A1], [Name], [Aaaa], DnsType.Aaaa));
        Assert.Equal("2001:db8::3", Ask(2, [A1], [Name], [Aaaa], DnsType.Aaaa));
    }

    [Fact]
    public void Answer_NameFirst_IsTheNameAlone() => Assert.Equal("muc.cdn.example.org", Ask(8, [Name], [A1], [A3]));

    [Fact]
    public void Answer_EdgeWithoutEndpoints_IsPassedOver()
    {
        Assert.Equal("198.18.0.3", Ask(1, [], [A3], [A1]));
        Assert.Equal("muc.cdn.example.org", Ask(1, [], [Name], [A1]));
        Assert.Equal("", Ask(1, [], [], []));
    }

    /// <summary>The answer for a client of Munich, whose edges are own-muc, cdn-muc and own-fra in this order.</summary>
    private static string Ask(int edges, TableEndpoint[] muc, TableEndpoint[] cdn, TableEndpoint[] fra, DnsType type = DnsType.A)
    {
        TableSketch sketch = new();
        sketch.Entries[TableSketch.De] = (0, [(TableSketch.Muc, 16384), (TableSketch.Cdn, 0), (TableSketch.Fra, 0)]);
        TableContent content = sketch.Content();
        List<int> start = [0];
        List<TableEndpoint> all = [];
        for (int row = 0; row < content.NodeCount * content.Services.Length; row++)
        {
            // live is the first service, so its rows are those of the edges.
            all.AddRange(row switch { TableSketch.Muc => muc, TableSketch.Cdn => cdn, TableSketch.Fra => fra, _ => [] });
            start.Add(all.Count);
        }
        RoutingTable table = RoutingTable.Create(content with { Endpoints = new([.. start], [.. all]) }, TableSketch.First, TableSketch.Noon);
        byte[] room = new byte[DnsMessage.MaxBytes];
        int length = DnsResponder.Respond(Messages.Query("live.example.net", type, Messages.Subnet("192.0.2.0/26")),
            new DnsTable(table, new ZoneRules { Edges = edges }), default, static _ => -1, false, room, new AnswerSheet());
        return string.Join(' ', Messages.Read(room.AsSpan(0, length)).Answers.Select(static r => r.Data.ToText()));
    }
}
