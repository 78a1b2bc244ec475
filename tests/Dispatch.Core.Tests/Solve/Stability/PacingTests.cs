using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Stability;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Core.Tests.Solve.Stability;

public sealed class PacingTests
{
    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 37UL).WithMaxTest(count);

    [Fact]
    public void Step_AnyChangeOfPrices_ConservesDemandAndBreaksNoBound()
        => Check.One(Runs(300), Prop.ForAll(SmallProblem.Arbitrary, p =>
        {
            TrafficPlan inForce = Solved(p.ToWorld(), null).Optimum;
            SmallProblem turned = p with { Price = [.. p.Price.Reverse()], Capacity = [.. p.Capacity.Reverse()] };
            Assignment a = Solved(turned.ToWorld(), new(inForce) { MoveCost = 0, Pace = new(50, 0) });
            TrafficPlan step = a.Published;
            long[] loads = step.EdgeLoads();
            for (int e = 0; e < loads.Length; e++) Assert.True(loads[e] <= a.Model.Capacity(e), $"edge {e} carries {loads[e]}");
            for (int g = 0; g < p.Demand.Length; g++)
            {
                Assert.Equal(a.Model.Groups[g].Demand, step.Volumes(g).ToArray().Sum() + step.Unserved(g));
                Assert.True(step.Unserved(g) <= a.Optimum.Unserved(g), "a step leaves more unserved than the optimum");
            }
            return Moves.Of(step).Voluntary <= Moves.Of(a.Optimum).Voluntary;
        }));

    [Fact]
    public void Step_HalfPace_MakesHalfOfAVoluntaryChange()
    {
        TrafficPlan step = Turned(new Pace(50, 0)).Published;
        Assert.Equal([500L, 500L], step.Volumes(0).ToArray());
    }

    [Fact]
    public void Step_ChangeWithinTheDeadBand_IsNotMade()
    {
        // Room for 15 of 1,000 Mbit/s at the cheaper edge: a change of 1.5 %.
        Assert.Equal([985L, 15L], Turned(new Pace(100, 1), room: 0.015).Published.Volumes(0).ToArray());
        Assert.Equal([1000L], Turned(new Pace(100, 2), room: 0.015).Published.Volumes(0).ToArray());
    }

    [Fact]
    public void Step_FailedEdge_IsLeftAtOnceWhateverThePace()
    {
        Assignment a = Turned(new Pace(10, 50), failed: "e0");
        Assert.Equal([1], a.Published.Edges(0).ToArray());
        Assert.Equal([1000L], a.Published.Volumes(0).ToArray());
    }

    [Fact]
    public void Step_RestoredEdge_FillsByThePaceAndReachesTheOptimum()
    {
        TrafficPlan plan = Turned(Pace.Full, failed: "e0").Published; // all on e1, the dearer one
        List<long> restored = [];
        for (int i = 0; i < 8; i++)
        {
            plan = Solved(Two(10, 20, 1.0), new(plan) { MoveCost = 0, Pace = new(50, 0) }).Published;
            restored.Add(plan.Volume(0, 0));
        }
        Assert.Equal([500L, 750, 875, 938, 969, 985, 993, 997], restored);
    }

    [Fact]
    public void Step_EdgeThatShrank_SendsAwayWhatItCannotCarryWhateverThePace()
    {
        TrafficPlan inForce = Solved(Two(10, 20, 1.0), null).Optimum; // all on e0
        World shrunk = Two(10, 20, 1.0, firstRoom: 0.3);
        Assignment a = Solved(shrunk, new(inForce) { Pace = new(10, 0) });
        Assert.Equal([300L, 700L], a.Published.Volumes(0).ToArray());
        Assert.True(a.Model.Tree.Loads(a.Published.EdgeLoads())[0] <= a.Model.Tree.Cost(0).Room);
    }

    // One region, 1 Gbit/s; e0 was the cheaper one, e1 is now.
    private static Assignment Turned(Pace pace, double room = 1.0, string? failed = null)
    {
        TrafficPlan inForce = Solved(Two(10, 20, room), null).Optimum;
        World now = Two(20, 10, room);
        if (failed is not null) now = new World(now.Facts with { Health = [new(HealthScope.Edge, failed, HealthState.Down, 1)] });
        return Solved(now, new(inForce) { MoveCost = 0, Pace = pace });
    }

    private static World Two(int firstRtt, int secondRtt, double secondRoom, double firstRoom = 1.0)
    {
        World world = new SmallProblem([1], [1, 1], [[firstRtt, secondRtt]], [0, 0], [false]).ToWorld();
        return new World(world.Facts with
        {
            Edges = [world.Edges[0] with { Capacity = new(firstRoom) }, world.Edges[1] with { Capacity = new(secondRoom) }],
        });
    }

    private static Assignment Solved(World world, Continuity? held)
    {
        SolveResult result = DispatchSolver.Solve(new Snapshot(world, 0), new SolveOptions { Congestion = CongestionSteps.None, Continuity = held });
        Assert.True(result.Assignment is not null, result.Cause);
        return result.Assignment;
    }
}
