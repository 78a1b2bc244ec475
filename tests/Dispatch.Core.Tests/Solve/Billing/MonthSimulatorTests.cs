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

    /// <summary>A process that serves keeps its pool for that.</summary>
    [Fact]
    public void Compare_OneThread_WorksOnTheCallersOwnAndFindsTheSame()
    {
        ToyMonth toy = TwoPeaks();
        CallersOwn progress = new(Environment.CurrentManagedThreadId);
        MonthComparison one = MonthSimulator.Compare(toy.World, toy.Month, toy.Month, new MonthOptions { Threads = 1 }, null, progress);
        MonthComparison two = MonthSimulator.Compare(toy.World, toy.Month, toy.Month, new MonthOptions { Threads = 2 });
        Assert.True(progress.Reports > 0);
        Assert.Equal(0, progress.Elsewhere);
        Assert.Equal((two.Naive.TotalMicroUsd, two.Aware.TotalMicroUsd), (one.Naive.TotalMicroUsd, one.Aware.TotalMicroUsd));
        Assert.Equal(two.Levels.ToArray(), one.Levels.ToArray());
    }

    private sealed class CallersOwn(int thread) : IProgress<string>
    {
        public int Reports { get; private set; }

        public int Elsewhere { get; private set; }

        public void Report(string value)
        {
            Reports++;
            if (Environment.CurrentManagedThreadId != thread) Elsewhere++;
        }
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

    /// <summary>The dear edge's contract has a floor of 1 Mbit/s: in every slot one unit goes there whatever it costs, and no more.</summary>
    [Fact]
    public void Compare_FloorOfADearContract_IsKeptInEverySlot()
    {
        ToyMonth toy = TwoPeaks().In(static facts => facts with { Contracts = facts.Contracts.Add(new("held", null, ["dear"], new Gbps(0.001), null)) });
        MonthComparison month = toy.Compare();
        Assert.All([month.Naive, month.Aware], static f => Assert.Equal((20 * 9000, 0.0), (f.OutsideMicroUsd, f.FloorShortGb)));
    }

    /// <summary>A floor that demand cannot fill yields, and what it is short of is told: 8 Mbit/s asked for, 2 or 6 there, all day at the floor's edge.</summary>
    [Fact]
    public void Compare_FloorAboveDemand_YieldsAndIsTold()
    {
        ToyMonth toy = TwoPeaks().In(static facts => facts with { Contracts = facts.Contracts.Add(new("held", null, ["dear"], new Gbps(0.008), null)) });
        MonthFigures aware = toy.Compare().Aware;
        Assert.Equal((0.0, 48 * 9000), (aware.UnservedGb, aware.OutsideMicroUsd));
        Assert.Equal((20 * 8 - 48) * 0.45, aware.FloorShortGb, 9);
    }

    /// <summary>One Mbit/s of peering to e0 and none to e1: both ways no account ever shows more.</summary>
    [Fact]
    public void Compare_PeeringCaps_Bind()
    {
        ToyMonth toy = TwoPeaks().In(static facts => facts with { Peering = [new("zone:Z", [0], 0, new Gbps(0.001)), new("zone:Z", [0], 1, default)] });
        MonthComparison month = toy.Compare();
        Assert.Equal([1, 0], month.Book.Accounts.Select(static a => a.Top.IsEmpty ? 0 : a.Top[0]));
        Assert.All([month.Naive, month.Aware], static f => Assert.Equal(28 * 9000, f.OutsideMicroUsd));
    }

    /// <summary>5 % of loss at 2000 micro-USD a percent makes both contracts' edges dearer than the one without; a class that takes 3 % at most may not use them.</summary>
    [Theory]
    [InlineData(2000, null)]
    [InlineData(0, 0.03)]
    public void Compare_LossyEdges_AreAvoided(double weight, double? most)
    {
        ToyMonth toy = TwoPeaks().In(facts => facts with
        {
            Loss = new LossMatrix(1, 3, [0.05, 0.05, 0]),
            Classes = [.. facts.Classes.Select(c => c with { LossWeight = weight, MaxLoss = most })],
        });
        Assert.Equal(48 * 9000, toy.Compare().Aware.OutsideMicroUsd);
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
