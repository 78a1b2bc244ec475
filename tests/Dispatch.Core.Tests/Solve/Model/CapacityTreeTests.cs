using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Core.Tests.Solve.Model;

public sealed class CapacityTreeTests
{
    [Fact]
    public void SiteCeiling_RoomOnItsEdges_SendsTheRestElsewhere()
    {
        Assignment a = Sketch.Of([6], [4, 4, 4], [[10, 11, 90]]).With(Sketch.Contract("site", ["e0", "e1"], ceiling: 3)).Solve();
        Assert.Equal([3000, 0, 3000, 0], a.Split());
        Assert.Equal(800, a.Prices.Room[3]); // 80 ms at 10
    }

    [Fact]
    public void OperatorCeiling_SitesWithinTheirs_BindsAboveThem()
    {
        Assignment a = Sketch.Of([6], [4, 4, 4], [[10, 11, 90]]).With(
            Sketch.Contract("a", ["e0"], ceiling: 3, parent: "op"),
            Sketch.Contract("b", ["e1"], ceiling: 3, parent: "op"),
            Sketch.Contract("op", ["e0", "e1"], ceiling: 4)).Solve();
        Assert.Equal([3000, 1000, 2000, 0], a.Split());
    }

    [Fact]
    public void Floor_DearEdge_GetsItAndNoMore()
    {
        Assignment a = Sketch.Of([4], [4, 4], [[10, 11]], [0, 9]).With(Sketch.Contract("c", ["e1"], floor: 2)).Solve();
        Assert.Equal([2000, 2000, 0], a.Split());
    }

    [Fact]
    public void Floor_AboveItsCeiling_YieldsToItAndIsNamed()
    {
        Assignment a = Sketch.Of([4], [4, 4], [[10, 11]], [0, 9]).With(Sketch.Contract("c", ["e1"], floor: 3, ceiling: 1)).Solve();
        Assert.Equal([3000, 1000, 0], a.Split());
        Assert.Equal(("floor_above_ceiling", "contract c"), (Assert.Single(a.Contradictions).Kind, a.Contradictions[0].Subject));
    }

    [Fact]
    public void Floor_AboveACeilingTwoLevelsUp_IsNamedThere()
    {
        Assignment a = Sketch.Of([4], [4, 4], [[10, 11]], [0, 9]).With(
            Sketch.Contract("top", ["e1"], ceiling: 1),
            Sketch.Contract("mid", ["e1"], parent: "top"),
            Sketch.Contract("low", ["e1"], floor: 3, parent: "mid")).Solve();
        Assert.Equal([3000, 1000, 0], a.Split());
        Assert.Equal(("floor_above_ceiling", "contract top"), (Assert.Single(a.Contradictions).Kind, a.Contradictions[0].Subject));
    }

    [Fact]
    public void Floor_LittleDemand_TakesAllThereIs()
    {
        Assignment a = Sketch.Of([1], [4, 4], [[10, 90]], [0, 9]).With(Sketch.Contract("c", ["e1"], floor: 3)).Solve();
        Assert.Equal([0, 1000, 0], a.Split());
        Assert.Empty(a.Contradictions);
    }

    [Fact]
    public void Floor_AHigherPriorityNeedsTheRoom_Yields()
    {
        // Live reaches e0 alone; both edges together may carry 2 Gbit/s, and e1's floor would have bulk carry them.
        TrafficClass live = new("live", 1, 0.5, 1, new(20)), bulk = new("bulk", 3, 0.5, 1, null);
        Assignment a = Sketch.Of([4], [4, 4], [[10, 30]]).With(live, bulk)
            .With(Sketch.Contract("op", ["e0", "e1"], ceiling: 2), Sketch.Contract("c", ["e1"], floor: 2, parent: "op")).Solve();
        Assert.Equal([2000, 0, 0], a.Split(0));
        Assert.Equal([0, 0, 2000], a.Split(1));
    }

    [Fact]
    public void PeeringCap_NearEdgeHasRoom_SendsOnlyItsNetworkElsewhere()
    {
        World world = Sketch.Of([4, 4], [8, 8], [[10, 20], [10, 20]]).With(f => f with { Peering = [new("country:AA", [0], 0, new(1))] });
        Assignment a = world.Solve();
        Assert.Equal([1000, 3000, 0], a.Split(0));
        Assert.Equal([4000, 0, 0], a.Split(1));
    }

    [Fact]
    public void PeeringCap_NoWayRound_LeavesTheRestUnserved()
    {
        World world = Sketch.Of([4], [8], [[10]]).With(f => f with { Peering = [new("country:AA", [0], 0, new(1))] });
        Assert.Equal([1000, 3000], world.Solve().Split());
    }

    [Fact]
    public void Congestion_NearEdgeHasRoom_MovesTrafficFromSixtyPercentOn()
    {
        // Beyond 60 % a unit costs 40, beyond 80 % 200; e1 is 20 farther off.
        World world = Sketch.Of([4], [4, 8], [[10, 12]]);
        Assert.Equal([4000, 0, 0], world.Solve().Split());
        Assert.Equal([2400, 1600, 0], world.Solve(SolveOptions.Default).Split());
    }

    [Fact]
    public void Congestion_FartherThanTheFirstStepIsWorth_StaysToTheSecond()
    {
        // 10 ms cost 100: above the first step's 40, below the second's 200.
        Assert.Equal([3200, 800, 0], Sketch.Of([4], [4, 8], [[10, 20]]).Solve(SolveOptions.Default).Split());
    }

    [Fact]
    public void Room_EdgeInAContractWithoutCeiling_IsTheEdgesOwn()
    {
        // 2 Gbit/s more than e0 holds go 40 ms farther: a unit of room at e0 is worth 400, one of the contract nothing.
        Assignment a = Sketch.Of([4], [2, 4], [[10, 50]]).With(Sketch.Contract("c", ["e0"])).Solve();
        Assert.Equal(400, a.EdgePrices[0]);
        Assert.Equal(0, a.Prices.Room[2]);
    }

    [Fact]
    public void Room_CeilingOfZeroBesideAFloor_IsWorthWhatItSaves()
    {
        // A unit through c0 would save 40 ms. The floor of the other contract must not lend its charge.
        Assignment a = Sketch.Of([4], [2, 4], [[10, 50]])
            .With(Sketch.Contract("c0", ["e0"], ceiling: 0), Sketch.Contract("c1", ["e1"], floor: 1)).Solve();
        Assert.Equal(400, a.Prices.Room[2]);
    }

    [Fact]
    public void Room_FloorAsHighAsItsCeiling_IsWorthWhatAUnitAboveSaves()
    {
        Assignment a = Sketch.Of([4], [4, 4], [[10, 50]]).With(Sketch.Contract("c", ["e0"], floor: 2, ceiling: 2)).Solve();
        Assert.Equal([2000, 2000, 0], a.Split());
        Assert.Equal(400, a.Prices.Room[2]);
    }

    [Fact]
    public void Room_EdgeWithoutCapacity_IsWorthWhatItWouldSave()
    {
        Assignment a = Sketch.Of([4], [0, 8], [[10, 50]]).Solve();
        Assert.Equal(400, a.EdgePrices[0]);
    }

    [Fact]
    public void Room_FailedEdge_IsWorthNothing()
    {
        // Capacity alone would not bring it back, even while traffic goes unserved.
        Assignment a = Sketch.Of([4], [4, 2], [[10, 50]]).Down("e0").Solve();
        Assert.Equal([0, 2000, 2000], a.Split());
        Assert.Equal(0, a.EdgePrices[0]);
        Assert.True(a.EdgePrices[1] > 0);
    }
}
