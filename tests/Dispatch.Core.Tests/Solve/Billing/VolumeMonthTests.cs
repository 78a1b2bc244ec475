using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Core.Tests.Solve.Billing;

/// <summary>Volume contracts are billed by the month, so what a quiet night leaves of the commit is a busy evening's.</summary>
public sealed class VolumeMonthTests
{
    /// <summary>
    /// A commit of 2 Mbit/s in the mean, twenty hours of which eighteen ask for 1 and two for 6: 30 Mbit/s × hours, of 40 that are paid. Nothing is
    /// bought besides, and the dear edge stays empty; as rates the two peaks would be 4 above the commit each.
    /// </summary>
    [Fact]
    public void Compare_QuietNightsLeaveRoom_PeaksCostNothing()
    {
        MonthComparison month = Month([.. Enumerable.Range(0, 20).Select(static slot => slot is 7 or 12 ? 6L : 1L)], commit: 2).Compare();
        foreach (MonthFigures figures in new[] { month.Naive, month.Aware })
            Assert.Equal((0, 0), (figures.Bills[0].OverageMicroUsd, figures.OutsideMicroUsd));
    }

    /// <summary>Where the commit is sure to be passed every unit costs the tier's price from the first slot on: the near dear edge is cheaper for some.</summary>
    [Fact]
    public void Compare_CommitIsPassedAnyhow_TheTierPricesEverySlot()
    {
        MonthComparison month = Month([.. Enumerable.Repeat(4L, 20)], commit: 1, usdPerGb: 0.02, rtt: [20, 4]).Compare();
        Assert.Equal(20, month.Aware.Bills[0].Level.Value * 20);
        Assert.InRange(month.Aware.OutsideMicroUsd, 55 * 9000, 60 * 9000);
    }

    /// <summary>The price learned, paced by volume to date, against the optimum of the whole month as one flow over all its slots.</summary>
    [Fact]
    public void Compare_RandomVolumeToys_IsCloseToTheMonthAsOneFlow()
    {
        List<double> gaps = [];
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 419UL).WithMaxTest(100), Prop.ForAll(
            Arb.From(
                from demand in Gen.ArrayOf(Gen.Frequency((3, Gen.Choose(0, 3)), (1, Gen.Choose(4, 9))), 24)
                from commit in Gen.Choose(0, 4)
                from milli in Gen.Choose(1, 30)
                from near in Gen.Choose(1, 300)
                from far in Gen.Choose(1, 300)
                select (Demand: demand.Select(static d => (long)d).ToArray(), commit, Usd: milli / 1000.0, Rtt: new double[] { near, far })), c =>
            {
                ToyMonth toy = Month(c.Demand, c.commit, c.Usd, c.Rtt);
                Int128 optimum = AsOneFlow(toy, c.Demand);
                MonthFigures aware = toy.Compare().Aware;
                Assert.True(aware.ObjectiveMicroUsd >= optimum);
                gaps.Add(optimum == 0 ? 0 : 100 * (double)(aware.ObjectiveMicroUsd - optimum) / (double)optimum);
                return true;
            }));
        Assert.True(gaps.Average() < 2, string.Create(CultureInfo.InvariantCulture, $"gap mean {gaps.Average():F2} % max {gaps.Max():F1} %, optimal {gaps.Count(static g => g == 0)}"));
    }

    [Fact]
    public void SlopeAt_CommitAndTierEnds_AreWhereThePriceSteps()
    {
        Contract contract = TransitContracts.Volume; // commit 1 Gbit/s in the mean, 9000 to 2 Gbit/s, 13,500 above
        Assert.Equal([0L, 0, 9000, 9000, 13_500], new long[] { 0, 9_999, 10_000, 19_999, 20_000 }.Select(v => VolumePlan.SlopeAt(contract, v, slots: 10)));
    }

    private static ToyMonth Month(long[] demand, int commit, double usdPerGb = 0.01, double[]? rtt = null) =>
        ToyMonth.Of(0, [(9, 0, 1)], [rtt ?? [5, 5]], [.. demand.Select(static d => new[] { d })]).In(facts => facts with
        {
            Contracts = [facts.Contracts[0] with { Billing = BillingMethod.Volume, Commit = new Gbps(commit / 1000.0), Tiers = [new(null, usdPerGb)] }],
        });

    /// <summary>Slots → contract ══commit, tier══▶ sink, and slots → sink over the dear edge at its price; 10 micro-USD a millisecond.</summary>
    private static Int128 AsOneFlow(ToyMonth toy, long[] demand)
    {
        Contract contract = toy.World.Facts.Contracts[0];
        FlowNetworkBuilder network = new();
        foreach (long d in demand) network.AddNode(d);
        int bill = network.AddNode(0), sink = network.AddNode(-demand.Sum());
        for (int slot = 0; slot < demand.Length; slot++)
        {
            network.AddArc(slot, bill, 0, 9, (long)(10 * toy.World.Rtt[0, 0].Value));
            network.AddArc(slot, sink, 0, demand[slot], 9000 + (long)(10 * toy.World.Rtt[0, 1].Value));
        }
        network.AddArc(bill, sink, 0, contract.Commit.ToMbps().Value * demand.Length, 0);
        network.AddArc(bill, sink, 0, demand.Sum(), contract.Marginal(contract.Tiers[0]).Value);
        BillingAccount none = BillingAccount.Start(contract, toy.Month.Period);
        return FlowSolver.Solve(network.Build()).Objective + ContractBill.Of(contract, none).CommitMicroUsd;
    }
}
