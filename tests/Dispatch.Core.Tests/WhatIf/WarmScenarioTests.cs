using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Core.Tests.Solve;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Results;

namespace TrafficDispatch.Core.Tests.WhatIf;

/// <summary>A scenario is solved from where the baseline ended, and comes to the same optimum as a solve from nothing.</summary>
public sealed class WarmScenarioTests
{
    private static readonly Func<Scenario, int, Scenario>[] Edits =
    [
        static (s, _) => s.Fail("edge:e0"), static (s, k) => s.Surge("all", 0.5 + k % 5), static (s, k) => s.Capacity("operator:own", k % 3), static (s, k) => s.Price("all", k % 4),
        static (s, k) => s.AddEdge($"n{s.Edits.Length}", "e0", k % 6), static (s, k) => s.ShiftRtt("region:R0", "all", k % 40), static (s, k) => s.Weigh(k % 7),
        static (s, k) => s.Contract(new($"c{s.Edits.Length}") { Edges = [ScenarioTarget.Parse("all")], Ceiling = new(k % 9) }),
        static (s, k) => s.Contract(new($"c{s.Edits.Length}") { Edges = [ScenarioTarget.Parse("edge:e0")], Tiers = [new(new Gbps(1 + k % 3), 0.01), new(null, 0.05)] }),
    ];

    [Fact]
    public void Run_AnyChanges_ComesToTheOptimumOfASolveFromNothing() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261122UL, 7UL).WithMaxTest(400), Prop.ForAll(SmallProblem.Arbitrary, ArbMap.Default.ArbFor<ushort[]>(), static (problem, picks) =>
        {
            Scenario scenario = Scenario.Named("any");
            foreach (ushort pick in picks.Take(4))
                if (Edits[pick % Edits.Length](scenario, pick / Edits.Length) is { } next && next.Apply(new Snapshot(problem.ToWorld(), 0)).Faults.IsEmpty) scenario = next;
            Snapshot snapshot = new(problem.ToWorld(), 0);
            ScenarioComparison warm = ScenarioRunner.Start(snapshot).Run(scenario).Comparison!;
            Assignment cold = DispatchSolver.Solve(scenario.Apply(snapshot).Snapshot!).Assignment!;
            Assert.Equal(cold.Trace.Objective, warm.Assignment.Trace.Objective);
            Assert.True(warm.Assignment.Trace.Certificate.Valid);
            Int128 bills = 0;
            foreach (BillChange bill in warm.Bills) bills += bill.MicroUsdPerHourAfter;
            Assert.InRange((long)(warm.After.CostMicroUsdPerHour - bills), -1000, 1000);
            Assert.Equal(warm.After.Unserved.Value - warm.Before.Unserved.Value, warm.Regions.Sum(static r => r.UnservedChange.Value));
            Assert.Equal(warm.Moved.Value, warm.Regions.Sum(static r => r.Moved.Value));
            Assert.Equal(warm.After.Served.Value - warm.Before.Served.Value, warm.Edges.Sum(static e => e.Change.Value));
        }));

    [Fact]
    public void Run_ShippedWorld_StartsWhereTheBaselineEnded()
    {
        ScenarioRunner runner = ScenarioRunner.Start(new Snapshot(ShippedWorld.World, 16));
        foreach (Scenario scenario in (Scenario[])
            [Scenario.Named("fail").Fail("operator:cdn-bunny"), Scenario.Named("add").AddEdge("own-new", "own-waw", 60), Scenario.Named("contract").Contract(new("new") { Edges = [ScenarioTarget.Parse("operator:own")], Ceiling = new(9000) })])
        {
            ScenarioComparison result = runner.Run(scenario).Comparison!;
            Assert.True(result.Assignment.Trace.IsContinued, scenario.Name);
            Assert.Equal(DispatchSolver.Solve(scenario.Apply(runner.Snapshot).Snapshot!).Assignment!.Trace.Objective, result.Assignment.Trace.Objective);
        }
        Assert.Equal(Mbps.Zero, runner.Run(Scenario.Named("nothing")).Comparison!.Moved);
    }

    /// <summary>What a full edge's next Mbit/s is said to be worth is what adding it saves.</summary>
    [Fact]
    public void Room_FullEdge_WorthIsWhatTheNextUnitSaves()
    {
        ScenarioRunner runner = ScenarioRunner.Start(new Snapshot(ShippedWorld.World, 16));
        RoomChange full = runner.Run(Scenario.Named("nothing")).Comparison!.Room.First(static r => r.Kind == RoomKind.Edge);
        ScenarioComparison more = runner.Run(Scenario.Named("a Mbit/s").AddCapacity($"edge:{full.Id}", 0.001)).Comparison!;
        long saved = (long)(runner.Baseline.Trace.Objective - more.Assignment.Trace.Objective);
        // A larger edge has larger steps of congestion below, too, which may save a little more.
        Assert.InRange(saved, full.After!.Value.MicroUsdPerMbpsHour, 1.1 * full.After.Value.MicroUsdPerMbpsHour + 10);
    }
}
