using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

public sealed class BillingAccountTests
{
    private static readonly Contract Transit = TransitContracts.Percentile;

    /// <summary>A month of 20 hours: one slot is free.</summary>
    private static readonly BillingPeriod Twenty = new(20, 1, 1);

    /// <summary>The commit at a price of its own: 10 Gbit/s × 0.5 USD instead of 0.72; what lies above it costs as before.</summary>
    [Fact]
    public void Bill_CommitWithAPriceOfItsOwn_CostsThat()
    {
        Contract own = Transit with { CommitUsd = 0.5 };
        BillingAccount account = BillingAccount.Start(own, BillingPeriod.Month);
        for (int slot = 0; slot <= 432; slot++) account = account.Record(slot, new(11_000));
        ContractBill bill = ContractBill.Of(own, account), first = ContractBill.Of(Transit, account);
        Assert.Equal((5_000_000_000, 7_200_000_000), (bill.CommitMicroUsd, first.CommitMicroUsd));
        Assert.Equal(first.OverageMicroUsd, bill.OverageMicroUsd);
    }

    [Fact]
    public void Month_FiveMinuteSlots_LeavesFourHundredThirtyTwoFree() => Assert.Equal((8640, 12, 432), (BillingPeriod.Month.Slots, BillingPeriod.Month.SlotsPerHour, BillingPeriod.Month.FreeSlots));

    [Fact]
    public void Record_OneBusySlot_IsFree()
    {
        BillingAccount account = Recorded(Twenty, [40_000, 12_000, 3_000]);
        Assert.Equal((12_000, 0), (account.Percentile.Value, account.BurstsLeft(new(12_000))));
        Assert.Equal(1, account.BurstsLeft(new(40_000)));
        Assert.Equal(55_000, account.MbpsSlots);
        Assert.Equal(55_000 * 0.45, account.Gigabytes);
    }

    [Fact]
    public void Standing_NoFreeSlotLeft_RefusesTheBurst()
    {
        BillingAccount account = BillingAccount.Start(Transit, Twenty, new Mbps(15_000));
        Assert.Equal(new BillingLevel("transit", new(15_000), true), account.Standing(Transit, mayBurst: true));
        account = account.Record(0, new(15_001));
        Assert.Equal(new BillingLevel("transit", new(15_000), false), account.Standing(Transit, mayBurst: true));
        account = account.Record(5, new(16_000));
        Assert.Equal(new BillingLevel("transit", new(15_001), false), account.Standing(Transit, mayBurst: true));
        Assert.Equal(15_001, account.NextMonth(Transit).Target.Value);
    }

    [Fact]
    public void Start_TargetBelowCommit_IsTheCommit() => Assert.Equal(10_000, BillingAccount.Start(Transit, Twenty, new Mbps(3)).PaidLevel(Transit).Value);

    [Fact]
    public void Record_PastSlotOrRate_Throws()
    {
        BillingAccount account = BillingAccount.Start(Transit, Twenty).Record(4, new(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => account.Record(4, new(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => account.Record(20, new(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => account.Record(5, new(-1)));
    }

    /// <summary>720 hours: 10 Gbit/s at 0.72, 10 more at 0.72, 5 at 1.44 USD a Mbit/s.</summary>
    [Fact]
    public void Bill_Percentile_IsReckonedByHand()
    {
        BillingPeriod month = new(720, 1, 0);
        ContractBill bill = ContractBill.Of(Transit, Recorded(month, [25_000, 0, 4]));
        Assert.Equal(new ContractBill("transit", new(25_000), 7_200_000_000, 14_400_000_000), bill);
        Assert.Equal(21_600_000_000, bill.TotalMicroUsd);
    }

    [Fact]
    public void Bill_WeekInsteadOfMonth_IsInProportion()
    {
        ContractBill bill = ContractBill.Of(Transit, Recorded(BillingPeriod.Of(7, 1), [.. Enumerable.Repeat(25_000L, 9)]));
        Assert.Equal((1_680_000_000, 3_360_000_000), (bill.CommitMicroUsd, bill.OverageMicroUsd));
    }

    /// <summary>4 hours at a mean of 2.5 Gbit/s are 4500 GB: 1800 committed and 1800 more at 0.02 USD, 900 at 0.03.</summary>
    [Fact]
    public void Bill_Volume_IsReckonedByHand()
    {
        Contract cdn = TransitContracts.Volume;
        BillingAccount account = BillingAccount.Start(cdn, new(4, 1, 0));
        foreach ((int slot, long rate) in new[] { (0, 1_000L), (1, 9_000), (3, 0) }) account = account.Record(slot, new(rate));
        Assert.Equal(new ContractBill("cdn", new(2_500), 36_000_000, 36_000_000 + 27_000_000), ContractBill.Of(cdn, account));
    }

    [Fact]
    public void Bill_NoTiers_IsNothing() => Assert.Equal(0, ContractBill.Of(Transit with { Tiers = [] }, Recorded(Twenty, [5, 5, 5])).TotalMicroUsd);

    [Fact]
    public void Percentile_AnyMonth_EqualsASort() => Check(c =>
    {
        BillingAccount account = Recorded(c.Period, c.Rates);
        long[] sorted = [.. c.Rates.Concat(Enumerable.Repeat(0L, c.Period.Slots - c.Rates.Length)).OrderDescending()];
        Assert.Equal(sorted[c.Period.FreeSlots], account.Percentile.Value);
        Assert.Equal(c.Rates.Sum(), account.MbpsSlots);
        foreach (long level in c.Rates.Append(account.Percentile.Value))
            Assert.Equal(Math.Max(0, c.Period.FreeSlots - c.Rates.Count(r => r > level)), account.BurstsLeft(new(level)));
        Assert.True(account.Top.Length <= c.Period.FreeSlots + 1);
    });

    [Fact]
    public void Bill_AnyMonth_IsNeverBelowTheCommit() => Check(c =>
    {
        foreach (Contract contract in new[] { Transit, TransitContracts.Volume with { Id = "transit" } })
        {
            ContractBill bill = ContractBill.Of(contract, Recorded(c.Period, c.Rates)), idle = ContractBill.Of(contract, Recorded(c.Period, []));
            Assert.True(bill.TotalMicroUsd >= idle.TotalMicroUsd && bill.CommitMicroUsd == idle.CommitMicroUsd && bill.OverageMicroUsd >= 0);
            Assert.True(bill.Level >= contract.Commit.ToMbps());
        }
    });

    [Fact]
    public void Bill_OneRateRaised_NeverFalls() => Check(c =>
    {
        for (int slot = 0; slot < c.Rates.Length; slot++)
        {
            long[] raised = [.. c.Rates];
            raised[slot] += 5_000;
            foreach (Contract contract in new[] { Transit, TransitContracts.Volume with { Id = "transit" } })
                Assert.True(ContractBill.Of(contract, Recorded(c.Period, raised)).TotalMicroUsd >= ContractBill.Of(contract, Recorded(c.Period, c.Rates)).TotalMicroUsd);
        }
    });

    /// <summary>While the level is held whenever no burst is granted, no more slots lie above it than are free, and the bill stays at the plan.</summary>
    [Fact]
    public void Standing_HeldByTheRates_NeverBurstsMoreThanFree() => Check(c =>
    {
        BillingAccount account = BillingAccount.Start(Transit, c.Period);
        int bursts = 0;
        for (int slot = 0; slot < c.Rates.Length; slot++)
        {
            BillingLevel standing = account.Standing(Transit, mayBurst: true);
            long rate = standing.MayBurst ? c.Rates[slot] : Math.Min(c.Rates[slot], standing.BilledLevel.Value);
            if (rate > standing.BilledLevel.Value) bursts++;
            account = account.Record(slot, new(rate));
        }
        Assert.True(bursts <= c.Period.FreeSlots);
        Assert.Equal(0, ContractBill.Of(Transit, account).OverageMicroUsd);
    });

    private static BillingAccount Recorded(BillingPeriod period, ReadOnlySpan<long> rates)
    {
        BillingAccount account = BillingAccount.Start(Transit, period);
        for (int slot = 0; slot < rates.Length; slot++) account = account.Record(slot, new(rates[slot]));
        return account;
    }

    private static void Check(Action<MonthCase> property) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithReplay(20261121UL, 403UL).WithMaxTest(1000),
        Prop.ForAll(Months, c =>
        {
            property(c);
            return true;
        }));

    private static Arbitrary<MonthCase> Months { get; } = Arb.From(
        from slots in Gen.Choose(1, 40)
        from free in Gen.Choose(0, Math.Max(0, slots / 4))
        from perHour in Gen.Choose(1, 12)
        from rates in Gen.ArrayOf(Gen.Frequency((3, Gen.Choose(0, 60_000)), (2, Gen.Choose(9_998, 10_003)), (1, Gen.Constant(0))), slots)
        from recorded in Gen.Choose(0, slots)
        select new MonthCase(new(slots, perHour, free), [.. rates.Take(recorded).Select(static r => (long)r)]),
        MonthCase.Shrink);

    private sealed record MonthCase(BillingPeriod Period, long[] Rates)
    {
        public static IEnumerable<MonthCase> Shrink(MonthCase c)
        {
            for (int i = 0; i < c.Rates.Length; i++) yield return c with { Rates = [.. c.Rates.Where((_, at) => at != i)] };
            for (int i = 0; i < c.Rates.Length; i++)
                if (c.Rates[i] > 0) yield return c with { Rates = [.. c.Rates.Select((r, at) => at == i ? r / 2 : r)] };
        }

        public override string ToString() => $"{Period}: {string.Join(' ', Rates)}";
    }
}
