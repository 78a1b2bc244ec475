using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class PeeringIndexTests
{
    /// <summary>Every cap of the shipped world: whom it stands between, and what a plan carries through it, counted group by group.</summary>
    [Fact]
    public void Loads_ShippedWorld_AreTheVolumesOfEachCapsRegionsAtItsEdge()
    {
        World world = ShippedWorld.World;
        TrafficPlan plan = DispatchSolver.Solve(new Snapshot(world, 16)).Assignment!.Optimum;
        PeeringIndex index = new(world.Facts.Peering);
        long[] loads = index.Loads(plan);
        Assert.Equal((13, 13), (index.Count, loads.Length));
        for (int p = 0; p < loads.Length; p++)
        {
            PeeringCap cap = world.Facts.Peering[p];
            long expected = Enumerable.Range(0, plan.Model.Groups.Count).Where(g => cap.Regions.Contains(plan.Model.Groups[g].Region)).Sum(g => plan.Volume(g, cap.Edge));
            Assert.Equal(expected, loads[p]);
            Assert.All(cap.Regions, r => Assert.Equal(p, index.CapOf(r, cap.Edge)));
        }
        Assert.Contains(loads, static l => l > 0);
    }

    [Fact]
    public void CapOf_NoCapBetween_IsNone()
    {
        PeeringIndex index = new([new("zone:Z", [1], 2, new Gbps(1))]);
        Assert.Equal((0, PeeringIndex.None, PeeringIndex.None), (index.CapOf(1, 2), index.CapOf(0, 2), index.CapOf(1, 1)));
        Assert.Equal(PeeringIndex.None, new PeeringIndex([]).CapOf(1, 2));
    }
}
