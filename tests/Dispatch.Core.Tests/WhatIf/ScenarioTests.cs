using TrafficDispatch.Core.Tests.Solve;
using TrafficDispatch.Model;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Results;

namespace TrafficDispatch.Core.Tests.WhatIf;

public sealed class ScenarioTests
{
    private static readonly SmallProblem Four = new([3, 2], [4, 4, 1, 1], [[10, 20, 5, 7], [30, 5, 9, 9]], [10, 20, 30, 40], [false, false]);

    private static Snapshot Base => new(Four.ToWorld(), 0);

    [Theory]
    [InlineData("domain:HK:Hong Kong", TargetKind.Domain, "HK:Hong Kong")]
    [InlineData("edge:own-fra", TargetKind.Edge, "own-fra")]
    [InlineData("zone:EUW", TargetKind.Zone, "EUW")]
    public void TryParse_KindEndsAtTheFirstColon(string text, TargetKind kind, string id)
    {
        Assert.True(ScenarioTarget.TryParse(text, out ScenarioTarget target));
        Assert.Equal(new ScenarioTarget(kind, id), target);
        Assert.Equal(text, target.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("edge")]
    [InlineData("edge:")]
    [InlineData("Edge:x")]
    [InlineData("planet:earth")]
    public void TryParse_OtherText_IsRefused(string text)
    {
        Assert.False(ScenarioTarget.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Scenario.Named("x").Fail(text));
    }

    [Fact]
    public void Run_DropAnEdge_ServesNobodyThereAndMovesItsTraffic()
    {
        ScenarioRunner runner = ScenarioRunner.Start(Base);
        ScenarioComparison result = Compare(runner, Scenario.Named("e1 gone").Fail("edge:e1"));
        Assert.Equal(0, result.Assignment.Optimum.EdgeLoads()[1]);
        EdgeChange lost = Assert.Single(result.Edges, static c => c.EdgeId == "e1");
        Assert.Equal(Mbps.Zero, lost.After);
        Assert.True(result.Moved >= lost.Before - new Mbps(result.After.Unserved.Value));
        Assert.True(result.Assignment.Trace.Objective >= runner.Baseline.Trace.Objective);
    }

    [Fact]
    public void Run_SameWorldAsTheScenario_GivesTheSolvesOwnOptimum()
    {
        World halved = new(Four.ToWorld().Facts with
        {
            Edges = [.. Four.ToWorld().Edges.Select(static e => e.Operator == "own" ? e with { Capacity = new(e.Capacity.Value / 2) } : e)],
        });
        ScenarioComparison byScenario = Compare(ScenarioRunner.Start(Base), Scenario.Named("half").Capacity("operator:own", 0.5));
        Assert.Equal(TrafficDispatch.Solve.DispatchSolver.Solve(new Snapshot(halved, 0)).Assignment!.Trace.Objective, byScenario.Assignment.Trace.Objective);
    }

    [Fact]
    public void Run_Scale_MultipliesOnlyTheNamedRegions()
    {
        // Regions alternate between EU and NA.
        ScenarioComparison result = Compare(ScenarioRunner.Start(Base), Scenario.Named("NA doubled").Surge("continent:NA", 2));
        Assert.Equal(new Mbps(7000), result.After.Demand);
        ScenarioComparison twice = Compare(ScenarioRunner.Start(Base), Scenario.Named("twice").Surge("continent:NA", 2).Surge("zone:Z1", 1.5));
        Assert.Equal(new Mbps(9000), twice.After.Demand);
    }

    [Fact]
    public void Run_Price_ChangesMoneyNotCapacity()
    {
        ScenarioComparison result = Compare(ScenarioRunner.Start(Base), Scenario.Named("cheap").Price("edge:e0", 0).Price("edge:e1", 0));
        Assert.True(result.After.CostMicroUsdPerHour < result.Before.CostMicroUsdPerHour);
        Assert.Equal(result.Before.Demand, result.After.Demand);
    }

    [Fact]
    public void Run_Unserved_IsNamedByRegionMostFirst()
    {
        ScenarioComparison result = Compare(ScenarioRunner.Start(Base), Scenario.Named("dark").Capacity("operator:own", 0).Capacity("operator:cdn", 0));
        Assert.Equal([("R0", 3000L), ("R1", 2000L)], result.Regions.Select(static r => (r.RegionId, r.UnservedAfter.Value)));
    }

    [Fact]
    public void Run_UnknownTargets_AreAllNamedAndNothingIsSolved()
    {
        ScenarioResult result = ScenarioRunner.Start(Base).Run(
            Scenario.Named("wrong").Fail("edge:e9").Surge("zone:ZZ", 2).Surge("zone:Z1", double.NaN).Capacity("operator:none", 1).Fail("zone:Z1"));
        Assert.Null(result.Comparison);
        Assert.Equal(5, result.Faults.Length);
        Assert.Contains("'edge:e9'", result.Faults[0].Text, StringComparison.Ordinal);
        Assert.Contains("finite", result.Faults[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_BudgetEnded_Throws() =>
        Assert.Throws<OperationCanceledException>(() => ScenarioRunner.Start(Base, null, new CancellationToken(canceled: true)));

    [Fact]
    public void Run_DropADomain_TakesItsRelaysToo()
    {
        (Snapshot? snapshot, _) = Scenario.Named("x").Fail("domain:RU:Moscow").Apply(new Snapshot(ShippedWorld.World, 0));
        World world = snapshot!.World;
        Assert.False(world.Health.Of(world.Relays[world.RelayOrdinal("rl-moscow")]).CanServe);
    }

    private static ScenarioComparison Compare(ScenarioRunner runner, Scenario scenario)
    {
        ScenarioResult result = runner.Run(scenario);
        Assert.Empty(result.Faults);
        return result.Comparison!;
    }
}
