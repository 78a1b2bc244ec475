using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Core.Tests.Solve.Model;

public sealed class ContractBillTests
{
    [Fact]
    public void Commit_EdgeThatLooksCheaper_IsUsedUpFirst()
    {
        // e0's operator charges 50 above a commit of 2 Gbit/s; e1 costs 1.
        Contract contract = Sketch.Contract("c", ["e0"]) with { Commit = new(2), Tiers = [new(null, 0.050)] };
        Assert.Equal([2000, 2000, 0], Sketch.Of([4], [4, 4], [[10, 10]], [50, 1]).With(contract).Solve().Split());
    }

    [Fact]
    public void Commit_ABilledEdge_HasNoPriceOfItsOwnBesides()
    {
        // The edge's own 9 would send everything to e1.
        Contract contract = Sketch.Contract("c", ["e0"]) with { Commit = new(4), Tiers = [new(null, 0.050)] };
        Assert.Equal([4000, 0, 0], Sketch.Of([4], [4, 4], [[10, 10]], [9, 1]).With(contract).Solve().Split());
    }

    [Theory]
    [InlineData(10, 2000, 2000)]
    [InlineData(3, 1000, 3000)]
    [InlineData(30, 4000, 0)]
    public void Tiers_AgainstAnEdgesPrice_FillInOrderUpToIt(int price, long contracted, long other)
    {
        Contract contract = Sketch.Contract("c", ["e0"]) with { Tiers = [new(new Gbps(1), 0.001), new(new Gbps(2), 0.005), new(null, 0.020)] };
        Assert.Equal([contracted, other, 0], Sketch.Of([4], [4, 4], [[10, 10]], [0, price]).With(contract).Solve().Split());
    }

    [Fact]
    public void Tiers_EdgesOfOneContract_ShareThem()
    {
        // 1 Gbit/s is free for both edges together, not for each.
        Contract contract = Sketch.Contract("c", ["e0", "e1"]) with { Commit = new(1), Tiers = [new(null, 0.009)] };
        Assignment a = Sketch.Of([2, 2], [4, 4, 4], [[10, 90, 20], [90, 10, 20]]).With(contract).Solve();
        Assert.Equal(1000, a.Optimum.EdgeLoads()[0] + a.Optimum.EdgeLoads()[1]);
    }

    [Theory]
    [InlineData(false, 1000, 3000)]
    [InlineData(true, 4000, 0)]
    public void BilledLevel_MayBurst_GoesAboveItForNextToNothing(bool mayBurst, long contracted, long other)
    {
        // 10 USD a Mbit/s and month are 13,889 an hour; e1 costs 450. The month is billed for 1 Gbit/s already.
        Contract contract = Sketch.Contract("c", ["e0"]) with { Billing = BillingMethod.Percentile95, Tiers = [new(null, 10)] };
        Assignment a = Sketch.Of([4], [4, 4], [[10, 10]], [0, 1]).With(contract).Solve(null, new BillingLevel("c", new(1000), mayBurst));
        Assert.Equal([contracted, other, 0], a.Split());
    }

    [Fact]
    public void Burst_TwoEqualContracts_FillsPaidLevelsBeforeItStarts()
    {
        // e0 may burst above 1 Gbit/s; e1 has 2 Gbit/s paid for: no unit bursts that a paid level could carry.
        Contract c = Sketch.Contract("c0", ["e0"]) with { Billing = BillingMethod.Percentile95, Tiers = [new(null, 10)] };
        Assignment a = Sketch.Of([3], [4, 4], [[10, 10]]).With(c, c with { Id = "c1", Edges = ["e1"] })
            .Solve(null, new BillingLevel("c0", new(1000), true), new BillingLevel("c1", new(2000), false));
        Assert.Equal([1000, 2000, 0], a.Split());
    }
}
