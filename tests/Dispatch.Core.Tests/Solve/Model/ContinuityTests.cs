using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Core.Tests.Solve.Model;

public sealed class ContinuityTests
{
    [Theory]
    [InlineData(7, 4000, 0)] // a gain of 30 is not worth a move of 40
    [InlineData(5, 0, 4000)] // one of 50 is
    public void MoveCost_ANearerEdge_IsTakenOnlyForAGainAboveIt(int rtt, long stays, long moves)
    {
        TrafficPlan inForce = Sketch.Of([4], [4, 4], [[10, 60]]).Solve().Optimum;
        Assignment a = Sketch.Of([4], [4, 4], [[10, rtt]]).Solve(Held(inForce, moveCost: 40));
        Assert.Equal([stays, moves, 0], a.Split());
    }

    [Fact]
    public void MoveCost_MoreDemand_KeepsSharesAndPaysForNothing()
    {
        TrafficPlan inForce = Sketch.Of([2], [8, 8], [[10, 60]]).Solve().Optimum;
        Assignment a = Sketch.Of([4], [8, 8], [[10, 9]]).Solve(Held(inForce, moveCost: 40));
        Assert.Equal([4000, 0, 0], a.Split());
        Assert.Equal(4000 * 100, a.Trace.Objective);
    }

    [Fact]
    public void ReducedCosts_PlanInForce_CountTheMove()
    {
        TrafficPlan inForce = Sketch.Of([4], [4, 4], [[10, 60]]).Solve().Optimum;
        Assignment a = Sketch.Of([4], [4, 4], [[10, 7]]).Solve(Held(inForce, moveCost: 40));
        long[] row = [100, 70];
        a.ToReducedCosts(0, row);
        Assert.Equal(0, row[0]);
        Assert.InRange(row[1], 0, 10); // 30 nearer, 40 for the move; where demand ends between, every price between is valid
    }

    [Fact]
    public void StickyShare_ALargeGain_HoldsTheShareAndMovesTheRest()
    {
        TrafficPlan inForce = Sticky([[10, 60]]).Solve().Optimum;
        Assert.Equal([1000, 3000, 0], Sticky([[90, 5]]).Solve(Held(inForce)).Split());
    }

    [Fact]
    public void StickyShare_ItsEdgeFails_IsDropped()
    {
        TrafficPlan inForce = Sticky([[10, 60]]).Solve().Optimum;
        Assert.Equal([0, 4000, 0], Sticky([[10, 60]]).Down("e0").Solve(Held(inForce)).Split());
    }

    [Fact]
    public void StickyShare_ALessCapableEdge_YieldsRatherThanLeaveTrafficUnserved()
    {
        // Both regions hold a Gbit/s on e0. R1 may use no other edge, and e0 has shrunk to what R1 alone asks for.
        World before = Sketch.Of([4, 4], [8, 8], [[10, 60], [10, 60]]).With(TrafficClass.Default with { StickyShare = 0.25 });
        World after = Sketch.Of([4, 4], [4, 8], [[10, 40], [10, 90]]).With(TrafficClass.Default with { StickyShare = 0.25, MaxRtt = new(50) });
        Assignment a = after.Solve(Held(before.Solve().Optimum));
        Assert.Equal([0, 4000, 0], a.Split(0));
        Assert.Equal([4000, 0, 0], a.Split(1));
    }

    [Fact]
    public void OnloadPercent_ARestoredEdge_FillsStepByStep()
    {
        World world = Sketch.Of([4], [10, 10], [[10, 60]]);
        TrafficPlan plan = world.Down("e0").Solve().Optimum;
        Assert.Equal([0, 4000], [plan.Volume(0, 0), plan.Volume(0, 1)]);
        foreach (long expected in new long[] { 1500, 3000, 4000 })
        {
            plan = world.Solve(Held(plan, onload: 15)).Optimum;
            Assert.Equal(expected, plan.Volume(0, 0));
        }
    }

    [Fact]
    public void OnloadPercent_AnEdgeFails_ItsTrafficLeavesAtOnce()
    {
        World world = Sketch.Of([4], [10, 10], [[10, 60]]);
        TrafficPlan inForce = world.Solve().Optimum;
        Assert.Equal([0, 4000, 0], world.Down("e0").Solve(Held(inForce, onload: 15)).Split());
    }

    [Fact]
    public void OnloadPercent_AnEdgeFails_SpreadsWithinTheBoundsWhereItCan()
    {
        // e1 is nearer and has room for all; bounds of 2 Gbit/s on each send half of it to e2.
        World world = Sketch.Of([4], [10, 10, 10], [[10, 20, 60]]);
        TrafficPlan inForce = world.Solve().Optimum;
        Assert.Equal([0, 2000, 2000, 0], world.Down("e0").Solve(Held(inForce, onload: 20)).Split());
    }

    [Theory]
    [InlineData(0, 2000)]
    [InlineData(50, 3000)]
    [InlineData(100, 4000)]
    public void Before_TrafficInFlight_IsNotYetLoadNorRoom(int arrived, long atNear)
    {
        // All was on e1, the plan in force sends 2 of 4 Gbit/s to e0. A step may add 2 Gbit/s to what has arrived there.
        World world = Sketch.Of([4], [10, 10], [[10, 60]]);
        TrafficPlan before = world.Down("e0").Solve().Optimum;
        TrafficPlan inForce = world.Solve(Held(before, onload: 20)).Optimum;
        Assert.Equal(2000, inForce.Volume(0, 0));
        SolveOptions options = Held(inForce, onload: 20);
        options = options with { Continuity = options.Continuity! with { Before = before, ArrivedPercent = arrived } };
        Assert.Equal(atNear, world.Solve(options).Optimum.Volume(0, 0));
    }

    [Fact]
    public void Before_TrafficInFlight_IsNotMovedTwice()
    {
        // On its way from e1 to e0, and e1 has become 30 better again: turning round would be a second move.
        TrafficPlan before = Sketch.Of([4], [4, 4], [[60, 10]]).Solve().Optimum, inForce = Sketch.Of([4], [4, 4], [[10, 60]]).Solve().Optimum;
        SolveOptions options = Held(inForce, moveCost: 40);
        options = options with { Continuity = options.Continuity! with { Before = before, ArrivedPercent = 0 } };
        Assert.Equal([4000, 0, 0], Sketch.Of([4], [4, 4], [[10, 7]]).Solve(options).Split());
    }

    private static World Sticky(int[][] rtt) => Sketch.Of([4], [4, 4], rtt).With(TrafficClass.Default with { StickyShare = 0.25 });

    private static SolveOptions Held(TrafficPlan inForce, long moveCost = 0, int? onload = null) =>
        Sketch.Calm with { Continuity = new Continuity(inForce) { MoveCost = moveCost, OnloadPercent = onload } };
}
