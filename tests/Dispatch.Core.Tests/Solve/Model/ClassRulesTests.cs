using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Solve.Model;

public sealed class ClassRulesTests
{
    private static readonly TrafficClass Live = new("live", 1, 0.5, 40, null), Bulk = new("bulk", 3, 0.5, 1, null);

    [Fact]
    public void LatencyWeight_NearAndDearAgainstFarAndFree_SplitsTheClasses()
    {
        // Near: 900 for money and 10 ms; far: 60 ms. Live 1,300 against 2,400; bulk 910 against 60.
        Assignment a = Sketch.Of([4], [4, 4], [[10, 60]], [2, 0]).With(Live, Bulk).Solve();
        Assert.Equal([2000, 0, 0], a.Split(0));
        Assert.Equal([0, 2000, 0], a.Split(1));
    }

    [Theory]
    [InlineData(50, 2000, 0)]
    [InlineData(51, 0, 2000)]
    public void MaxRtt_FarEdge_ServesUpToTheBoundItselfOnly(int rtt, long served, long unserved)
    {
        Assignment a = Sketch.Of([4], [2, 4], [[10, rtt]]).With(TrafficClass.Default with { MaxRtt = new(50) }).Solve();
        Assert.Equal([2000, served, unserved], a.Split());
    }

    [Theory]
    [InlineData(0.01, 4000, 0)]
    [InlineData(0.011, 0, 4000)]
    public void MaxLoss_CheapEdge_ServesUpToTheBoundItselfOnly(double loss, long lossy, long clean)
    {
        World world = Sketch.Of([4], [4, 4], [[10, 90]]).With(TrafficClass.Default with { MaxLoss = 0.01 });
        Assert.Equal([lossy, clean, 0], world.With(f => f with { Loss = new LossMatrix(1, 2, [loss, 0]) }).Solve().Split());
    }

    [Theory]
    [InlineData(0, 4000, 0)]
    [InlineData(300, 0, 4000)]
    public void LossWeight_TwoPercentOfLoss_IsWeighedAgainstDistance(double weight, long lossy, long clean)
    {
        // 2 % of loss at 300 a hundredth cost 600, 50 ms at 10 cost 500.
        World world = Sketch.Of([4], [4, 4], [[10, 60]]).With(TrafficClass.Default with { LossWeight = weight });
        Assert.Equal([lossy, clean, 0], world.With(f => f with { Loss = new LossMatrix(1, 2, [0.02, 0]) }).Solve().Split());
    }

    [Fact]
    public void Priority_Shortage_ShedsTheLowerOneExactly()
    {
        // 2, 2 and 4 Gbit/s of falling priority want 3 Gbit/s of room.
        Assignment a = Sketch.Of([8], [3], [[10]])
            .With(Live with { Share = 0.25 }, Live with { Id = "vod", Priority = 2, Share = 0.25 }, Bulk).Solve();
        Assert.Equal([2000, 0], a.Split(0));
        Assert.Equal([1000, 1000], a.Split(1));
        Assert.Equal([0, 4000], a.Split(2));
    }

    [Fact]
    public void Priority_ServingTheHigherCostsFarMore_ItIsServedAllTheSame()
    {
        // A Mbit/s of live costs 1,000 × 500 ms, one of bulk nothing; and 1 Gbit/s of live would leave room for no more bulk than itself.
        Assignment a = Sketch.Of([4], [2], [[500]]).With(Live with { LatencyWeight = 1000 }, Bulk with { LatencyWeight = 0, Priority = 2 }).Solve();
        Assert.Equal([2000, 0], a.Split(0));
        Assert.Equal([0, 2000], a.Split(1));
    }

    [Fact]
    public void Priority_OneOfTheHigherInPlaceOfOneOfTheLower_IsNeverTradedOverEdges()
    {
        // Bulk sits on the edge that live can reach and is itself too far from the other: 2 Gbit/s of live push it out.
        World world = Sketch.Of([4], [2, 2], [[10, 40]]).With(Live with { MaxRtt = new(20) }, Bulk with { MaxRtt = new(20) });
        Assignment a = world.Solve();
        Assert.Equal([2000, 0, 0], a.Split(0));
        Assert.Equal([0, 0, 2000], a.Split(1));
    }

    [Fact]
    public void Figures_Shortage_TellUnservedByClassAndGroup()
    {
        Assignment a = Sketch.Of([4, 2], [4], [[10], [10]]).With(Live, Bulk).Solve();
        Assert.Equal([("live", 0L), ("bulk", 2000L)], PlanFigures.ByClass(a.Optimum).Select(static c => (c.ClassId, c.Figures.Unserved.Value)));
        Assert.Equal(2000, a.Optimum.Unserved(1) + a.Optimum.Unserved(3));
        Assert.Equal(2000, PlanFigures.Of(a.Optimum).Unserved.Value);
    }

    [Theory]
    [InlineData(OverCapacityPolicy.Spill, DecisionReason.OverCapacity, 1)]
    [InlineData(OverCapacityPolicy.Shed, DecisionReason.Shed, 0)]
    public void Decide_HalfTheDemandUnserved_TreatsHalfTheClientsAsTheServiceSays(OverCapacityPolicy policy, DecisionReason reason, int edges)
    {
        World world = Sketch.Of([4], [2], [[10]]).With(f => f with { Services = [Service.Default with { OverCapacity = policy }] });
        RoutingTable table = RoutingTable.Create(
            TableBuilder.Build(world.Solve(), PrefixIndex.Build([]), TableBuilder.RegionLocations(world)), new TableVersion(1, 1), DateTimeOffset.UnixEpoch);
        EdgeShare[] ranked = new EdgeShare[4];
        int beyond = 0;
        for (byte client = 0; client < 200; client++)
        {
            Decision decision = table.Decide(DecisionRequest.ForRegion(0, 0) with { SessionKey = new[] { client } }, ranked);
            if (decision.Reason == DecisionReason.Assigned) continue;
            beyond++;
            Assert.Equal((reason, edges), (decision.Reason, decision.Count));
        }
        Assert.InRange(beyond, 70, 130);
    }

    [Fact]
    public void Residency_TheOnlyLawfulEdgeIsDown_FailsClosedAndServesEverybodyElse()
    {
        World world = new SmallProblem([2, 2], [4, 4], [[10, 12], [10, 12]], [0, 0], [true, false]).ToWorld().Down("e0");
        Assignment a = world.Solve();
        Assert.Equal([0, 0, 2000], a.Split(0));
        Assert.Equal([0, 2000, 0], a.Split(1));
        Assert.Equal("residency_without_working_edge", Assert.Single(a.Contradictions).Kind);
    }

    [Fact]
    public void Residency_FreeTrafficInTheWay_MakesRoomOnTheOnlyLawfulEdge()
    {
        World world = new SmallProblem([2, 2], [2, 4], [[10, 12], [10, 90]], [0, 0], [true, false]).ToWorld();
        Assignment a = world.Solve();
        Assert.Equal([2000, 0, 0], a.Split(0));
        Assert.Equal([0, 2000, 0], a.Split(1));
    }
}
