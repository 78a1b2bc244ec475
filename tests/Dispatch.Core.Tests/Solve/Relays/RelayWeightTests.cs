using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;

namespace TrafficDispatch.Core.Tests.Solve.Relays;

/// <summary>What a path weighs, and what that does to ranks, last resorts and ingest.</summary>
public sealed class RelayWeightTests
{
    [Fact]
    public void Weight_LossAndJitter_CountAsDocumented()
    {
        Link link = new(0, 0, new(20), true) { Loss = 0.05, Jitter = new(1.5) };
        Assert.Equal((21_000, 3_000), (HopWeight.Base(link), HopWeight.Jitter(link)));
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(599, 1000)]
    [InlineData(600, 1500)]
    [InlineData(799, 1500)]
    [InlineData(800, 3000)]
    [InlineData(950, 8000)]
    [InlineData(999, 8000)]
    [InlineData(1000, 100_000)]
    [InlineData(5000, 100_000)]
    public void FactorAt_Load_RisesAtTheSteps(long load, int factor) => Assert.Equal(factor, HopWeight.FactorAt(load, 1000));

    [Fact]
    public void FactorAt_UnknownOrNoCapacity_IsOneOrOverload() => Assert.Equal((1000, 100_000), (HopWeight.FactorAt(9, -1), HopWeight.FactorAt(0, 0)));

    /// <summary>The flow pays for a load what the steps' integral is: cheap first, then dearer, without end.</summary>
    [Fact]
    public void Steps_Cost_IsConvexAndAdditive()
    {
        CapacitySteps whole = new(1000, 0, 10_000);
        Int128 last = 0, lastRise = 0;
        for (int load = 1; load < 1200; load++)
        {
            Int128 cost = whole.Cost(load), rise = cost - last;
            Assert.True(rise >= lastRise);
            Assert.Equal(cost, whole.Cost(load / 3) + new CapacitySteps(1000, load / 3, 10_000).Cost(load - load / 3));
            (last, lastRise) = (cost, rise);
        }
        Assert.Equal(0, whole.Cost(600));
        Assert.Equal(5_000, whole.Cost(601));
    }

    [Fact]
    public void FromEdge_LossyLink_RanksBehindALongerCleanOne()
    {
        World world = World([(0, 10, 0.9, 0), (1, 15, 0, 0), (2, 12, 0, 4)]);
        ImmutableArray<RelayPath> paths = new RelayPlanner(world).FromEdge(0, 0);
        Assert.Equal<int>([1, 0, 2], [.. paths.Select(static p => p.Relays[0])]);
        Assert.Equal([20_000, 24_000, 25_000], paths.Select(static p => p.WeightMicroseconds));
    }

    [Fact]
    public void FromEdge_LoadedRelay_RanksBehindAFreeOne()
    {
        World world = World([(0, 10, 0, 0), (1, 15, 0, 0)]);
        RelayLoads loads = new(new RelayGraph(world));
        loads.Relay[0] = loads.Graph.RelayCapacity[0] * 9 / 10;
        RelayPlanner planner = new(loads, new RelayLaw(world));
        Assert.Equal<int>([1, 0], [.. planner.FromEdge(0, 0).Select(static p => p.Relays[0])]);
        Assert.Equal(15_000 + 2 * 10_000, planner.FromEdge(0, 0)[1].WeightMicroseconds);
    }

    [Fact]
    public void LastResort_FourRelays_IsTheNextLightestWithRoom()
    {
        World world = World([(0, 10, 0, 0), (1, 15, 0, 0), (2, 20, 0, 0), (3, 25, 0, 0), (4, 30, 0, 0)]);
        RelayLoads loads = new(new RelayGraph(world));
        RelayPlanner planner = new(loads, new RelayLaw(world));
        Assert.Equal(3, planner.FromEdge(0, 0).Length);
        Assert.Equal<int>([3], planner.LastResortFromEdge(0, 0)!.Relays);
        loads.Relay[3] = loads.Graph.RelayCapacity[3] * 81 / 100;
        Assert.Equal<int>([4], new RelayPlanner(loads, new RelayLaw(world)).LastResortFromEdge(0, 0)!.Relays);
    }

    [Fact]
    public void LastResort_SharesADomain_IsAllowedAndMarked()
    {
        World world = World([(0, 10, 0, 0), (1, 15, 0, 0), (2, 20, 0, 0), (3, 25, 0, 0)], static r => r == 3 ? "D0" : $"D{r}");
        RelayPath last = new RelayPlanner(world).LastResortFromEdge(0, 0)!;
        Assert.True(last.IsLastResort);
        Assert.False(last.IsDisjoint);
    }

    [Fact]
    public void LastResort_ForbiddenRelay_IsNoneRatherThanUnlawful()
    {
        World open = World([(0, 10, 0, 0), (1, 15, 0, 0), (2, 20, 0, 0), (3, 25, 0, 0)]);
        World bound = new(open.Facts with
        {
            Relays = [.. open.Relays.Select(static (r, i) => i == 3 ? r with { Jurisdiction = "Abroad" } : r)],
            AllowedHops = [new("J1", NodeKind.Relay, ["J1"])],
        });
        Assert.NotNull(new RelayPlanner(open).LastResortFromEdge(0, 0));
        Assert.Null(new RelayPlanner(bound).LastResortFromEdge(0, 0));
    }

    [Fact]
    public void Ingest_ShippedWorld_IsLawfulHealthyAndNearestByWeight()
    {
        World world = ShippedWorld.World;
        IngestPlanner planner = Planner(world);
        for (int r = 0; r < world.Regions.Length; r++)
        {
            IReadOnlyList<IngestWay> ways = planner.FromRegion(r);
            Assert.NotEmpty(ways);
            Assert.Equal(ways.OrderBy(static w => w.WeightMicroseconds), ways);
            foreach (IngestWay way in ways)
            {
                string own = world.Regions[r].Jurisdiction, there = world.Origins[way.Origin].Jurisdiction;
                Assert.True(world.Law.Allows(own, NodeKind.Origin, there));
                Assert.True(there == own || !world.Law.IsBound(there));
            }
        }
        Assert.Equal("og-2", world.Origins[planner.FromRegion(world.RegionOrdinal("DE-03"))[0].Origin].Id);
        Assert.Equal("og-4", world.Origins[planner.FromRelay(world.RelayOrdinal("rl-tokyo"))[0].Origin].Id);
        Assert.Equal("og-2", world.Origins[planner.FromEdge(world.EdgeOrdinal("own-fra"))[0].Origin].Id);
    }

    [Fact]
    public void Ingest_OriginDownOrFull_GoesElsewhere()
    {
        World world = ShippedWorld.World;
        World down = new(world.Facts with { Health = [new(HealthScope.Origin, "og-2", HealthState.Drained, 0)] });
        int munich = world.RegionOrdinal("DE-03"), frankfurt = world.OriginOrdinal("og-2");
        Assert.DoesNotContain(frankfurt, Planner(down).FromRegion(munich).Select(static w => w.Origin));
        World tiny = new(world.Facts with { Origins = [.. world.Origins.Select(static o => o.Id == "og-2" ? o with { Capacity = new(0) } : o)] });
        Assert.Equal(0, Planner(tiny).RoomKbps(frankfurt));
        Assert.DoesNotContain(frankfurt, Planner(tiny).FromRegion(munich).Select(static w => w.Origin));
        Assert.Equal(1_102_000_000, Planner(world).RoomKbps(frankfurt));
    }

    private static IngestPlanner Planner(World world)
    {
        Assert.True(StreamRegistry.TryCreate(world, [], out StreamRegistry? none, out _));
        return new(StreamPlanner.Plan(world, StreamAudience.Of(none, [.. world.Edges.Select(static _ => Array.Empty<(int, int)>())])));
    }

    /// <summary>One edge, one origin 5 ms behind every relay; each relay by round trip, loss and jitter from the edge.</summary>
    private static World World((int Relay, double Rtt, double Loss, double Jitter)[] links, Func<int, string>? domain = null)
    {
        Place place = new("Town", "AA", "EU", "Z", new(0, 0));
        return new World(new SmallProblem([1], [1], [[1]], [0], [false]).ToWorld().Facts with
        {
            Edges = [.. new SmallProblem([1], [1], [[1]], [0], [false]).ToWorld().Edges.Select(static e => e with { Jurisdiction = "J1" })],
            Relays = [.. links.Select(l => new Relay($"r{l.Relay}", place, new(1), 0, domain?.Invoke(l.Relay) ?? $"D{l.Relay}", "J1"))],
            Origins = [new Origin("og", place, new(1), "OG", "J1")],
            EdgeRelayLinks = [.. links.Select(static l => new Link(0, l.Relay, new(l.Rtt), true) { Loss = l.Loss, Jitter = new(l.Jitter) })],
            RelayOriginLinks = [.. links.Select(static l => new Link(l.Relay, 0, new(5), true))],
        });
    }
}
