using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Solve;

/// <summary>A region that its law leaves without an edge is named, unserved and its entries empty; everybody else is served.</summary>
public sealed class LawContradictionsTests
{
    // R0 is bound to J0, where e0 alone stands; R1 is free.
    private static readonly SmallProblem Two = new([1, 1], [2, 2], [[10, 20], [10, 20]], [0, 0], [true, false]);

    [Fact]
    public void Solve_LawfulWorld_HasNone() => Assert.Empty(Solved(Two.ToWorld()).Contradictions);

    [Fact]
    public void Solve_NoEdgeInTheJurisdiction_NamesItAndServesEverybodyElse()
    {
        World world = Two.ToWorld();
        World moved = new(world.Facts with { Edges = [.. world.Edges.Select(static e => e with { Jurisdiction = "J1" })] });
        Assignment a = Named(moved, "residency_without_edge", "region R0", "J0", "add an edge in J0");
        Assert.Equal((1000, 0), (a.Optimum.Unserved(0), a.Optimum.Unserved(1)));
        RoutingTable table = RoutingTable.Create(
            TableBuilder.Build(a, PrefixIndex.Build([]), TableBuilder.RegionLocations(moved)), new TableVersion(1, 1), DateTimeOffset.UnixEpoch);
        Assert.Equal(0, table.Entry(0, 0).Edges.Length);
        Assert.True(table.Entry(0, 1).Edges.Length > 0);
    }

    [Fact]
    public void Solve_RuleThatNamesNobodysJurisdiction_NamesTheRulesPlaces()
    {
        World world = Two.ToWorld();
        World ruled = new(world.Facts with { AllowedHops = [new("J1", NodeKind.Edge, ["J7", "J8"])] });
        Named(ruled, "residency_without_edge", "region R1", "J7 or J8", "add an edge in J7 or J8");
    }

    [Fact]
    public void Solve_ServiceThatMayNotUseTheLawfulEdge_NamesTheService()
    {
        World world = Two.ToWorld();
        World narrow = new(world.Facts with { Services = [Service.Default with { Operators = ["cdn"] }] });
        Named(narrow, "residency_without_service_edge", "region R0, service default", "1 edges there", "J0");
    }

    [Fact]
    public void Solve_LawfulEdgeOutOfReach_IsNamedAsThat()
    {
        SmallProblem far = Two with { Rtt = [[90, 20], [10, 20]] };
        SolveResult result = DispatchSolver.Solve(new Snapshot(far.ToWorld(), 0), new SolveOptions { MaxRtt = new(50) });
        Assert.Equal(("residency_without_edge_in_reach", "region R0, service default"), Only(result.Assignment!));
    }

    [Fact]
    public void Solve_LawfulEdgeDown_IsNamedAsThat()
    {
        World world = Two.ToWorld();
        World dark = new(world.Facts with { Health = [new(HealthScope.Edge, "e0", HealthState.Down, 0)] });
        Named(dark, "residency_without_working_edge", "region R0, service default", "down or drained", "bring an edge in J0 back");
    }

    private static Assignment Named(World world, string kind, string subject, string rule, string remedy)
    {
        Assignment a = Solved(world);
        Contradiction found = Assert.Single(a.Contradictions);
        Assert.Equal((kind, subject), (found.Kind, found.Subject));
        Assert.Contains(rule, found.Rule, StringComparison.Ordinal);
        Assert.Contains(remedy, found.Remedy, StringComparison.Ordinal);
        return a;
    }

    private static (string Kind, string Subject) Only(Assignment a)
    {
        Contradiction found = Assert.Single(a.Contradictions);
        return (found.Kind, found.Subject);
    }

    private static Assignment Solved(World world) => DispatchSolver.Solve(new Snapshot(world, 0)).Assignment!;
}
