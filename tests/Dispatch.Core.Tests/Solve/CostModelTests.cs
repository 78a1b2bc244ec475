using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class CostModelTests
{
    private static readonly SmallProblem Two = new([3, 2], [4, 4], [[10, 20], [30, 5]], [40, 0], [false, false]);

    [Fact]
    public void Reference_Figures_AreRoundedHalfToEven()
    {
        World world = Two.ToWorld();
        ImmutableArray<ClientRegion> regions = world.Regions.SetItem(0, world.Regions[0] with { Peak = new(0.125) }).SetItem(1, world.Regions[1] with { Peak = new(0.375) });
        ReferenceCost model = new(new Snapshot(new World(world.Facts with { Regions = regions }), 0), new SolveOptions { Objective = Objective.Reference });
        Assert.Equal(12, model.Groups[0].Demand);  // 12.5 -> 12
        Assert.Equal(38, model.Groups[1].Demand);  // 37.5 -> 38
        Assert.Equal(400, model.Capacity(0));
        Assert.Equal([41_000, 2_000], Row(model, 0));
        Assert.Equal(200_000, model.UnservedCost(0));
    }

    [Theory]
    [InlineData(16, 0.0, 16)]
    [InlineData(16, 5.5, 21)]
    [InlineData(23, 5.75, 4)]
    [InlineData(2, -3.5, 22)]
    [InlineData(0, -0.5, 23)]
    [InlineData(0, 14.0, 14)]
    public void Diurnal_LocalHour_IsTheFloorOfUtcPlusOffset(int utcHour, double offset, int local)
    {
        DiurnalCurve curve = new([.. Enumerable.Range(0, 24).Select(static h => (double)h)]);
        Assert.Equal(local, curve.At(utcHour, offset));
    }

    [Fact]
    public void Row_DownDrainedUnlawfulOrTooFar_IsNotAllowed()
    {
        World world = new SmallProblem([1], [1, 1, 1, 1], [[10, 20, 30, 40]], [1, 1, 1, 1], [false]).ToWorld();
        HealthStatement[] health = [new(HealthScope.Edge, "e1", HealthState.Down, 0), new(HealthScope.Domain, "D2", HealthState.Drained, 0)];
        Snapshot snapshot = new(new World(world.Facts with { Health = [.. health] }), 0);
        long[] row = Row(new FullCost(snapshot, new SolveOptions { MaxRtt = new(30) }), 0);
        Assert.Equal([false, true, true, true], row.Select(static c => c == CostModel.NotAllowed));
        Assert.NotEqual(CostModel.NotAllowed, Row(new FullCost(new Snapshot(world, 0), new SolveOptions { MaxRtt = new(40) }), 0)[3]);
    }

    [Fact]
    public void Row_BoundRegion_MayOnlyUseItsJurisdiction()
    {
        World world = new SmallProblem([1, 1], [1, 1], [[10, 5], [10, 5]], [0, 0], [true, false]).ToWorld();
        ReferenceCost model = new(new Snapshot(world, 0), SolveOptions.Default);
        Assert.Equal([1_000, CostModel.NotAllowed], Row(model, 0));
        Assert.Equal([1_000, 500], Row(model, 1));
    }

    [Fact]
    public void Reference_AllowedHops_NeitherWidenNorNarrow()
    {
        // R0 is bound to J0 (edge 0); R1 of J1 is free. The rules would let R0 abroad and keep R1 at home.
        World world = new SmallProblem([1, 1], [1, 1], [[10, 5], [10, 5]], [0, 0], [true, false]).ToWorld();
        AllowedHop[] rules = [new("J0", NodeKind.Edge, ["J0", "J1"]), new("J1", NodeKind.Edge, ["J1"])];
        Snapshot ruled = new(new World(world.Facts with { AllowedHops = [.. rules] }), 0);
        ReferenceCost reference = new(ruled, SolveOptions.Default);
        Assert.Equal([1_000, CostModel.NotAllowed], Row(reference, 0));
        Assert.Equal([1_000, 500], Row(reference, 1));
        FullCost full = new(ruled, SolveOptions.Default);
        Assert.Equal([100, 50], Row(full, 0));
        Assert.Equal([CostModel.NotAllowed, 50], Row(full, 1));
    }

    [Fact]
    public void Solve_DemandBeyond64Bits_IsRejectedWithTheRemedy()
    {
        SolveResult result = DispatchSolver.Solve(new Snapshot(Two.ToWorld(), 0) { DemandScale = [1e300, 1] });
        Assert.Equal(TrafficDispatch.Flow.FlowStatus.RejectedInput, result.Status);
        Assert.Null(result.Assignment);
        Assert.NotEmpty(result.Remedy);
    }

    [Fact]
    public void Capacity_HealthFactor_Scales()
    {
        World world = Two.ToWorld();
        World half = new(world.Facts with { Health = [new(HealthScope.Operator, "own", HealthState.Up, 0.5)] });
        FullCost model = new(new Snapshot(half, 0), SolveOptions.Default);
        Assert.Equal(2000, model.Capacity(0));
        Assert.Equal(4000, model.Capacity(1));
    }

    [Fact]
    public void Full_Cost_IsMarginalPricePlusWeightedRoundTrip()
    {
        // 0.04 USD/GB x 0.45 GB = 18,000 micro-USD; default weight 10 micro-USD a millisecond.
        FullCost model = new(new Snapshot(Two.ToWorld(), 0), SolveOptions.Default);
        Assert.Equal([18_100, 200], Row(model, 0));
    }

    [Fact]
    public void Price_PerMbpsMonth_SpreadsOverTheMonth() =>
        Assert.Equal(1000, new Price(PriceModel.PerMbpsMonth, 0.005, 0.72).Marginal().Value);

    [Fact]
    public void Full_GroupsOfARegion_AddUpToItsDemand()
    {
        World world = ShippedWorld.World;
        Snapshot snapshot = new(world, 7);
        FullCost model = new(snapshot, SolveOptions.Default);
        foreach (IGrouping<int, ClientGroup> region in model.Groups.GroupBy(static g => g.Region))
            Assert.Equal(snapshot.Demand(region.Key).ToMbps().Value, region.Sum(static g => g.Demand), 1.0);
    }

    [Fact]
    public void Solve_Shortage_ShedsTheLowestPriorityFirst_WhateverItCosts()
    {
        World world = new SmallProblem([4], [1, 2], [[60, 50]], [90, 80], [false]).ToWorld();
        TrafficClass[] classes = [new("bulk", 3, 0.5, 0, null), new("live", 1, 0.5, 90, null)];
        Service[] services = [Service.Default with { Id = "b", ClassId = "bulk" }, Service.Default with { Id = "l", ClassId = "live" }];
        World shared = new(world.Facts with { Classes = [.. classes], Services = [.. services] });
        TrafficPlan plan = DispatchSolver.Solve(new Snapshot(shared, 0)).Assignment!.Optimum;
        Assert.Equal(1000, plan.Unserved(0));
        Assert.Equal(0, plan.Unserved(1));
    }

    [Fact]
    public void Profiles_ServicesWithTheSameRules_AreOneCommodity()
    {
        World world = Two.ToWorld();
        Service[] services =
        [
            Service.Default with { Id = "a", Operators = ["own", "cdn"], ClassShare = 1 },
            Service.Default with { Id = "b", Operators = ["cdn", "own"], ClassShare = 3 },
            Service.Default with { Id = "c", Edges = ["e1"], ClassShare = 4 },
        ];
        ServiceProfiles profiles = ServiceProfiles.Of(new World(world.Facts with { Services = [.. services] }));
        Assert.Equal<int>([0, 0, 1], profiles.OfService);
        Assert.Equal([0.5, 0.5], profiles.Profiles.Select(static p => p.ShareOfDemand));
    }

    [Fact]
    public void Greedy_LargestGroupFirst_TakesItsCheapestAndSpills()
    {
        // R0 asks for 3 and takes e0 (2) then e1 (1); R1 asks for 2 and finds e1 with 1 left.
        World world = new SmallProblem([3, 2], [2, 2], [[1, 9], [1, 2]], [0, 0], [false, false]).ToWorld();
        TrafficPlan greedy = GreedyBaseline.Plan(new ReferenceCost(new Snapshot(world, 0), SolveOptions.Default));
        Assert.Equal([200, 100], greedy.Volumes(0).ToArray());
        Assert.Equal([1], greedy.Edges(1).ToArray());
        Assert.Equal([100], greedy.Volumes(1).ToArray());
        Assert.Equal(100, greedy.Unserved(1));
    }

    private static long[] Row(CostModel model, int group)
    {
        long[] row = new long[model.Snapshot.World.Edges.Length];
        model.Row(group, row);
        return row;
    }
}
