using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

public sealed class ExactMonthTests
{
    /// <summary>One region, one contract of 3 Mbit/s, four slots, one free: every plan is tried, slot by slot, load by load.</summary>
    [Fact]
    public void Solve_OneContract_EqualsEveryPlanTried() => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20261121UL, 409UL).WithMaxTest(150),
        Prop.ForAll(Arb.From(
            from demand in Gen.ArrayOf(Gen.Choose(0, 5), 4)
            from usd in Gen.Choose(1, 40)
            from commit in Gen.Choose(0, 2)
            from rtt in Gen.Choose(1, 900)
            select (demand, usd, commit, rtt)), static c =>
            {
                ToyMonth toy = ToyMonth.Of(1, [(3, c.commit, c.usd * 0.72)], [[c.rtt, 5]], [.. c.demand.Select(static d => new long[] { d })]);
                Assert.Equal(EveryPlan(toy, c.demand, c.rtt), ExactMonth.Solve(toy.World, toy.Month).ObjectiveMicroUsd);
                return true;
            }));

    /// <summary>
    /// The simulator with hindsight against the optimum, on random toys: never below it; on average within one percent and never ten away, and
    /// less than a tenth as far from it as without awareness. Measured: docs/billing.md.
    /// </summary>
    [Fact]
    public void Compare_RandomToys_IsCloseToTheOptimum()
    {
        List<double> aware = [], naive = [];
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 411UL).WithMaxTest(100), Prop.ForAll(ToyCases.Any, c =>
        {
            ToyMonth toy = c.Build();
            (Int128 optimum, _) = ExactMonth.Solve(toy.World, toy.Month);
            MonthComparison month = toy.Compare();
            Assert.True(month.Aware.ObjectiveMicroUsd >= optimum && month.Naive.ObjectiveMicroUsd >= optimum);
            aware.Add(Gap(month.Aware, optimum));
            naive.Add(Gap(month.Naive, optimum));
            return true;
        }));
        string measured = string.Create(CultureInfo.InvariantCulture,
            $"gap aware mean {aware.Average():F2} % max {aware.Max():F1} %, naive mean {naive.Average():F2} % max {naive.Max():F1} %, optimal {aware.Count(static g => g == 0)} and {naive.Count(static g => g == 0)}");
        Assert.True(aware.Average() < 1 && aware.Max() < 10 && aware.Average() < naive.Average() / 10, measured);
    }

    [Fact]
    public void Solve_TooLarge_Throws()
    {
        ToyMonth toy = ToyMonth.Of(1, [(5000, 0, 1), (5000, 0, 1)], [[1, 1, 1]], [[1]]);
        Assert.Throws<ArgumentException>(() => ExactMonth.Solve(toy.World, toy.Month));
    }

    [Fact]
    public void Solve_VolumeContract_Throws()
    {
        ToyMonth toy = ToyMonth.Of(0, [(5, 0, 1)], [[1, 1]], [[1]])
            .In(static facts => facts with { Contracts = [facts.Contracts[0] with { Billing = BillingMethod.Volume }] });
        Assert.Throws<ArgumentException>(() => ExactMonth.Solve(toy.World, toy.Month));
    }

    private static double Gap(MonthFigures figures, Int128 optimum) => optimum == 0 ? 0 : 100 * (double)(figures.ObjectiveMicroUsd - optimum) / (double)optimum;

    private static Int128 EveryPlan(ToyMonth toy, int[] demand, int rtt)
    {
        Contract contract = toy.World.Facts.Contracts[0];
        Int128 best = Int128.MaxValue;
        for (int code = 0; code < 256; code++)
        {
            int[] load = [.. demand.Select((d, slot) => Math.Min(d, code >> (2 * slot) & 3))];
            BillingAccount account = BillingAccount.Start(contract, toy.Month.Period);
            Int128 cost = 0;
            for (int slot = 0; slot < load.Length; slot++)
            {
                account = account.Record(slot, new(load[slot]));
                cost += load[slot] * 10L * rtt + (demand[slot] - load[slot]) * (9000L + 50);
            }
            best = Int128.Min(best, cost + ContractBill.Of(contract, account).TotalMicroUsd);
        }
        return best;
    }
}
