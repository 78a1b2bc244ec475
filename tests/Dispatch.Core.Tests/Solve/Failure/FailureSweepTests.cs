using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Stability;
using TrafficDispatch.Solve.Tree;
using TrafficDispatch.WhatIf;

namespace TrafficDispatch.Core.Tests.Solve.Failure;

public sealed class FailureSweepTests
{
    private static readonly FailureOptions All = new() { Operators = true, Threads = 2 };

    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 7UL).WithMaxTest(count);

    [Theory]
    [InlineData(Objective.Full, 1)]
    [InlineData(Objective.Full, 64)]
    [InlineData(Objective.Reference, 64)]
    public void Run_SmallWorld_EveryFailureCostsWhatAColdSolveWithoutItsEdgesCosts(Objective objective, int candidates) =>
        Check.One(Runs(150), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            SolveOptions options = new() { Objective = objective, Candidates = candidates };
            return AgreesWithColdSolves(new Snapshot(Domains(p.ToWorld()), 0), options);
        }));

    [Fact]
    public void Run_HeldToAPlanInForce_AgreesWithColdSolves() =>
        Check.One(Runs(100), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            World world = Domains(p.ToWorld());
            world = new World(world.Facts with { Classes = [TrafficClass.Default with { StickyShare = 0.5 }] });
            Snapshot now = new(world, 0), before = now with { DemandScale = [.. p.Demand.Select(static (_, i) => i % 2 == 0 ? 0.5 : 1.5)] };
            Continuity held = new(Solved(before, SolveOptions.Default).Optimum) { MoveCost = 30, OnloadPercent = 20 };
            return AgreesWithColdSolves(now, new SolveOptions { Candidates = 1, Continuity = held });
        }));

    // Failovers are told as changes against the plan in force: another optimum as a base would ship changes that no failure asked for.
    [Fact]
    public void BasePlan_ShippedWorld_IsTheMainPlanItself()
    {
        Assignment main = Solved(new Snapshot(ShippedWorld.World, 16), SolveOptions.Default);
        TrafficPlan start = new FailureNetwork(main, CancellationToken.None).BasePlan;
        for (int g = 0; g < main.Model.Groups.Count; g++)
        {
            Assert.Equal(main.Optimum.Edges(g).ToArray(), start.Edges(g).ToArray());
            Assert.Equal(main.Optimum.Volumes(g).ToArray(), start.Volumes(g).ToArray());
        }
    }

    [Fact]
    public void Run_FloorsAndCeilings_AgreesWithColdSolves() =>
        Check.One(Runs(100), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            World world = Domains(p.ToWorld());
            ImmutableArray<string> own = [.. world.Edges.Where(static e => e.Operator == "own").Select(static e => e.Id)];
            Contract contract = new("own", null, own, new(1.5), new(4));
            return AgreesWithColdSolves(new Snapshot(new World(world.Facts with { Contracts = [contract] }), 0), new SolveOptions { Candidates = 1 });
        }));

    [Fact]
    public void Run_AnyFailure_KeepsLawCapacityAndDemandAndStaysOffWhatFailed() =>
        Check.One(Runs(150), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            FailureReport report = Report(new Snapshot(Domains(p.ToWorld()), 0), SolveOptions.Default);
            return report.Outcomes.All(o => Keeps(report.PlanOf(o), o) && o.Certified && report.PlanOf(o).Objective() == o.Objective);
        }));

    [Fact]
    public void Run_AnyFailure_MovesWhatWasLostAndTheRipple() =>
        Check.One(Runs(150), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            FailureReport report = Report(new Snapshot(Domains(p.ToWorld()), 0), SolveOptions.Default);
            long unserved = PlanFigures.Of(report.Main.Optimum).Unserved.Value;
            return report.Outcomes.All(o => o.Moved.Value == o.Lost.Value + o.Ripple.Value - (o.Unserved.Value - unserved));
        }));

    [Fact]
    public void Run_NotAbsorbed_FixLeavesNothingUnservedButWhatNoCapacityHelps() =>
        Check.One(Runs(150), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            FailureReport report = Report(new Snapshot(Domains(p.ToWorld()), 0), SolveOptions.Default);
            foreach (FailureOutcome o in report.Outcomes)
            {
                if (o.IsAbsorbed != (o.Fix is null)) return false;
                if (o.Fix is not { } fix) continue;
                long beyond = fix.Beyond.Sum(g => report.Main.Model.Groups[g].Demand);
                long added = fix.Additions.Sum(static a => a.Added.Value);
                if (fix.UnservedAfter.Value != beyond || added != o.Unserved.Value - beyond || (added > 0) != (fix.Saves > 0)) return false;
            }
            return true;
        }));

    [Fact]
    public void Run_OneEdgeCarriesAll_SaysWhatIsMissingWhereAndWhatItIsWorth()
    {
        // 4 Gbit/s on e0; when it fails e1 takes 3 and 1 is missing there.
        FailureReport report = Report(new Snapshot(new SmallProblem([4], [4, 3], [[10, 20]], [0, 0], [false]).ToWorld(), 0), new() { Congestion = CongestionSteps.None });
        FailureOutcome first = report.WorstFirst()[0];
        Assert.Equal("domain:D0 edge:e0 operator:own", string.Join(' ', first.Scenario.Names));
        Assert.Equal((4000, 3000, 0, 1000), (first.Lost.Value, first.Moved.Value, first.Ripple.Value, first.Unserved.Value));
        Assert.False(first.IsAbsorbed);
        CapacityAddition addition = Assert.Single(first.Fix!.Additions);
        Assert.Equal(("edge", "e1", 1000), (addition.Kind, addition.Id, addition.Added.Value));
        Assert.Equal(0, first.Fix.UnservedAfter.Value);
        Assert.Equal(first.Fix.Saves, addition.MicroUsdPerGbpsHour * addition.Added.Value / 1000);
        Assert.True(report.Outcomes.Single(static o => o.Scenario.Name == "domain:D1").IsAbsorbed);
        Assert.Equal(1, report.Absorbed);
    }

    [Fact]
    public void Run_CeilingBinds_AsksForTheContractNotTheEdge()
    {
        World world = new SmallProblem([4], [4, 9], [[10, 20]], [0, 0], [false]).ToWorld();
        world = new World(world.Facts with { Contracts = [new("cdn", null, ["e1"], new(0), new(3))] });
        FailureOutcome failed = Report(new Snapshot(world, 0), SolveOptions.Default).Outcomes.Single(static o => o.Scenario.Name == "domain:D0");
        CapacityAddition addition = Assert.Single(failed.Fix!.Additions);
        Assert.Equal(("contract", "cdn", 1000), (addition.Kind, addition.Id, addition.Added.Value));
        Assert.Equal(0, failed.Fix.UnservedAfter.Value);
    }

    [Fact]
    public void Run_TheOnlyLawfulEdgeFails_NamesTheGroupThatNoCapacityHelps()
    {
        FailureReport report = Report(new Snapshot(new SmallProblem([2, 1], [3, 9], [[10, 20], [10, 20]], [0, 0], [true, false]).ToWorld(), 0), SolveOptions.Default);
        FailureOutcome failed = report.Outcomes.Single(static o => o.Scenario.Name == "domain:D0");
        Assert.Equal(0, Assert.Single(failed.Fix!.Beyond));
        Assert.Empty(failed.Fix.Additions);
        Assert.Equal(2000, failed.Fix.UnservedAfter.Value);
    }

    [Fact]
    public void Run_AnyNumberOfThreads_GivesTheSameOutcomes()
    {
        Assignment main = Solved(new Snapshot(ShippedWorld.World, 3), SolveOptions.Default);
        Assert.Equal(Hash(FailureSweep.Run(main, new() { Threads = 1 })), Hash(FailureSweep.Run(main, new() { Threads = 3 })));
    }

    [Fact]
    public void Run_MovesCost_KeepsThePlanAndRipplesNoMore() =>
        Check.One(Runs(100), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Assignment main = Solved(new Snapshot(Domains(p.ToWorld()), 0), SolveOptions.Default);
            FailureReport free = FailureSweep.Run(main, All), held = FailureSweep.Run(main, All with { MoveCost = 1_000_000 });
            bool same = Enumerable.Range(0, main.Model.Groups.Count).All(g => main.Optimum.Edges(g).SequenceEqual(held.Main.Optimum.Edges(g))
                && main.Optimum.Volumes(g).SequenceEqual(held.Main.Optimum.Volumes(g)));
            return same && free.Outcomes.Zip(held.Outcomes).All(static o => o.Second.Ripple.Value <= o.First.Ripple.Value && o.Second.Unserved == o.First.Unserved);
        }));

    [Fact]
    public void Run_Cancelled_ThrowsAndReturnsNothing()
    {
        Assignment main = Solved(new Snapshot(new SmallProblem([4], [4, 3], [[10, 20]], [0, 0], [false]).ToWorld(), 0), SolveOptions.Default);
        Assert.ThrowsAny<OperationCanceledException>(() => FailureSweep.Run(main, All, null, new CancellationToken(canceled: true)));
    }

    private static bool AgreesWithColdSolves(Snapshot snapshot, SolveOptions options)
    {
        FailureReport report = Report(snapshot, options);
        foreach (FailureOutcome o in report.Outcomes)
        {
            foreach (string name in o.Scenario.Names)
            {
                Assignment cold = Solved(Scenario.Named(name).Fail(name).Apply(snapshot).Snapshot!, options);
                if (cold.Trace.Objective != o.Objective) return false;
                if (PlanFigures.Of(cold.Optimum).Unserved != o.Unserved) return false;
            }
        }
        return true;
    }

    private static FailureReport Report(Snapshot snapshot, SolveOptions options) => FailureSweep.Run(Solved(snapshot, options), All);

    private static Assignment Solved(Snapshot snapshot, SolveOptions options)
    {
        SolveResult result = DispatchSolver.Solve(snapshot, options);
        Assert.Equal(FlowStatus.Optimal, result.Status);
        return result.Assignment!;
    }

    // Three edges and more share domains with others.
    private static World Domains(World world) =>
        new(world.Facts with { Edges = [.. world.Edges.Select(static (e, i) => e with { FaultDomain = $"D{i % 3}" })] });

    private static bool Keeps(TrafficPlan plan, FailureOutcome outcome)
    {
        long[] load = plan.EdgeLoads(), row = new long[load.Length];
        for (int e = 0; e < load.Length; e++) if (load[e] > plan.Model.Capacity(e)) return false;
        if (outcome.Scenario.Edges.Any(e => load[e] != 0)) return false;
        for (int g = 0; g < plan.Model.Groups.Count; g++)
        {
            plan.Model.Row(g, row);
            long served = plan.Unserved(g);
            foreach (long v in plan.Volumes(g)) served += v;
            foreach (int e in plan.Edges(g)) if (row[e] == CostModel.NotAllowed) return false;
            if (served != plan.Model.Groups[g].Demand) return false;
        }
        return true;
    }

    private static string Hash(FailureReport report)
    {
        StringBuilder text = new();
        foreach (FailureOutcome o in report.Outcomes)
        {
            text.Append(o.Scenario.Name).Append(o.Objective).Append(o.Moved).Append(o.Unserved);
            for (int i = 0; i < o.Diff.Groups.Length; i++)
            {
                text.Append(o.Diff.Groups[i]).Append(':');
                foreach (int e in o.Diff.Edges(i)) text.Append(e).Append(',');
                foreach (long v in o.Diff.Volumes(i)) text.Append(v).Append(',');
            }
            foreach (CapacityAddition a in o.Fix?.Additions ?? []) text.Append(a.Id).Append(a.Added);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
