using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Relays;

namespace TrafficDispatch.Core.Tests.Solve.Relays;

public sealed class StreamPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 10, 30, 0, TimeSpan.Zero);

    /// <summary>
    /// Whatever the network: a stream reaches every edge that wants it and has a lawful chain, the law holds at every hop, no chain has more
    /// than three, relays carry what is used and nothing else, and loads and overload are what the copies come to.
    /// </summary>
    [Fact]
    public void Plan_AnyNetwork_ReachesEveryEdgeLawfullyWithinThreeHops() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 7UL).WithMaxTest(1500), Prop.ForAll(SmallRelays.Arbitrary, static p =>
        {
            World world = p.ToWorld();
            StreamPlan plan = StreamPlanner.Plan(world, p.Audience(world));
            string fault = StreamOracle.Fault(plan);
            bool bound = plan.EdgeStage!.Cost >= plan.EdgeStage.LowerBound && plan.TrunkStage!.Cost >= plan.TrunkStage.LowerBound;
            return (fault.Length == 0 && bound && plan.EdgeStage.CertificateValid && plan.TrunkStage!.CertificateValid).Label(fault);
        }));

    /// <summary>The same of a network that lost a relay: the law holds in failover, and who can still be reached is.</summary>
    [Fact]
    public void Plan_AnyNetworkWithARelayDown_ReachesWhoCanBeReached() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261122UL, 7UL).WithMaxTest(500), Prop.ForAll(SmallRelays.Arbitrary, static p =>
        {
            World world = new(p.ToWorld().Facts with { Health = [new(HealthScope.Relay, "r0", HealthState.Down, 0)] });
            StreamPlan plan = StreamPlanner.Plan(world, p.Audience(world));
            bool avoided = !plan.Feeds.Any(static f => f.Relay == 0 || f.Parent == 0);
            for (int e = 0; e < plan.Audience.Edges; e++)
            {
                for (int i = 0; i < plan.Audience.Streams(e).Length; i++)
                {
                    int origin = plan.Audience.Registry.Origin(plan.Audience.Streams(e)[i]);
                    bool reachable = StreamOracle.Chains(world, e, origin).Any(static c => c.First != 0 && c.Second != 0);
                    avoided &= plan.First(plan.Audience.Start(e) + i) >= 0 == reachable;
                }
            }
            return avoided;
        }));

    /// <summary>Small edge stages against every placement: the flow's value is a bound, and rounding stays near the best whole placement.</summary>
    [Fact]
    public void Plan_EdgeStage_BoundIsBelowAndCostNearEveryPlacement()
    {
        double best = 0, ours = 0;
        int compared = 0;
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261123UL, 7UL).WithMaxTest(600), Prop.ForAll(SmallRelays.Arbitrary, p =>
        {
            World world = p.ToWorld();
            StreamPlan plan = StreamPlanner.Plan(world, p.Audience(world));
            Int128? least = EdgePlacements.Least(world, plan.Audience);
            if (least is not { } optimum) return plan.EdgeStage!.Bundles == 0;
            compared++;
            (best, ours) = (best + (double)optimum, ours + (double)plan.EdgeStage!.Cost);
            return plan.EdgeStage.LowerBound <= optimum && optimum <= plan.EdgeStage.Cost;
        }));
        Assert.True(compared > 200, $"{compared} compared");
        Assert.True(ours <= best * 1.05, $"rounding costs {ours / best:F4} of the best placements in total");
    }

    [Fact]
    public void Plan_TwoEdgesOneRelay_CarriesTheStreamOnceUpstream()
    {
        World world = Network([(0, 0, 5), (1, 0, 5)], [], [(0, 20)]);
        StreamFigures figures = StreamFigures.Of(Plan(world, [[(0, 1000)], [(0, 1)]], 8));
        Assert.Equal((16, 8, 0), (figures.ToEdges.Value, figures.FromOrigins.Value, figures.BetweenRelays.Value));
        Assert.Equal((1001L, 25_000L), (figures.Viewers, figures.MeanRtt.Value));
    }

    [Fact]
    public void Plan_RelayOnTheWay_FeedsTheOtherInsteadOfASecondCopyFromTheOrigin()
    {
        // Straight to the origin both relays take 20 ms; over the other it is 21 ms, and a copy from the origin is worth 10 ms.
        World world = Network([(0, 0, 1), (1, 1, 1)], [(0, 1, 1)], [(0, 20), (1, 20)]);
        StreamPlan plan = Plan(world, [[(0, 1)], [(0, 1)]], 8);
        Assert.Equal((8, 8), (StreamFigures.Of(plan).FromOrigins.Value, StreamFigures.Of(plan).BetweenRelays.Value));
        StreamPlan dear = StreamPlanner.Plan(world, plan.Audience, new StreamPlanOptions { OriginCopyMicroseconds = 0 });
        Assert.Equal((16, 0), (StreamFigures.Of(dear).FromOrigins.Value, StreamFigures.Of(dear).BetweenRelays.Value));
    }

    [Fact]
    public void Plan_RelayWithoutRoom_SendsWholeStreamsElsewhere()
    {
        // Three streams of 4 Mbit/s; the near relay can send 9 Mbit/s and so takes two.
        World world = Network([(0, 0, 1), (0, 1, 50)], [], [(0, 10), (1, 10)], relayMbps: 9);
        StreamPlan plan = Plan(world, [[(0, 1), (1, 1), (2, 1)]], 4, 4, 4);
        int near = Enumerable.Range(0, 3).Count(w => plan.First(w) == 0);
        Assert.Equal((2, 0), (near, StreamFigures.Of(plan).Overloaded));
    }

    [Fact]
    public void Plan_LinkWithoutRoom_ReportsWhatIsBeyond()
    {
        World open = Network([(0, 0, 1)], [], [(0, 10)]);
        World world = new(open.Facts with { EdgeRelayLinks = [open.Facts.EdgeRelayLinks[0] with { Capacity = new Gbps(0.005) }] });
        StreamFigures figures = StreamFigures.Of(Plan(world, [[(0, 1), (1, 1)]], 4, 4));
        Assert.Equal((3, 1, 0), (figures.Overload.Value, figures.Overloaded, figures.Unreached));
    }

    [Fact]
    public void Plan_LawsThatShareNoWay_GetACopyEach()
    {
        // Both edges hang on r0, which has no link to the origin. Law 0 allows only r1 above it, law 1 only r2.
        World world = Network([(0, 0, 1), (1, 0, 1)], [(0, 1, 1), (0, 2, 1)], [(1, 1), (2, 1)]);
        world = new(world.Facts with
        {
            Edges = [.. world.Edges.Select((e, i) => e with { Jurisdiction = $"E{i}" })],
            Relays = [.. world.Relays.Select((r, i) => r with { Jurisdiction = $"R{i}" })],
            AllowedHops = [
                new("E0", NodeKind.Relay, ["R0", "R1"]), new("E0", NodeKind.Origin, ["J1"]),
                new("E1", NodeKind.Relay, ["R0", "R2"]), new("E1", NodeKind.Origin, ["J1"])],
        });
        StreamPlan plan = Plan(world, [[(0, 1)], [(0, 1)]], 8);
        Assert.Equal("", StreamOracle.Fault(plan));
        Assert.Equal((1, 2), (plan.Second(0), plan.Second(1)));
        Assert.True(plan.CopiesForLaw > 0);
    }

    /// <summary>Viewers of J0 may be served from J1, where the near relay is; what that edge fetches stays inside J0's law all the same.</summary>
    [Fact]
    public void Plan_EdgeAbroadForABoundRegion_FetchesUnderItsLaw()
    {
        World open = Network([(0, 0, 1), (0, 1, 50)], [], [(0, 1), (1, 1)]);
        World world = new(open.Facts with
        {
            Regions = [.. open.Regions.Select(static r => r with { Jurisdiction = "J0", InJurisdictionOnly = true })],
            Edges = [.. open.Edges.Select(static e => e with { Jurisdiction = "J1" })],
            Relays = [.. open.Relays.Select(static (r, i) => r with { Jurisdiction = i == 0 ? "J1" : "J0" })],
            Origins = [.. open.Origins.Select(static o => o with { Jurisdiction = "J0" })],
            AllowedHops = [new("J0", NodeKind.Edge, ["J0", "J1"])],
        });
        Assert.Equal(0, Plan(open, [[(0, 1)]], 8).First(0));
        Assert.Equal(1, Plan(world, [[(0, 1)]], 8).First(0));
    }

    [Fact]
    public void Plan_ShippedWorldTenThousandStreams_BeatsTheNearestRelayAndOverloadsNothing()
    {
        Assignment assignment = DispatchSolver.Solve(new Snapshot(ShippedWorld.World, 16)).Assignment!;
        Assert.True(StreamRegistry.TryCreate(ShippedWorld.World, StreamCatalogue.Create(ShippedWorld.World, 10_000, 1), out StreamRegistry? registry, out _));
        StreamAudience audience = StreamAudience.Of(assignment.Optimum, registry, Now);
        StreamPlan plan = StreamPlanner.Plan(ShippedWorld.World, audience);
        (StreamFigures ours, StreamFigures nearest, StreamFigures tree) = (StreamFigures.Of(plan),
            StreamFigures.Of(StreamBaselines.NearestRelay(ShippedWorld.World, audience)), StreamFigures.Of(StreamBaselines.Hierarchy(ShippedWorld.World, audience)));
        Assert.Equal((0, 0, 3), (ours.Overloaded, ours.Unreached, ours.MaxDepth));
        Assert.True(ours.FromOrigins.Value * 2 < nearest.FromOrigins.Value, $"{ours.FromOrigins.Value} of {nearest.FromOrigins.Value} Mbit/s");
        Assert.True(ours.MeanRtt.Value < nearest.MeanRtt.Value && ours.MeanRtt.Value < tree.MeanRtt.Value);
        Assert.True(ours.P95Rtt.Value < nearest.P95Rtt.Value && ours.P95Rtt.Value < tree.P95Rtt.Value);
        Assert.True(tree.Overloaded > 0);
        StreamPlan spilling = StreamBaselines.HierarchyWithSpill(ShippedWorld.World, audience);
        StreamFigures spill = StreamFigures.Of(spilling);
        Assert.Equal((0, 0, 3), (spill.Overloaded, spill.Unreached, spill.MaxDepth));
        Assert.True(ours.FromOrigins.Value < spill.FromOrigins.Value && ours.MeanRtt.Value < spill.MeanRtt.Value && ours.P95Rtt.Value < spill.P95Rtt.Value);
        HashSet<StreamFeed> feeds = [.. spilling.Feeds];
        RelayLaw law = new(ShippedWorld.World);
        for (int e = 0; e < audience.Edges; e++)
        {
            for (int want = audience.Start(e); want < audience.Start(e + 1); want++)
            {
                int stream = audience.StreamOf(want);
                Assert.Contains(new StreamFeed(stream, spilling.First(want), spilling.Second(want)), feeds);
                if (spilling.Second(want) >= 0) Assert.Contains(new StreamFeed(stream, spilling.Second(want), -1), feeds);
                Assert.True(law.Chain(law.EdgeLaw[e], spilling.First(want), spilling.Second(want), registry.Origin(stream)));
            }
        }
        Assert.True(plan.EdgeStage!.Gap < 0.001 && plan.TrunkStage!.Gap < 0.001);
        Assert.True(Int128.IsPositive(plan.TrunkStage.LowerBound));
    }

    [Fact]
    public void Audience_SameSeed_IsTheSameAndFollowsPopularity()
    {
        World world = ShippedWorld.World;
        Assignment assignment = DispatchSolver.Solve(new Snapshot(world, 16)).Assignment!;
        Assert.True(StreamRegistry.TryCreate(world, StreamCatalogue.Create(world, 200, 3), out StreamRegistry? registry, out _));
        StreamAudience a = StreamAudience.Of(assignment.Optimum, registry, Now), b = StreamAudience.Of(assignment.Optimum, registry, Now);
        long[] viewers = new long[200];
        for (int e = 0; e < a.Edges; e++)
        {
            Assert.Equal(a.Streams(e).ToArray(), b.Streams(e).ToArray());
            Assert.Equal(a.Viewers(e).ToArray(), b.Viewers(e).ToArray());
            for (int i = 0; i < a.Streams(e).Length; i++)
            {
                // Nobody watches what the edge's law keeps from it.
                Assert.True(world.Law.Allows(world.Edges[e].Jurisdiction, NodeKind.Origin, world.Origins[registry.Origin(a.Streams(e)[i])].Jurisdiction));
                viewers[a.Streams(e)[i]] += a.Viewers(e)[i];
            }
        }
        Assert.InRange((double)viewers[0] / viewers[9], 5, 20);
        StreamAudience other = StreamAudience.Of(assignment.Optimum, registry, Now, new AudienceOptions(1, 2));
        Assert.NotEqual(Enumerable.Range(0, a.Wants).Select(a.ViewersOf), Enumerable.Range(0, other.Wants).Select(other.ViewersOf));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.1)]
    [InlineData(2, 0.01)]
    [InlineData(0.5, 0.31622776601683794)]
    public void Popularity_TenthRank_HasThePowersWeight(double exponent, double weight) =>
        Assert.Equal(weight, Popularity.Weights(10, exponent)[9], 12);

    private static StreamPlan Plan(World world, (int, int)[][] wants, params double[] mbps)
    {
        Assert.True(StreamRegistry.TryCreate(world, mbps.Select(static (m, i) => new LiveStream($"s{i}", "og", m)), out StreamRegistry? registry, out _));
        return StreamPlanner.Plan(world, StreamAudience.Of(registry, wants));
    }

    private static World Network(
        (int Edge, int Relay, int Rtt)[] edgeRelay, (int A, int B, int Rtt)[] mesh, (int Relay, int Rtt)[] toOrigin, double relayMbps = 1000)
    {
        Place place = new("Town", "AA", "EU", "Z", new(0, 0));
        int edges = edgeRelay.Max(static l => l.Edge) + 1;
        int relays = edgeRelay.Select(static l => l.Relay).Concat(mesh.SelectMany<(int A, int B, int Rtt), int>(static l => [l.A, l.B])).Max() + 1;
        int[] ones = [.. Enumerable.Repeat(1, edges)];
        return new World(new SmallProblem([1], ones, [ones], ones, [false]).ToWorld().Facts with
        {
            Relays = [.. Enumerable.Range(0, relays).Select(i => new Relay($"r{i}", place, new(relayMbps / 1000), 0, $"D{i}", "J1"))],
            Origins = [new Origin("og", place, new(1), "OG", "J1")],
            EdgeRelayLinks = [.. edgeRelay.Select(static l => new Link(l.Edge, l.Relay, new(l.Rtt), true))],
            RelayRelayLinks = [.. mesh.Select(static l => new Link(l.A, l.B, new(l.Rtt), true))],
            RelayOriginLinks = [.. toOrigin.Select(static l => new Link(l.Relay, 0, new(l.Rtt), true))],
        });
    }
}
