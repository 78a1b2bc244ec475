using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

public sealed class MonthSimulatorTests
{
    /// <summary>
    /// Two peaks of 6 over a flat 2, one free slot for each contract. Unaware, c0 carries both peaks and is billed for 6. Aware, c0 bursts
    /// in one and c1 in the other: 2 Mbit/s are billed, 20 hours at 1000 micro-USD each. Nothing goes to the dear edge either way.
    /// </summary>
    [Fact]
    public void Compare_TwoPeaksTwoContracts_EachBurstsOnce()
    {
        MonthComparison month = TwoPeaks().Compare();
        Assert.Equal((120_000, 0), (month.Naive.Bills[0].TotalMicroUsd, month.Naive.Bills[1].TotalMicroUsd));
        Assert.Equal((40_000, 0), (month.Aware.Bills[0].TotalMicroUsd, month.Aware.Bills[1].TotalMicroUsd));
        Assert.Equal([1, 1], month.Aware.BurstSlots.ToArray());
        Assert.Equal((0, 0), (month.Naive.OutsideMicroUsd, month.Aware.OutsideMicroUsd));
        Assert.Equal(200.0 / 3, month.SavedPercent, 9);
    }

    /// <summary>With no slot free, the plain edge takes the peaks where that is cheaper than billing a month for two hours: 4 × 2 × 9000 &lt; 4 × 20,000.</summary>
    [Fact]
    public void Compare_NoFreeSlot_ShavesThePeaks()
    {
        MonthComparison month = TwoPeaks(free: 0).Compare();
        Assert.Equal((120_000, 0), (month.Naive.TotalMicroUsd, month.Naive.OutsideMicroUsd));
        Assert.Equal((112_000, 72_000), (month.Aware.TotalMicroUsd, month.Aware.OutsideMicroUsd));
        Assert.Equal([0, 0], month.Aware.BurstSlots.ToArray());
    }

    /// <summary>A group inside the contract that holds its edge to 3 Mbit/s.</summary>
    [Fact]
    public void Compare_CeilingInside_Binds()
    {
        ToyMonth toy = TwoPeaks().In(static facts => facts with { Contracts = facts.Contracts.Add(new("site", "c0", ["e0"], default, new Gbps(0.003))) });
        MonthComparison month = toy.Compare();
        Assert.Equal(3, month.Naive.Bills[0].Level.Value);
        Assert.All([month.Naive, month.Aware], static f => Assert.Equal(0, f.UnservedGb));
        Assert.All(month.Book.Accounts.Where(static a => a.ContractId != "c1"), static a => Assert.All(a.Top, static rate => Assert.True(rate <= 3)));
    }

    [Fact]
    public void Compare_LawForbidsTheContracts_NothingIsBilled()
    {
        ToyMonth toy = TwoPeaks().In(static facts => facts with
        {
            Regions = [.. facts.Regions.Select(static r => r with { InJurisdictionOnly = true })],
            Edges = [.. facts.Edges.Select(static e => e.Id == "dear" ? e : e with { Jurisdiction = "U" })],
        });
        MonthComparison month = toy.Compare();
        Assert.Equal((0L, 0L), (month.Naive.Bills.Sum(static b => b.TotalMicroUsd), month.Aware.Bills.Sum(static b => b.TotalMicroUsd)));
        Assert.Equal(48 * 9000, month.Aware.OutsideMicroUsd);
    }

    /// <summary>Demand beyond all capacity: both ways leave exactly the rest unserved, in every slot.</summary>
    [Fact]
    public void Compare_Shortage_UnservedIsLeastBothWays()
    {
        ToyMonth toy = TwoPeaks().In(static facts => facts with { Edges = [.. facts.Edges.Select(static e => e with { Capacity = new Gbps(e.Id == "e0" ? 0.003 : 0.001) })] });
        MonthComparison month = toy.Compare();
        Assert.All([month.Naive, month.Aware], static f => Assert.Equal(2 * 0.45, f.UnservedGb, 9));
    }

    /// <summary>
    /// The book of a month goes in where the next begins: without search its billed levels are the plan.
    /// </summary>
    [Fact]
    public void Compare_LastBook_IsWhereLevelsStart()
    {
        ToyMonth toy = TwoPeaks();
        BillingAccount last = BillingAccount.Start(toy.World.Facts.Contracts[0], toy.Month.Period).Record(0, new(4)).Record(1, new(4));
        MonthComparison month = MonthSimulator.Compare(toy.World, toy.Month, toy.Month, new MonthOptions { SearchRounds = 0 }, new BillingBook([last]));
        Assert.Equal([4, 0], month.Levels.Select(static l => l.Value));
        Assert.All(month.Book.Accounts, a => Assert.Equal(toy.Month.Period.Slots, a.NextSlot));
    }

    [Fact]
    public void Compare_Cancelled_Throws()
    {
        ToyMonth toy = TwoPeaks();
        Assert.Throws<OperationCanceledException>(() => MonthSimulator.Compare(toy.World, toy.Month, toy.Month, cancellation: new CancellationToken(canceled: true)));
    }

    /// <summary>Bills are those of the accounts, bursts stay within the free slots, every slot is proved, and the same month again is the same.</summary>
    [Fact]
    public void Compare_AnyToy_KeepsTheRules() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20261121UL, 407UL).WithMaxTest(60),
        Prop.ForAll(ToyCases.Any, static c =>
        {
            ToyMonth toy = c.Build();
            MonthComparison month = toy.Compare(rounds: 4), again = toy.Compare(rounds: 4);
            Assert.Equal(month.Aware.ObjectiveMicroUsd, again.Aware.ObjectiveMicroUsd);
            Assert.Equal(month.Levels.ToArray(), again.Levels.ToArray());
            for (int i = 0; i < month.Aware.Bills.Length; i++)
                Assert.Equal(ContractBill.Of(toy.World.Facts.Contracts[i], month.Book.Accounts[i]), month.Aware.Bills[i]);
            Assert.All(month.Aware.BurstSlots, used => Assert.InRange(used, 0, toy.Month.Period.FreeSlots));
            foreach (MonthFigures figures in new[] { month.Naive, month.Aware })
            {
                Assert.Equal((figures.Slots, 0.0), (figures.ProvedSlots, figures.UnservedGb));
                Assert.All(figures.Bills, b => Assert.True(b.OverageMicroUsd >= 0 && b.Level >= toy.World.Facts.Contracts.Single(x => x.Id == b.ContractId).Commit.ToMbps()));
            }
            return true;
        }));

    private static ToyMonth TwoPeaks(int free = 1)
    {
        long[][] demand = [.. Enumerable.Range(0, 20).Select(static slot => new long[] { slot is 7 or 12 ? 6 : 2 })];
        return ToyMonth.Of(free, [(10, 0, 0.72), (10, 0, 0.792)], [[10, 10, 10]], demand);
    }
}
