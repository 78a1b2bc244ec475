using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

public sealed class ContractStepsTests
{
    private static readonly Contract Transit = TransitContracts.Percentile;

    [Fact]
    public void Of_NoStanding_IsCommitThenTiers() =>
        Assert.Equal([(10_000, 0), (0, 1), (10_000, 1000), (30_000, 2000)], Steps(Transit, null, 60_000));

    [Fact]
    public void Of_BilledLevelInSecondTier_SkipsTheFirst() =>
        Assert.Equal([(25_000, 0), (0, 1), (0, 1000), (25_000, 2000)], Steps(Transit, new("transit", new(25_000), false), 60_000));

    [Fact]
    public void Of_LevelBelowCommit_PaysTheCommit() =>
        Assert.Equal([(10_000, 0), (0, 1), (10_000, 1000), (30_000, 2000)], Steps(Transit, new("transit", new(3), false), 60_000));

    [Fact]
    public void Of_MayBurst_LeavesNothingToTheTiers() =>
        Assert.Equal([(12_000, 0), (38_000, 1), (0, 1000), (0, 2000)], Steps(Transit, new("transit", new(12_000), true), 60_000));

    [Fact]
    public void Of_FewerEdgesThanCommit_EndsAtTheirCapacity() =>
        Assert.Equal([(7_000, 0), (0, 1), (0, 1000), (0, 2000)], Steps(Transit, new("transit", new(12_000), true), 7_000));

    /// <summary>0.02 USD a GB is 9000 micro-USD for a Mbit/s and hour.</summary>
    [Fact]
    public void Of_Volume_NeverBursts()
    {
        Contract volume = Transit with { Billing = BillingMethod.Volume, Ceiling = null, Tiers = [new(null, 0.02)] };
        Assert.Equal([(10_000, 0), (0, 1), (20_000, 9000)], Steps(volume, new("transit", new(10_000), true), 30_000));
    }

    [Fact]
    public void Of_FreeTier_BurstIsNoDearer()
    {
        Contract free = Transit with { Tiers = [new(new Gbps(20), 0), new(null, 1.44)] };
        Assert.Equal([(10_000, 0), (40_000, 0), (0, 0), (0, 2000)], Steps(free, new("transit", new(10_000), true), 60_000));
    }

    [Fact]
    public void Of_NoTiers_IsOneFreeStepUpToTheCeiling() =>
        Assert.Equal([(50_000, 0)], Steps(Transit with { Tiers = [] }, new("transit", new(1), true), 60_000));

    [Fact]
    public void Of_AnotherContractsStanding_Throws() =>
        Assert.Throws<ArgumentException>(static () => Steps(Transit, new("other", new(1), false), 1));

    /// <summary>Whatever the contract: capacities sum to the room, costs never fall from one step with room to the next.</summary>
    [Fact]
    public void Of_AnyContract_IsConvexAndComplete() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20261121UL, 401UL).WithMaxTest(2000),
        Prop.ForAll(AnyCase(), static c =>
        {
            (long Capacity, long Cost)[] steps = Steps(c.Contract, c.Standing, c.Capacity);
            Assert.Equal(c.Contract.Tiers.Length + 2, steps.Length);
            Assert.Equal(Math.Min(c.Capacity, c.Contract.Ceiling?.ToMbps().Value ?? long.MaxValue), steps.Sum(static s => s.Capacity));
            long[] used = [.. steps.Where(static s => s.Capacity > 0).Select(static s => s.Cost)];
            Assert.Equal(used.Order(), used);
            return true;
        }));

    /// <summary>One price for all its room, whatever the commit and the tiers: the month's volume is billed, not the slot's rate.</summary>
    [Fact]
    public void Of_VolumeAtAPrice_CostsThatAtAnyRate()
    {
        BillingLevel standing = new("cdn", default, false) { VolumePrice = new(1234) };
        Assert.Equal([(0, 0), (0, 0), (5000, 1234), (0, 1234)], Steps(TransitContracts.Volume, standing, 5000));
        Assert.Equal([(1000, 0), (0, 1), (1000, 9000), (3000, 13_500)], Steps(TransitContracts.Volume, standing with { VolumePrice = null }, 5000));
    }

    private static Arbitrary<(Contract Contract, BillingLevel? Standing, long Capacity)> AnyCase() => Arb.From(
        from ends in Gen.ArrayOf(Gen.Choose(1, 40))
        from prices in Gen.ArrayOf(Gen.Choose(0, 4000), ends.Length + 1)
        from commit in Gen.Choose(0, 30)
        from ceiling in Gen.Choose(0, 50)
        from level in Gen.Choose(0, 45_000)
        from kind in Gen.Choose(0, 5)
        from capacity in Gen.Choose(0, 60_000)
        let contract = new Contract("c", null, ["e"], default, ceiling == 0 ? null : new Gbps(ceiling))
        {
            Billing = kind % 2 == 0 ? BillingMethod.Percentile95 : BillingMethod.Volume,
            Commit = new Gbps(commit),
            Tiers = [.. ends.Order().Select(static e => (Gbps?)new Gbps(e)).Append(null).Zip(prices.Order(), static (e, p) => new PriceTier(e, p / 1000.0))],
        }
        select (contract, kind < 2 ? null : new BillingLevel("c", new(level), kind < 4), (long)capacity));

    private static (long Capacity, long Cost)[] Steps(Contract contract, BillingLevel? standing, long capacity)
    {
        ImmutableArray<ContractStep> steps = ContractSteps.Of(contract, standing, new(capacity));
        return [.. steps.Select(static s => (s.Capacity.Value, s.Cost.Value))];
    }
}
