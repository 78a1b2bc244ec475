using TrafficDispatch.Core.Tests.Solve;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Results;
using TrafficDispatch.WhatIf.Time;
using TrafficDispatch.WhatIf.Tradeoffs;

namespace TrafficDispatch.Core.Tests.WhatIf;

/// <summary>Days, months, the curve of money against latency, and capacity to add.</summary>
public sealed class TradeoffTests
{
    // One region wants 5; the near edge is dear and small, the far one cheap.
    private static readonly SmallProblem NearAndFar = new([5], [4, 3], [[5, 60]], [40, 10], [false]);
    private static readonly ScenarioRunner Shipped = ScenarioRunner.Start(new Snapshot(ShippedWorld.World, 16));

    [Fact]
    public void Day_EveryHour_IsTheHourSolvedAlone()
    {
        Scenario scenario = Scenario.Named("x").Fail("operator:cdn-bunny").Surge("continent:EU", 1.2);
        (DayComparison? day, _) = DayComparison.Run(Shipped, scenario, [3, 20]);
        foreach (HourComparison hour in day!.Hours)
        {
            ScenarioComparison alone = ScenarioRunner.Start(Shipped.Snapshot with { UtcHour = hour.UtcHour }).Run(scenario).Comparison!;
            Assert.Equal((alone.Before.CostMicroUsdPerHour, alone.After.CostMicroUsdPerHour, alone.After.Unserved), (hour.Before.CostMicroUsdPerHour, hour.After.CostMicroUsdPerHour, hour.After.Unserved));
        }
        Assert.Equal(20, day.Worst.UtcHour);
        Assert.Equal(day.Hours[0].After.CostMicroUsdPerHour + day.Hours[1].After.CostMicroUsdPerHour, day.CostMicroUsdAfter);
        Assert.NotEmpty(DayComparison.Run(Shipped, Scenario.Named("x").Fail("edge:none"), [3]).Faults);
        Assert.Throws<ArgumentOutOfRangeException>(() => DayComparison.Run(Shipped, scenario, [24]));
    }

    [Fact]
    public void Month_NothingChanges_BillsAreTheSameAndASurgeRaisesThem()
    {
        MonthOptions quick = new() { SearchRounds = 0, Candidates = 16 };
        BillingPeriod days = BillingPeriod.Of(1, 1);
        (ScenarioMonth? same, _) = ScenarioMonth.Run(Shipped, Scenario.Named("nothing"), days, 1, quick);
        Assert.Equal(0, same!.ChangeMicroUsd);
        (ScenarioMonth? surge, _) = ScenarioMonth.Run(Shipped, Scenario.Named("more").Surge("all", 1.2), days, 1, quick);
        Assert.InRange(surge!.After.Aware.DemandGb / surge.Before.Aware.DemandGb, 1.199, 1.201);
        Assert.True(surge.ChangeMicroUsd > 0);
    }

    [Fact]
    public void Pareto_DearerMilliseconds_AreNearerAndCostMore()
    {
        ScenarioRunner runner = ScenarioRunner.Start(new Snapshot(NearAndFar.ToWorld(), 0));
        (ParetoCurve? curve, _) = ParetoCurve.Run(runner, Scenario.Named("x"), [0, 1, 1000]);
        PlanOf(curve!, 0, out double cheap, out double far);
        PlanOf(curve!, 2, out double dear, out double near);
        Assert.True(cheap < dear && near < far);
        Assert.Equal(curve!.Front.Select(static p => p.Figures.CostMicroUsdPerHour).Order(), curve.Front.Select(static p => p.Figures.CostMicroUsdPerHour));
        Assert.Equal(curve.Front.Select(static p => p.Figures.MeanRtt.Value).OrderDescending(), curve.Front.Select(static p => p.Figures.MeanRtt.Value));

        static void PlanOf(ParetoCurve curve, int point, out double usd, out double ms) =>
            (usd, ms) = ((double)curve.Points[point].Figures.CostMicroUsdPerHour, curve.Points[point].Figures.MeanRtt.Milliseconds);
    }

    [Fact]
    public void Capacity_UnservedTraffic_GoesWhereItIsServedFirstAndStopsWhenNothingHelps()
    {
        // 9 are asked for and 7 can be served; two pieces serve them all, and the far edge is the cheaper place.
        ScenarioRunner runner = ScenarioRunner.Start(new Snapshot((NearAndFar with { Demand = [9] }).ToWorld(), 0));
        (CapacityAdvice? advice, _) = CapacitySearch.Run(runner, Scenario.Named("x"), new() { Total = new(10), Piece = new(1) });
        Assert.Equal([1000, 1000], advice!.Pieces.Take(2).Select(static p => p.ServedMore.Value));
        Assert.Equal(Mbps.Zero, advice.Pieces[1].After.Unserved);
        Assert.All(advice.Pieces, static p => Assert.True(p.SavedMicroUsdPerHour > 0));
        Assert.Equal(advice.Pieces.Sum(static p => p.Added.Value), advice.ByPlace.Sum(static p => p.Added.Value));
        Assert.StartsWith("More room would save nothing", advice.Stopped, StringComparison.Ordinal);
    }

    [Fact]
    public void Capacity_DearRoom_StopsWhereAPieceNoLongerPays()
    {
        ScenarioRunner runner = ScenarioRunner.Start(new Snapshot(NearAndFar.ToWorld(), 0));
        CapacityQuestion question = new() { Total = new(2), Piece = new(0.5) };
        (CapacityAdvice? free, _) = CapacitySearch.Run(runner, Scenario.Named("x"), question);
        double worth = free!.Pieces[0].UsdPerGbpsMonth;
        Assert.True(worth > 0);
        (CapacityAdvice? dear, _) = CapacitySearch.Run(runner, Scenario.Named("x"), question with { UsdPerGbpsMonth = worth + 1 });
        Assert.Empty(dear!.Pieces);
        Assert.Contains("a Gbit/s and month, less than", dear.Stopped, StringComparison.Ordinal);
    }

    [Fact]
    public void Capacity_ContractIsInTheWay_RaisesItsCeiling()
    {
        World world = NearAndFar.ToWorld();
        Contract tight = new("tight", null, ["e0", "e1"], new(0), new Gbps(3));
        ScenarioRunner runner = ScenarioRunner.Start(new Snapshot(new World(world.Facts with { Contracts = [tight] }), 0));
        (CapacityAdvice? advice, _) = CapacitySearch.Run(runner, Scenario.Named("x"), new() { Total = new(1), Piece = new(1) });
        Assert.Equal((RoomKind.Contract, "tight", 1000L), (advice!.Pieces[0].Kind, advice.Pieces[0].Id, advice.Pieces[0].ServedMore.Value));
        (CapacityAdvice? elsewhere, _) = CapacitySearch.Run(runner, Scenario.Named("x"), new() { Total = new(1), Piece = new(1), At = [ScenarioTarget.Parse("edge:e0")] });
        Assert.Empty(elsewhere!.Pieces);
    }
}
