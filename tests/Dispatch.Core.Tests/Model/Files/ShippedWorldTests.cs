using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Core.Tests.Model.Files;

public sealed class ShippedWorldTests
{
    [Fact]
    public void Load_ShippedWorld_HasThePublishedCountsAndNoFault()
    {
        WorldLoadResult result = ShippedWorld.Result;
        Assert.True(result.IsLoaded, string.Join('\n', result.Faults));
        Assert.Empty(result.Warnings);
        World world = result.World;
        Assert.Equal((559, 271), (world.Regions.Length, world.Edges.Length));
        Assert.Equal((36 + 4, 6 + 3), (world.Relays.Length, world.Origins.Length));
        Assert.Equal(201_410, world.Facts.Prefixes.Length);
        Assert.Equal((135_187, 66_223), (world.Facts.Prefixes.Count(static p => !p.Prefix.Address.IsIPv6), world.Facts.Prefixes.Count(static p => p.Prefix.Address.IsIPv6)));
        Assert.Equal((1626 + 47, 40 * 39 / 2, 40 * 9), (world.Facts.EdgeRelayLinks.Length, world.Facts.RelayRelayLinks.Length, world.Facts.RelayOriginLinks.Length));
    }

    /// <summary>The README of the tables gives 19.98 Tbit/s of local peaks and at most 15.59 at one moment, 16 h UTC.</summary>
    [Fact]
    public void Demand_OfTheShippedWorld_IsThePublishedOne()
    {
        World world = ShippedWorld.World;
        Assert.Equal(19_979.5, world.Regions.Sum(static r => r.Peak.Value), 0.5);
        double[] byHour = [.. Enumerable.Range(0, 24).Select(h => Enumerable.Range(0, world.Regions.Length).Sum(r => new Snapshot(world, h).Demand(r).Value))];
        Assert.Equal(16, Array.IndexOf(byHour, byHour.Max()));
        Assert.Equal(15_592.2, byHour[16], 1.0);
    }

    /// <summary>The sample's answers were made by brute force from the same tables; here each length is tried in turn.</summary>
    [Fact]
    public void Prefixes_OfTheShippedWorld_AnswerTheSampleOfLookups()
    {
        World world = ShippedWorld.World;
        Dictionary<IpPrefix, int> table = world.Facts.Prefixes.ToDictionary(static p => p.Prefix, static p => p.Location);
        string[] lines = File.ReadAllLines(Path.Combine(ShippedWorld.Directory, "lookups_sample.csv"));
        Assert.Equal(5_001, lines.Length);
        Assert.All(lines.Skip(1), line =>
        {
            ClientAddress address = ClientAddress.Parse(line.Split(',')[0]);
            int length = address.Width;
            while (length >= 0 && !table.ContainsKey(IpPrefix.Around(address, length))) length--;
            int location = length < 0 ? PrefixEntry.None : table[IpPrefix.Around(address, length)];
            string region = location == PrefixEntry.None ? "" : world.Regions[location].Id;
            Assert.Equal(line, string.Create(CultureInfo.InvariantCulture, $"{line.Split(',')[0]},{region},{length}"));
        });
    }

    /// <summary>Every edge that must keep its streams inside has two ways there that share no relay, no origin and no fault domain.</summary>
    [Theory]
    [InlineData("CN")]
    [InlineData("RU")]
    public void Links_OfABoundJurisdiction_HoldTwoDisjointWaysInside(string law)
    {
        World world = ShippedWorld.World;
        HashSet<int> edges = [.. world.Edges.Index().Where(e => e.Item.Jurisdiction == law).Select(static e => e.Index)];
        Assert.NotEmpty(edges);
        foreach (int edge in edges)
        {
            var ways = (from up in world.Facts.EdgeRelayLinks
                        where up.From == edge && world.Relays[up.To].Jurisdiction == law
                        from next in world.Facts.RelayOriginLinks
                        where next.From == up.To && world.Origins[next.To].Jurisdiction == law
                        select (Relay: world.Relays[up.To], Origin: world.Origins[next.To])).ToList();
            bool disjoint = ways.Exists(a => ways.Exists(b => a.Relay.Id != b.Relay.Id && a.Origin.Id != b.Origin.Id &&
                !new[] { a.Relay.FaultDomain, a.Origin.FaultDomain }.Intersect([b.Relay.FaultDomain, b.Origin.FaultDomain]).Any()));
            Assert.True(disjoint, world.Edges[edge].Id);
        }
    }

    [Fact]
    public void Endpoints_OfTheShippedWorld_CoverEveryEdgeAndService()
    {
        World world = ShippedWorld.World;
        HashSet<(string, string)> held = [.. world.Facts.Endpoints.Select(static e => (e.NodeId, e.ServiceId))];
        Assert.All(world.Edges, e => Assert.All(world.Services, s => Assert.Contains((e.Id, s.Id), held)));
        Assert.All(world.Relays, r => Assert.Contains((r.Id, "live"), held));
        IpPrefix v4 = Prefix("198.18.0.0/15"), v6 = Prefix("2001:db8::/32");
        Assert.All(world.Facts.Endpoints, e => Assert.True(e.Type switch
        {
            EndpointType.A => v4.Contains(ClientAddress.Parse(e.Value)),
            EndpointType.Aaaa => v6.Contains(ClientAddress.Parse(e.Value)),
            _ => e.Value.EndsWith(".example.net", StringComparison.Ordinal),
        }));
    }

    [Fact]
    public void Contracts_OfTheShippedWorld_BillEveryEdgeOnce()
    {
        World world = ShippedWorld.World;
        Assert.Equal((45, 13), (world.Facts.Contracts.Length, world.Facts.Peering.Length));
        ILookup<string, Contract> bills = world.Facts.Contracts.Where(static c => c.Tiers.Length > 0)
            .SelectMany(static c => c.Edges.Select(e => (Edge: e, Contract: c))).ToLookup(static p => p.Edge, static p => p.Contract);
        Assert.All(world.Edges, e =>
        {
            Contract bill = Assert.Single(bills[e.Id]);
            Assert.Equal(e.IsThirdParty ? BillingMethod.Volume : BillingMethod.Percentile95, bill.Billing);
            double list = e.IsThirdParty ? e.Price.UsdPerGb : e.Price.UsdPerMbpsMonth;
            Assert.InRange(list, bill.Tiers[0].Usd, bill.Tiers[^1].Usd);
            Assert.True(bill.Commit.Value > 0);
        });
    }

    /// <summary>Whatever the ceilings and caps take from whole edges at most, the rest still exceeds the demand of the busiest hour by a third.</summary>
    [Fact]
    public void Bounds_OfTheShippedWorld_LeaveRoomForTheBusiestHour()
    {
        World world = ShippedWorld.World;
        Dictionary<string, double> room = world.Edges.ToDictionary(static e => e.Id, static e => e.Capacity.Value);
        foreach (PeeringCap cap in world.Facts.Peering) room[world.Edges[cap.Edge].Id] = Math.Min(room[world.Edges[cap.Edge].Id], cap.Capacity.Value);
        double taken = world.Facts.Contracts.Sum(c => c.Ceiling is { } ceiling ? Math.Max(0, c.Edges.Sum(e => room[e]) - ceiling.Value) : 0);
        double busiest = Enumerable.Range(0, 24).Max(h => Enumerable.Range(0, world.Regions.Length).Sum(r => new Snapshot(world, h).Demand(r).Value));
        Assert.InRange(room.Values.Sum() - taken, 4.0 / 3 * busiest, 2 * busiest);
    }

    [Fact]
    public void Loss_OfTheShippedWorld_LeavesEveryRegionAndClassEdgesInReach()
    {
        World world = ShippedWorld.World;
        for (int r = 0; r < world.Regions.Length; r++)
            foreach (TrafficClass c in world.Classes)
            {
                double reach = 0;
                for (int e = 0; e < world.Edges.Length; e++)
                {
                    bool eligible = world.Law.Allows(world.Regions[r], world.Edges[e]) && !(world.Facts.Loss!.Row(r)[e] > c.MaxLoss) &&
                        !(world.Rtt[r, e].Value > c.MaxRtt?.Value);
                    reach += eligible ? world.Edges[e].Capacity.Value : 0;
                }
                Assert.True(reach > world.Regions[r].Peak.Value, $"{world.Regions[r].Id} {c.Id}");
            }
    }

    [Fact]
    public void Links_OfTheShippedWorld_AllHaveRoomLossAndJitter() =>
        Assert.All(
            [.. ShippedWorld.World.Facts.EdgeRelayLinks, .. ShippedWorld.World.Facts.RelayRelayLinks, .. ShippedWorld.World.Facts.RelayOriginLinks],
            static l => Assert.True(l.Capacity?.Value >= 40 && l.Loss is >= 0 and <= 0.004 && l.Jitter.Value is >= 0.2 and < 10));

    private static IpPrefix Prefix(string text) => IpPrefix.TryParse(text, out IpPrefix prefix, out _) ? prefix : throw new FormatException(text);
}
