using System.Collections.Immutable;
using TrafficDispatch.Core.Tests.Solve;
using TrafficDispatch.Model;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Edits;

namespace TrafficDispatch.Core.Tests.WhatIf;

/// <summary>What each kind of change does to the facts, and what it refuses.</summary>
public sealed class EditTests
{
    private static readonly SmallProblem Four = new([3, 2], [4, 4, 1, 1], [[10, 20, 5, 7], [30, 5, 9, 9]], [10, 20, 30, 40], [false, false]);

    // own: e0, e2; cdn: e1, e3, billed by contract cdn-all over both.
    private static Snapshot Base
    {
        get
        {
            World world = Four.ToWorld();
            Contract cdn = new("cdn-all", null, ["e1", "e3"], new(0), new Gbps(5)) { Billing = BillingMethod.Volume, Commit = new(1), Tiers = [new(null, 0.02)] };
            return new(new World(world.Facts with { Contracts = [cdn] }), 0);
        }
    }

    [Fact]
    public void TakeOut_DownOrDrained_ServesNobodyAndSaysWhich()
    {
        World down = World(Scenario.Named("x").Fail("operator:own")), drained = World(Scenario.Named("x").Drain("site:XXX"));
        Assert.Equal([HealthState.Down, HealthState.Up, HealthState.Down, HealthState.Up], down.Edges.Select(e => down.Health.Of(e).State));
        Assert.All(drained.Edges, e => Assert.Equal(HealthState.Drained, drained.Health.Of(e).State));
        Assert.Equal("drain site:XXX", new TakeOutEdit(ScenarioTarget.Parse("site:XXX"), HealthState.Drained).ToString());
    }

    [Fact]
    public void Restore_WhatWasTakenOut_ServesAgainUnlessMoreThanItIsOut()
    {
        Scenario gone = Scenario.Named("x").Fail("edge:e0").Fail("operator:cdn");
        World back = World(gone.Restore("edge:e0"));
        Assert.True(back.Health.Of(back.Edges[0]).CanServe);
        Assert.Contains("edge 'e1' is out for its whole operator", Fault(gone.Restore("edge:e1")), StringComparison.Ordinal);
        Assert.All(World(gone.Restore("all")).Edges, e => Assert.True(World(gone.Restore("all")).Health.Of(e).CanServe));
    }

    [Theory]
    [InlineData("region:R0", 2, 1)]
    [InlineData("country:AA", 2, 2)]
    [InlineData("continent:EU", 2, 1)]
    [InlineData("zone:Z1", 1, 2)]
    [InlineData("all", 2, 2)]
    public void Surge_Target_ScalesItsRegionsAlone(string target, double first, double second)
    {
        (Snapshot? after, _) = Scenario.Named("x").Surge(target, 2).Apply(Base);
        Assert.Equal((first, second), (after!.ScaleOf(0), after.ScaleOf(1)));
    }

    [Fact]
    public void Capacity_MultipliedThenAdded_NeverBelowZero()
    {
        Assert.Equal([8, 4, 2, 1], World(Scenario.Named("x").Capacity("operator:own", 2)).Edges.Select(static e => e.Capacity.Value));
        Assert.Equal([4, 3.5, 1, 0.5], World(Scenario.Named("x").AddCapacity("operator:cdn", -0.5)).Edges.Select(static e => e.Capacity.Value));
        Assert.Contains("edge 'e3' has 1 Gbit/s and would end below 0", Fault(Scenario.Named("x").AddCapacity("operator:cdn", -2)), StringComparison.Ordinal);
    }

    [Fact]
    public void MoveCapacity_FromOneToAnother_SumStays()
    {
        Assert.Equal([2.5, 5.5, 1, 1], World(Scenario.Named("x").MoveCapacity("e0", "e1", 1.5)).Edges.Select(static e => e.Capacity.Value));
        foreach ((string from, string to, double gbps, string rule) in ((string, string, double, string)[])
            [("e0", "e0", 1, "another edge"), ("e0", "e1", 0, "above 0"), ("e0", "e9", 1, "'edge:e9' names no edge"), ("e2", "e0", 3, "below 0")])
            Assert.Contains(rule, Fault(Scenario.Named("x").MoveCapacity(from, to, gbps)), StringComparison.Ordinal);
    }

    [Fact]
    public void Price_BilledByAContract_ReachesTheContractOrIsRefused()
    {
        World dearer = World(Scenario.Named("x").Price("operator:cdn", 2));
        Assert.Equal(0.04, dearer.Facts.Contracts[0].Tiers[0].Usd);
        Assert.Equal(0.04, dearer.Edges[1].Price.UsdPerGb, 9);
        Assert.Contains("contract 'cdn-all' bills e1", Fault(Scenario.Named("x").Price("edge:e1", 2)), StringComparison.Ordinal);
        Assert.Contains("would change nothing; change the contract", Fault(Scenario.Named("x").PricePerGb("operator:cdn", 0.01)), StringComparison.Ordinal);
        Assert.Equal([0.01, 0.02, 0.01, 0.04], World(Scenario.Named("x").PricePerGb("operator:own", 0.01)).Edges.Select(static e => e.Price.UsdPerGb));
    }

    [Fact]
    public void AddEdge_LikeAnother_SharesAllThatIsNotSaid()
    {
        World world = World(Scenario.Named("x").AddEdge("e9", "e1", 7));
        Edge added = world.Edges[^1];
        Assert.Equal(("e9", 7.0, "cdn", "D1"), (added.Id, added.Capacity.Value, added.Operator, added.FaultDomain));
        Assert.Equal([20, 5], Enumerable.Range(0, 2).Select(r => world.Rtt[r, 4].Value));
        Assert.Equal("e1 e3 e9", string.Join(' ', world.Facts.Contracts[0].Edges));
    }

    [Fact]
    public void AddEdge_Elsewhere_RoundTripsFollowTheDistance()
    {
        // e1 stands at 0° N 1° E, the regions at 0° and 1°; a degree is 111.2 km.
        Place far = new("Far", "BB", "EU", "Z0", new(0, 11));
        World world = World(Scenario.Named("x").AddEdge("e9", "e1", 7, far));
        Assert.Equal("BB:Far", world.Edges[^1].FaultDomain);
        double tenDegrees = new GeoPoint(0, 1).DistanceKm(new(0, 11)) * AddEdgeEdit.MsPerKm;
        Assert.Equal(5 + tenDegrees, world.Rtt[1, 4].Value, 6);
        Assert.Equal(20 + tenDegrees, world.Rtt[0, 4].Value, 1);
    }

    [Fact]
    public void AddEdge_WhatCannotBe_IsRefused()
    {
        Assert.Contains("a node 'e0' already", Fault(Scenario.Named("x").AddEdge("e0", "e1", 1)), StringComparison.Ordinal);
        Assert.Contains("no edge 'e7'", Fault(Scenario.Named("x").AddEdge("e9", "e7", 1)), StringComparison.Ordinal);
        Assert.Contains("a number of at least 0", Fault(Scenario.Named("x").AddEdge("e9", "e1", -1)).Replace("finite ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        AddEdgeEdit priced = new("e9", "e1", new(1)) { Price = new Price(PriceModel.PerGb, 0.001, 0) };
        Assert.Contains("contract 'cdn-all' would bill it", Fault(Scenario.Named("x").With(priced)), StringComparison.Ordinal);
        World outside = World(Scenario.Named("x").With(priced with { JoinsContracts = false }));
        Assert.Equal((0.001, 2), (outside.Edges[^1].Price.UsdPerGb, outside.Facts.Contracts[0].Edges.Length));
    }

    [Fact]
    public void Contract_NewOne_NestsWhereItsEdgesSay()
    {
        World inside = World(Scenario.Named("x").Contract(new("inner") { Edges = [ScenarioTarget.Parse("edge:e1")], Ceiling = new(2) }));
        Assert.Equal([null, "cdn-all"], inside.Facts.Contracts.Select(static c => c.ParentId));
        World around = World(Scenario.Named("x").Contract(new("outer") { Edges = [ScenarioTarget.Parse("all")], Ceiling = new(9) }));
        Assert.Equal(["outer", null], around.Facts.Contracts.Select(static c => c.ParentId));
    }

    [Fact]
    public void Contract_OtherTerms_AreTheOnlyOnesThatChange()
    {
        Contract changed = World(Scenario.Named("x").Contract(new("cdn-all") { Ceiling = new(double.PositiveInfinity), Commit = new(2) })).Facts.Contracts[0];
        Assert.Equal((null, 2.0, 0.02), (changed.Ceiling, changed.Commit.Value, changed.Tiers[0].Usd));
        Assert.Empty(World(Scenario.Named("x").With(new EndContractEdit("cdn-all"))).Facts.Contracts);
    }

    [Fact]
    public void Contract_WhatBreaksARule_IsRefused()
    {
        ImmutableArray<ScenarioTarget> first = [ScenarioTarget.Parse("edge:e1")];
        foreach ((ContractEdit edit, string rule) in ((ContractEdit, string)[])
        [
            (new("nobody"), "there is no contract 'nobody'"),
            (new("cdn-all") { Edges = first }, "already, with edges of its own"),
            (new("n") { Edges = [ScenarioTarget.Parse("edge:e9")] }, "'edge:e9' names no edge"),
            (new("n") { Edges = [ScenarioTarget.Parse("edge:e0"), ScenarioTarget.Parse("edge:e1")] }, "neither holds the other"),
            (new("n") { Edges = first, Tiers = [new(null, 1)] }, "contract 'cdn-all' bills e1 already"),
            (new("n") { Edges = [ScenarioTarget.Parse("edge:e0")], Commit = new(1) }, "without tiers"),
            (new("n") { Edges = [ScenarioTarget.Parse("edge:e0")], Tiers = [new(new Gbps(2), 2), new(null, 1)] }, "cheaper than the one before"),
            (new("n") { Edges = [ScenarioTarget.Parse("edge:e0")], Tiers = [new(new Gbps(2), 1)] }, "without an end"),
            (new("n") { Edges = [ScenarioTarget.Parse("edge:e0")], Commit = new(3), Tiers = [new(new Gbps(2), 1), new(null, 1)] }, "must end above the commit"),
            (new("n") { Edges = [ScenarioTarget.Parse("edge:e0")], Floor = new(-1) }, "floor_gbps is -1"),
        ])
        {
            Assert.Contains(rule, Fault(Scenario.Named("x").Contract(edit)), StringComparison.Ordinal);
        }
        Assert.Contains("there is no contract 'nobody'", Fault(Scenario.Named("x").With(new EndContractEdit("nobody"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Law_New_BindsItsRegions()
    {
        World bound = World(Scenario.Named("x").Law("J1", "J0"));
        Assert.Equal([true, false, false, false], bound.Edges.Select(e => bound.Law.Allows(bound.Regions[0], e)));
        Assert.Contains("no region stands under jurisdiction 'XX'", Fault(Scenario.Named("x").Law("XX", "J0")), StringComparison.Ordinal);
        Assert.Contains("nobody stands under jurisdiction 'ZZ'", Fault(Scenario.Named("x").Law("J1", "ZZ")), StringComparison.Ordinal);
        Assert.Contains("at least one", Fault(Scenario.Named("x").Law("J1")), StringComparison.Ordinal);
    }

    [Fact]
    public void Rtt_Shifted_BetweenWhomItSaysAlone()
    {
        World far = World(Scenario.Named("x").ShiftRtt("region:R0", "operator:own", 100));
        Assert.Equal([110, 20, 105, 7], Enumerable.Range(0, 4).Select(e => far.Rtt[0, e].Value));
        Assert.Equal([30, 5, 9, 9], Enumerable.Range(0, 4).Select(e => far.Rtt[1, e].Value));
        Assert.Equal(0, World(Scenario.Named("x").ShiftRtt("all", "all", -100)).Rtt[0, 0].Value);
        Assert.Contains("names no region", Fault(Scenario.Named("x").ShiftRtt("edge:e0", "all", 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void And_TwoScenarios_HoldsBothInOrder()
    {
        Scenario both = Scenario.Named("a").Surge("all", 2).And(Scenario.Named("b").Fail("edge:e0"));
        Assert.Equal(("a, b", 2), (both.Name, both.Edits.Length));
        (Snapshot? after, _) = both.Apply(Base);
        Assert.EndsWith(" + surge all=2 + fail edge:e0", after!.World.Version, StringComparison.Ordinal);
    }

    private static World World(Scenario scenario)
    {
        (Snapshot? after, ImmutableArray<ScenarioFault> faults) = scenario.Apply(Base);
        Assert.Empty(faults);
        return after!.World;
    }

    private static string Fault(Scenario scenario)
    {
        (Snapshot? after, ImmutableArray<ScenarioFault> faults) = scenario.Apply(Base);
        Assert.Null(after);
        ScenarioFault fault = Assert.Single(faults);
        Assert.Equal(scenario.Edits.Length - 1, fault.Edit);
        return fault.Text;
    }
}
