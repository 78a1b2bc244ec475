using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;

namespace TrafficDispatch.Core.Tests.Solve.Baselines;

public sealed class BaselinesTests
{
    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 9UL).WithMaxTest(count);

    /// <summary>All go to e0, nearest by far: 2 + 4 Gbit/s where 3 fit. Each keeps half.</summary>
    [Fact]
    public void Nearest_OverloadedEdge_ShedsProRata()
    {
        TrafficPlan plan = NearestBaseline.Plan(Reference(new SmallProblem([2, 4], [3, 9], [[10, 50], [10, 50]], [90, 0], [false, false])));
        Assert.Equal("0 | 100 | 100", Row(plan, 0));
        Assert.Equal("0 | 200 | 200", Row(plan, 1));
    }

    /// <summary>Three groups of 1 unit each on an edge of 2: running totals keep 0, 1 and 1.</summary>
    [Fact]
    public void Nearest_UnitsThatDoNotDivide_AddUpToTheCapacity()
    {
        World world = new SmallProblem([1, 1, 1], [1], [[10], [10], [10]], [0], [false, false, false]).ToWorld();
        World tiny = new(world.Facts with
        {
            Regions = [.. world.Regions.Select(static r => r with { Peak = new(0.01) })],
            Edges = [.. world.Edges.Select(static e => e with { Capacity = new(0.02) })],
        });
        TrafficPlan plan = NearestBaseline.Plan(new ReferenceCost(new Snapshot(tiny, 0), SolveOptions.Default));
        Assert.Equal([1L, 0, 0], Enumerable.Range(0, 3).Select(plan.Unserved));
        Assert.Equal([2L], plan.EdgeLoads());
    }

    /// <summary>Nearest three are e1, e3 and e0 with 2, 1 and 1 of capacity: 4 Gbit/s go 200, 100, 100; e2 is farther and gets nothing.</summary>
    [Fact]
    public void WeightedNearest_SplitsByCapacityOverTheNearestThree()
    {
        TrafficPlan plan = WeightedNearestBaseline.Plan(Reference(new SmallProblem([4], [1, 2, 9, 1], [[30, 10, 40, 20]], [0, 0, 0, 0], [false])));
        Assert.Equal("0 1 3 | 100 200 100 | 0", Row(plan, 0));
    }

    [Fact]
    public void WeightedNearest_OverloadedEdges_ShedWhatDoesNotFit()
    {
        TrafficPlan plan = WeightedNearestBaseline.Plan(Reference(new SmallProblem([4, 4], [1, 3], [[10, 20], [10, 20]], [0, 0], [false, false])));
        Assert.Equal("0 1 | 50 150 | 200", Row(plan, 0));
        Assert.Equal("0 1 | 50 150 | 200", Row(plan, 1));
    }

    [Fact]
    public void Nearest_Law_IsKept()
    {
        // R0 is bound to e0, the farther one.
        TrafficPlan plan = NearestBaseline.Plan(Reference(new SmallProblem([1], [1, 1], [[50, 10]], [0, 0], [true])));
        Assert.Equal("0 | 100 | 0", Row(plan, 0));
    }

    [Fact]
    public void Baselines_ContractAndPeeringCap_AreKept()
    {
        World world = new SmallProblem([4, 4], [9, 9], [[10, 20], [10, 20]], [0, 0], [false, false]).ToWorld();
        World capped = new(world.Facts with
        {
            Contracts = [new Contract("both", null, ["e0", "e1"], new(0), new(3)), new Contract("first", "both", ["e0"], new(0), new(2))],
            Peering = [new PeeringCap("isp", [1], 0, new(1))],
        });
        Assignment a = DispatchSolver.Solve(new Snapshot(capped, 0)).Assignment!;
        foreach (Baseline baseline in a.Baselines)
        {
            long[] loads = baseline.Plan.EdgeLoads();
            Assert.True(loads[0] <= 2000 && loads[0] + loads[1] <= 3000, baseline.Name);
            Assert.True(baseline.Plan.Volume(1, 0) <= 1000, baseline.Name);
            Assert.True(a.Trace.Objective <= baseline.Plan.Objective(), baseline.Name);
        }
        // Nearest sends 4 + 4 to e0; the cap leaves 4 + 1 of it, the inner contract 2 of 5, and the outer one has room for that.
        Assert.Equal([2000L, 0], a.Baselines[0].Plan.EdgeLoads());
        Assert.Equal(1600, a.Baselines[0].Plan.Volume(0, 0));
    }

    [Fact]
    public void Baselines_AnyWorld_KeepCapacityAndDemandAndCostNoLessThanTheOptimum() =>
        Check.One(Runs(300), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            Assignment a = DispatchSolver.Solve(new Snapshot(p.ToWorld(), 0)).Assignment!;
            OptimumReport report = OptimumReport.Of(a);
            return a.Baselines.Select(static b => b.Name).SequenceEqual(["nearest", "weighted-nearest", "greedy-with-spill"])
                && a.Baselines.All(static b => Keeps(b.Plan)) && report.Baselines.All(static b => b.Worth.ObjectiveSaved >= 0)
                && report.Optimum.Objective == a.Trace.Objective;
        }));

    /// <summary>Edge by edge, the groups whose nearest allowed edge it is keep min(1, capacity ÷ load) of their demand, to the unit.</summary>
    [Fact]
    public void Nearest_AnyWorld_IsWhatTheRuleSays() =>
        Check.One(Runs(300), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            TrafficPlan plan = NearestBaseline.Plan(Reference(p));
            for (int e = 0; e < p.Capacity.Length; e++)
            {
                int[] here = [.. Enumerable.Range(0, p.Demand.Length).Where(r => NearestOf(p, r) == e)];
                long load = here.Sum(r => p.Demand[r] * 100L), room = p.Capacity[e] * 100L;
                if (plan.EdgeLoads()[e] != Math.Min(load, room)) return false;
                foreach (int r in here)
                {
                    double fair = load <= room ? p.Demand[r] * 100.0 : p.Demand[r] * 100.0 * room / load;
                    if (Math.Abs(plan.Volume(r, e) - fair) >= 1) return false;
                }
            }
            return true;
        }));

    [Fact]
    public void Report_ByClass_AddsUpToTheWhole()
    {
        Assignment a = DispatchSolver.Solve(new Snapshot(ShippedWorld.World, 16)).Assignment!;
        OptimumReport report = OptimumReport.Of(a);
        foreach (PlanReport plan in (PlanReport[])[report.Optimum, .. report.Baselines.Select(static b => b.Plan)])
        {
            Assert.Equal(["api", "live", "vod", "bulk"], plan.ByClass.Select(static c => c.ClassId));
            Assert.Equal(plan.Overall.Demand.Value, plan.ByClass.Sum(static c => c.Figures.Demand.Value));
            Assert.Equal(plan.Overall.Unserved.Value, plan.ByClass.Sum(static c => c.Figures.Unserved.Value));
        }
        BaselineReport nearest = report.Baselines[0];
        Assert.Equal(nearest.Plan.Overall.Unserved.Value - report.Optimum.Overall.Unserved.Value, nearest.Worth.UnservedSavedMbps);
        Assert.Equal(nearest.Plan.Overall.P95Rtt.Value - report.Optimum.Overall.P95Rtt.Value, nearest.Worth.P95RttSavedMicroseconds);
        Assert.Equal(nearest.Plan.Overall.CostMicroUsdPerHour - report.Optimum.Overall.CostMicroUsdPerHour, nearest.Worth.CostSavedMicroUsdPerHour);
        Assert.True(nearest.Worth.UnservedSavedMbps > 0 && nearest.Plan.Overall.P50Rtt.Value < report.Optimum.Overall.P50Rtt.Value);
    }

    private static ReferenceCost Reference(SmallProblem problem) => new ReferenceCost(new Snapshot(problem.ToWorld(), 0), SolveOptions.Default);

    private static int NearestOf(SmallProblem p, int region)
    {
        // Edge 0 alone stands where bound regions may be served.
        if (p.Bound[region]) return 0;
        return Array.IndexOf(p.Rtt[region], p.Rtt[region].Where((_, e) => e < p.Capacity.Length).Min());
    }

    /// <summary>Edges, their volumes, and what is unserved.</summary>
    private static string Row(TrafficPlan plan, int group) =>
        $"{string.Join(' ', plan.Edges(group).ToArray())} | {string.Join(' ', plan.Volumes(group).ToArray())} | {plan.Unserved(group)}";

    private static bool Keeps(TrafficPlan plan)
    {
        long[] load = plan.EdgeLoads();
        for (int e = 0; e < load.Length; e++) if (load[e] > plan.Model.Capacity(e)) return false;
        for (int g = 0; g < plan.Model.Groups.Count; g++)
        {
            long served = 0;
            foreach (long v in plan.Volumes(g)) served += v;
            if (served + plan.Unserved(g) != plan.Model.Groups[g].Demand) return false;
        }
        return true;
    }
}
