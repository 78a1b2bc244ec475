using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class TableBuilderTests
{
    private static readonly PrefixIndex NoPrefixes = PrefixIndex.Build([]);

    [Fact]
    public void Build_ShippedWorld_EveryEntryIsLawfulHealthyAndWhole()
    {
        (World world, RoutingTable table) = Shipped(16);
        ServiceProfiles profiles = ServiceProfiles.Of(world);
        for (int s = 0; s < world.Services.Length; s++)
        {
            for (int r = 0; r < world.Regions.Length; r++)
            {
                TableEntry entry = table.Entry(s, r);
                Assert.True(entry.Edges.Length > 0, $"{world.Services[s].Id} {world.Regions[r].Id}");
                foreach (ushort e in entry.Edges)
                {
                    Assert.True(world.Law.Allows(world.Regions[r], world.Edges[e]));
                    Assert.True(profiles.Profiles[profiles.OfService[s]].Accepts(world.Edges[e]));
                }
                int sum = entry.Overflow;
                foreach (ushort w in entry.Weights) sum += w;
                Assert.Equal(Shares.Whole, sum);
            }
        }
    }

    [Fact]
    public void Build_DefaultRoute_LeavesBoundJurisdictionsOut()
    {
        (World world, RoutingTable table) = Shipped(16);
        for (int s = 0; s < world.Services.Length; s++)
        {
            TableEntry entry = table.Entry(s, -1);
            Assert.True(entry.Edges.Length > 1);
            foreach (ushort e in entry.Edges) Assert.False(world.Law.IsBound(world.Edges[e].Jurisdiction), world.Edges[e].Id);
        }
    }

    [Fact]
    public void Build_UnregisteredStream_ComesFromABoundJurisdictionOnlyToItsOwnNodes()
    {
        (World world, RoutingTable table) = Shipped(16);
        RankedPath[] ranked = new RankedPath[3];
        for (int node = 0; node < world.Edges.Length + world.Relays.Length; node++)
        {
            string asking = node < world.Edges.Length ? world.Edges[node].Jurisdiction : world.Relays[node - world.Edges.Length].Jurisdiction;
            int count = table.Route(new PathRequest(node, "nobody-registered-this"), ranked).Count;
            Assert.True(count > 0, $"node {node} of {asking} has no path");
            foreach (RankedPath path in ranked.AsSpan(0, count))
            {
                string origin = world.Origins[table.Path(path.Path).Origin].Jurisdiction;
                Assert.True(asking == origin || !world.Law.IsBound(origin), $"node {node} of {asking} fetches from {origin}");
            }
        }
    }

    [Fact]
    public void Build_SameAssignment_GivesTheSameHash() => Assert.Equal(Shipped(5).Table.ContentHash, Shipped(5).Table.ContentHash);

    [Fact]
    public void Build_Shares_AreTheSolvesVolumes()
    {
        // 4 Gbit/s of demand, 1 fits on the cheap edge, 3 on the dear one.
        TableEntry entry = Small(new SmallProblem([4], [1, 3], [[10, 20]], [0, 0], [false]), out RoutingTable table);
        Assert.Equal([1, 0], entry.Edges.ToArray());
        Assert.Equal([12288, 4096], entry.Weights.ToArray());
        Assert.Equal(0, entry.Overflow);
        Assert.Equal("e1", table.Content.Edges[1].Id);
    }

    [Fact]
    public void Build_GroupWithoutDemand_HasTheEdgeOfLeastReducedCost()
    {
        // R1 asks for nothing; e0 is nearer but full, so its capacity has a price above the 5 ms that e1 is farther.
        TableEntry entry = Small(new SmallProblem([4, 0], [2, 4], [[10, 90], [10, 15]], [0, 0], [false, false]), out _, region: 1);
        Assert.Equal(1, entry.Edges[0]);
        Assert.Equal(Shares.Whole, entry.Weights[0]);
        Assert.Equal(0, entry.Weights[1]);
    }

    [Fact]
    public void Build_UnservedDemand_IsTheOverflow()
    {
        TableEntry entry = Small(new SmallProblem([4], [1], [[10]], [0], [false]), out _);
        Assert.Equal(4096, entry.Weights[0]);
        Assert.Equal(12288, entry.Overflow);
    }

    [Fact]
    public void Build_NoLawfulEdge_LeavesTheEntryEmpty()
    {
        World world = new SmallProblem([1, 1], [2, 2], [[10, 20], [10, 20]], [0, 0], [true, false]).ToWorld();
        World moved = new(world.Facts with { Edges = [.. world.Edges.Select(static e => e with { Jurisdiction = "J1" })] });
        RoutingTable table = TableOf(moved);
        Assert.Equal(0, table.Entry(0, 0).Edges.Length);
        Assert.True(table.Entry(0, 1).Edges.Length > 0);
    }

    [Theory]
    [InlineData(HealthState.Down, AllDownPolicy.LastGood, DecisionReason.LastGood, 2)]
    [InlineData(HealthState.Down, AllDownPolicy.NoData, DecisionReason.NoEdge, 0)]
    [InlineData(HealthState.Down, AllDownPolicy.Fallback, DecisionReason.Fallback, 0)]
    [InlineData(HealthState.Drained, AllDownPolicy.LastGood, DecisionReason.NoEdge, 0)]
    [InlineData(HealthState.Drained, AllDownPolicy.Fallback, DecisionReason.Fallback, 0)]
    public void Build_EveryEdgeOut_LeavesTheAnswerToTheServicesPolicy(HealthState state, AllDownPolicy policy, DecisionReason reason, int edges)
    {
        World world = new SmallProblem([1, 1], [2, 2], [[10, 20], [10, 20]], [0, 0], [false, false]).ToWorld();
        World dark = new(world.Facts with
        {
            Health = [new(HealthScope.Operator, "own", state, 0), new(HealthScope.Operator, "cdn", state, 0)],
            Services = [Service.Default with { AllDown = policy, FallbackHost = policy == AllDownPolicy.Fallback ? "fallback.example.net" : null }],
        });
        EdgeShare[] ranked = new EdgeShare[4];
        Decision decision = TableOf(dark).Decide(DecisionRequest.ForRegion(0, 0), ranked);
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(edges, decision.Count);
    }

    [Fact]
    public void Build_Backups_ComeFromSeveralFaultDomains()
    {
        int[] near = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 50, 60];
        World world = new SmallProblem([1], [.. near.Select(static _ => 2)], [near], [.. near.Select(static _ => 0)], [false]).ToWorld();
        World oneSite = new(world.Facts with { Edges = [.. world.Edges.Select((e, i) => i < 10 ? e with { FaultDomain = "same" } : e)] });
        ushort[] edges = TableOf(oneSite).Entry(0, 0).Edges.ToArray();
        Assert.Equal(0, edges[0]);
        Assert.Equal([1, 10, 11], edges[1..4]);
    }

    [Fact]
    public void Build_ReferenceObjective_IsRefused()
    {
        Assignment assignment = DispatchSolver.Solve(
            new Snapshot(new SmallProblem([1], [1], [[1]], [0], [false]).ToWorld(), 0), new SolveOptions { Objective = Objective.Reference }).Assignment!;
        Assert.Throws<ArgumentException>(() => TableBuilder.Build(assignment, NoPrefixes, []));
    }

    private static TableEntry Small(SmallProblem problem, out RoutingTable table, int region = 0)
    {
        table = TableOf(problem.ToWorld());
        return table.Entry(0, region);
    }

    private static RoutingTable TableOf(World world) => RoutingTable.Create(
        TableBuilder.Build(DispatchSolver.Solve(new Snapshot(world, 0)).Assignment!, NoPrefixes, TableBuilder.RegionLocations(world)),
        new TableVersion(1, 1), DateTimeOffset.UnixEpoch);

    private static (World World, RoutingTable Table) Shipped(int hour)
    {
        World world = ShippedWorld.World;
        Assignment assignment = DispatchSolver.Solve(new Snapshot(world, hour)).Assignment!;
        TableContent content = TableBuilder.Build(assignment, NoPrefixes, TableBuilder.RegionLocations(world));
        return (world, RoutingTable.Create(content, new TableVersion(1, 1), DateTimeOffset.UnixEpoch));
    }
}
