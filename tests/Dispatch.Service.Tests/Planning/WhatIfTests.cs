using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Solve.Billing;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Results;
using TrafficDispatch.WhatIf.Sweeps;
using TrafficDispatch.WhatIf.Time;
using TrafficDispatch.WhatIf.Tradeoffs;
using Figures = TrafficDispatch.Solve.PlanFigures;
using Kind = TrafficDispatch.Protocol.V1.WhatIfUpdate.UpdateOneofCase;

namespace TrafficDispatch.Service.Tests.Planning;

/// <summary>What comes over the wire is what the library says of the same facts.</summary>
public sealed class WhatIfTests : IAsyncLifetime, IDisposable
{
    private readonly TestWorld _world = TestWorld.Full().Save();
    private readonly StateDirectory _state = new();
    private TestService? _service;

    private TestService Service => _service ?? throw new InvalidOperationException("It has not started.");

    public async Task InitializeAsync() => _service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:UtcHour=20", "Solve:Failures=off");

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task WhatIf_OneCase_SendsTheLibrarysWholeDifference()
    {
        ScenarioRunner library = Service.Library();
        ScenarioComparison expected = library.Run(Scenario.Named("Paris gone").Fail("edge:own-par").Surge("continent:NA", 1.5)).Comparison!;
        using WhatIfReader reader = Service.Ask("""{"name":"Paris gone","edits":[{"fail":"edge:own-par"},{"surge":"continent:NA","factor":1.5}]}""", static r => r.Baselines = true);
        List<WhatIfUpdate> all = await reader.All();

        WhatIfStarted started = all.Single(static u => u.UpdateCase == Kind.Started).Started;
        TrafficDispatch.Table.TableVersion version = Service.Holder.Current!.Table.Version;
        Assert.Equal(((ulong)version.Epoch, (ulong)version.Number, 20u, 1u), (started.TableEpoch, started.TableVersion, started.UtcHour, started.Cases));
        Assert.Equal(Told(library.BaselineFigures), Told(started.Baseline));
        ScenarioCase one = all.Single(static u => u.UpdateCase == Kind.CaseResult).CaseResult;
        Assert.Equal(("Paris gone", Told(expected.After), expected.Moved.Value, false), (one.Name, Told(one.Figures), one.MovedMbps, one.Failure));

        ScenarioDifference difference = all.Single(static u => u.UpdateCase == Kind.Difference).Difference;
        Assert.Equal((Told(expected.Before), Told(expected.After), expected.Moved.Value, true), (Told(difference.Before), Told(difference.After), difference.MovedMbps, difference.CertificateValid));
        Assert.Equal(expected.Edges.Select(static e => (e.EdgeId, e.Before.Value, e.After.Value, e.CapacityBefore.Value, e.CapacityAfter.Value)),
            difference.Edges.Select(static e => (e.EdgeId, e.BeforeMbps, e.AfterMbps, e.CapacityBeforeMbps, e.CapacityAfterMbps)));
        Assert.Equal(expected.Regions.Select(static r => (r.RegionId, r.DemandBefore.Value, r.DemandAfter.Value, r.UnservedBefore.Value, r.UnservedAfter.Value, r.Moved.Value, Told(r.LatencyBefore), Told(r.LatencyAfter))),
            difference.Regions.Select(static r => (r.RegionId, r.DemandBeforeMbps, r.DemandAfterMbps, r.UnservedBeforeMbps, r.UnservedAfterMbps, r.MovedMbps, Told(r.LatencyBefore), Told(r.LatencyAfter))));
        Assert.Equal(expected.Bills.Select(static b => (b.Kind.ToString(), b.Id, b.LoadBefore.Value, b.LoadAfter.Value, (long)b.MicroUsdPerHourBefore, (long)b.MicroUsdPerHourAfter)),
            difference.Bills.Select(static b => (b.Kind.ToString(), b.Id, b.BeforeMbps, b.AfterMbps, b.BeforeMicroUsdPerHour, b.AfterMicroUsdPerHour)));
        Assert.Equal(expected.Room.Select(static r => (r.Kind.ToString(), r.Id, Told(r.Before), Told(r.After))), difference.Room.Select(static r => (r.Kind.ToString(), r.Id, Told(r.Before), Told(r.After))));
        Assert.True(difference is { EdgesLeftOut: null, RegionsLeftOut: null, BillsLeftOut: null, RoomLeftOut: null });
        Assert.All([difference.BaselinesBefore, difference.BaselinesAfter], static side => Assert.Equal(["nearest", "weighted-nearest", "greedy-with-spill"], side.Select(static b => b.Name)));
        Assert.NotEqual(difference.BaselinesBefore[2].Figures, difference.BaselinesAfter[2].Figures);
        Assert.Equal((1u, 0u), (all[^1].Done.Cases, all[^1].Done.FaultyCases));
    }

    [Fact]
    public async Task WhatIf_FewRowsAskedFor_TellsWhatIsLeftOut()
    {
        ScenarioComparison expected = Service.Library().Run(Scenario.Named("x").Fail("edge:own-par")).Comparison!;
        Assert.True(expected.Edges.Length > 1 && expected.Bills.Length > 1);
        using WhatIfReader reader = Service.Ask("""{"edits":[{"fail":"edge:own-par"}]}""", static r => r.Most = 1);
        ScenarioDifference difference = (await reader.Until(Kind.Difference)).Difference;
        Assert.Equal(expected.Edges[0].EdgeId, Assert.Single(difference.Edges).EdgeId);
        Assert.Equal(((uint)expected.Edges.Length - 1, expected.Edges.Skip(1).Sum(static e => Math.Abs(e.Change.Value))), (difference.EdgesLeftOut.Rows, difference.EdgesLeftOut.Mbps));
        Assert.Equal((expected.Bills.Length - 1, expected.Bills.Skip(1).Sum(static b => (long)b.Change)), ((int)difference.BillsLeftOut.Rows, difference.BillsLeftOut.MicroUsdPerHour));
    }

    [Fact]
    public async Task WhatIf_EmptyScenario_TellsTheWorldAsItIs()
    {
        using WhatIfReader reader = Service.Ask("");
        List<WhatIfUpdate> all = await reader.All();
        ScenarioDifference difference = all.Single(static u => u.UpdateCase == Kind.Difference).Difference;
        Assert.Equal(("the world as it is", difference.Before, 0L), (difference.CaseName, difference.After, difference.MovedMbps));
        Assert.Empty(difference.Edges);
    }

    [Fact]
    public async Task WhatIf_AnotherHour_SolvesTheBaselineForIt()
    {
        using WhatIfReader reader = Service.Ask("""{"utc_hour":3,"edits":[{"drain":"edge:own-bos"}]}""");
        WhatIfStarted started = (await reader.Until(Kind.Started)).Started;
        Assert.Equal((3u, Told(Service.Library(3).BaselineFigures)), (started.UtcHour, Told(started.Baseline)));
        Assert.NotEqual(Told(Service.Library().BaselineFigures), Told(started.Baseline));
    }

    /// <summary>A cycle after the first owes something to the plan in force; what planners see does not.</summary>
    [Fact]
    public async Task WhatIf_PlanInForceIsHeldTo_BaselineIsFreeOfIt()
    {
        await Service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.NotNull(Service.Part<TrafficDispatch.Service.Publish.LastOptimum>().Current!.Assignment.Model.Options.Continuity);
        using WhatIfReader reader = Service.Ask("""{"edits":[{"fail":"edge:own-par"}]}""");
        ScenarioComparison expected = Service.Library().Run(Scenario.Named("x").Fail("edge:own-par")).Comparison!;
        ScenarioDifference difference = (await reader.Until(Kind.Difference)).Difference;
        Assert.Equal((Told(expected.Before), Told(expected.After)), (Told(difference.Before), Told(difference.After)));
    }

    [Fact]
    public async Task WhatIf_Variants_SendsEveryCaseOnceWithItsPlace()
    {
        ScenarioRunner library = Service.Library();
        ScenarioReport[] expected = [.. new[] { 1.1, 1.2 }.SelectMany(f => new[] { "own-par", "nowhere", "own-bos" }.Select(e => Of(library.Run(Scenario.Named($"+{f}, {e}").Surge("all", f).Fail("edge:" + e)))))];
        using WhatIfReader reader = Service.Ask("""
            {"name":"grid","variants":[
              [{"name":"+1.1","edits":[{"surge":"all","factor":1.1}]},{"name":"+1.2","edits":[{"surge":"all","factor":1.2}]}],
              [{"name":"own-par","edits":[{"fail":"edge:own-par"}]},
               {"name":"nowhere","edits":[{"fail":"edge:nowhere"}]},
               {"name":"own-bos","edits":[{"fail":"edge:own-bos"}]}]]}
            """);
        List<WhatIfUpdate> all = await reader.All();
        ScenarioCase[] cases = [.. all.Where(static u => u.UpdateCase == Kind.CaseResult).Select(static u => u.CaseResult).OrderBy(static c => c.Index)];
        Assert.Equal(Enumerable.Range(0, 6).Select(static i => (uint)i), cases.Select(static c => c.Index));
        Assert.Equal(expected, cases.Select(static c => new ScenarioReport(c.Name, c.Figures is null ? "" : Told(c.Figures), c.MovedMbps, c.UnservedMoreMbps, c.Absorbed)));
        // A case that cannot be applied says where, and the others go on.
        Assert.All([1, 4], i => Assert.StartsWith("4:31: variants[1][1].edits[0]: ", Assert.Single(cases[i].Faults), StringComparison.Ordinal));
        Assert.DoesNotContain(all, static u => u.UpdateCase == Kind.Difference);
        Assert.Equal((6u, 2u), (all[^1].Done.Cases, all[^1].Done.FaultyCases));

        static ScenarioReport Of(ScenarioResult result) => result.Comparison is not { } c ? new(result.Scenario.Name, "", 0, 0, false)
            : new(result.Scenario.Name, Told(c.After), c.Moved.Value, (c.After.Unserved - c.Before.Unserved).Value, c.Assignment.Optimum.UnservedCharge() <= c.Baseline.Optimum.UnservedCharge());
    }

    [Fact]
    public async Task WhatIf_Failures_AreThoseOfTheLibraryOnTheScenariosOwnOptimum()
    {
        ScenarioRunner library = Service.Library();
        ScenarioRunner surged = ScenarioRunner.From(library.Run(Scenario.Named("x").Surge("all", 1.2)).Comparison!.Assignment, library.Options);
        SweepReport expected = ScenarioSweep.RunFailures(surged, operators: true);
        using WhatIfReader reader = Service.Ask("""{"edits":[{"surge":"all","factor":1.2}]}""", static r => r.Failures = new() { Operators = true });
        ScenarioCase[] cases = [.. (await reader.All()).Where(static u => u.CaseResult is { Failure: true }).Select(static u => u.CaseResult).OrderBy(static c => c.Index)];
        Assert.True(cases.Length >= 4);
        Assert.Equal(expected.Rows.Select(static r => (r.Name, Told(r.Figures!), r.UnservedMore.Value, r.IsAbsorbed)), cases.Select(static c => (c.Name, Told(c.Figures), c.UnservedMoreMbps, c.Absorbed)));
    }

    [Fact]
    public async Task WhatIf_DayCurveAndCapacity_AreThoseOfTheLibrary()
    {
        ScenarioRunner library = Service.Library();
        Scenario surge = Scenario.Named("evening").Surge("all", 1.4);
        DayComparison day = DayComparison.Run(library, surge, [4, 20]).Day!;
        ParetoCurve curve = ParetoCurve.Run(library, surge, [0, 1, 10]).Curve!;
        TrafficDispatch.WhatIf.Tradeoffs.CapacityQuestion question = new() { Total = new(2), Piece = new(1), Tried = 3, UsdPerGbpsMonth = 1 };
        TrafficDispatch.WhatIf.Tradeoffs.CapacityAdvice advice = CapacitySearch.Run(library, surge, question).Advice!;
        Assert.NotEmpty(advice.Pieces);
        using WhatIfReader reader = Service.Ask("""{"name":"evening","edits":[{"surge":"all","factor":1.4}],"hours":[4,20],"pareto":[0,1,10]}""",
            static r => r.Capacity = new() { TotalMbps = 2000, PieceMbps = 1000, Tried = 3, MicroUsdPerGbpsMonth = 1_000_000 });
        List<WhatIfUpdate> all = await reader.All();
        Assert.Equal(day.Hours.Select(static h => (h.UtcHour, Told(h.Before), Told(h.After), h.FullEdges)),
            all.Where(static u => u.UpdateCase == Kind.Hour).Select(static u => ((int)u.Hour.UtcHour, Told(u.Hour.Before), Told(u.Hour.After), (int)u.Hour.FullEdges)));
        Assert.Equal(curve.Points.Select(static p => (p.Factor, Told(p.Figures), p.IsDominated)), all.Single(static u => u.UpdateCase == Kind.Pareto).Pareto.Points.Select(static p => (p.Factor, Told(p.Figures), p.Dominated)));
        Assert.Equal(advice.Pieces.Select(static p => (p.Id, p.Added.ToMbps().Value, Told(p.After), p.SavedMicroUsdPerHour.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            all.Where(static u => u.UpdateCase == Kind.CapacityPiece).Select(static u => (u.CapacityPiece.Id, u.CapacityPiece.AddedMbps, Told(u.CapacityPiece.After), u.CapacityPiece.SavedMicroUsdPerHour)));
        TrafficDispatch.Protocol.V1.CapacityAdvice told = all.Single(static u => u.UpdateCase == Kind.CapacityAdvice).CapacityAdvice;
        Assert.Equal((advice.Stopped, advice.ByPlace.Length), (told.Stopped, told.Places.Count));
        // What is told last knows of every step.
        WhatIfProgress[] progress = [.. all.Where(static u => u.UpdateCase == Kind.Progress).Select(static u => u.Progress)];
        Assert.Equal(progress[^1].Of, progress[^1].Done);
    }

    [Fact]
    public async Task WhatIf_Month_IsThatOfTheLibrary()
    {
        TrafficDispatch.WhatIf.Time.ScenarioMonth expected = TrafficDispatch.WhatIf.Time.ScenarioMonth.Run(Service.Library(), Scenario.Named("dearer").Price("operator:own", 2), BillingPeriod.Of(2, 1), 7).Month!;
        using WhatIfReader reader = Service.Ask("""{"name":"dearer","edits":[{"price":"operator:own","factor":2}],"month":{"days":2,"slot_minutes":60,"seed":7}}""");
        TrafficDispatch.Protocol.V1.ScenarioMonth month = (await reader.Until(Kind.Month)).Month;
        Assert.Equal((2u, 60u, 7u), (month.Days, month.SlotMinutes, month.Seed));
        Assert.Equal(Told(expected.Before), Told(month.Before));
        Assert.Equal(Told(expected.After), Told(month.After));
        Assert.NotEqual(month.Before.TotalMicroUsd, month.After.TotalMicroUsd);

        static string Told(object side) => side switch
        {
            MonthComparison m => $"{m.Aware.TotalMicroUsd} {m.Aware.OutsideMicroUsd} {m.Naive.TotalMicroUsd} {m.Aware.Slots} {m.Aware.DemandGb * 1000:F0} {string.Join(';', m.Aware.Bills.Select((b, i) => $"{b.ContractId} {b.Level.Value} {b.TotalMicroUsd} {m.Aware.BurstSlots[i]}"))}",
            MonthSide m => $"{m.TotalMicroUsd} {m.OutsideMicroUsd} {m.UnawareTotalMicroUsd} {m.Slots} {m.DemandMb} {string.Join(';', m.Bills.Select(b => $"{b.ContractId} {b.BilledMbps} {b.CommitMicroUsd + b.OverageMicroUsd} {b.FreeSlotsUsed}"))}",
            _ => throw new ArgumentException("It is no side of a month.", nameof(side)),
        };
    }

    private sealed record ScenarioReport(string Name, string Figures, long Moved, long UnservedMore, bool Absorbed);

    private static string Told(Figures f) => $"{f.Demand.Value} {f.Unserved.Value} {f.CostMicroUsdPerHour} {f.MeanRtt.Value} {f.P50Rtt.Value} {f.P95Rtt.Value} {f.P99Rtt.Value}";

    private static string Told(TrafficDispatch.Protocol.V1.PlanFigures f) => $"{f.DemandMbps} {f.UnservedMbps} {f.CostMicroUsdPerHour} {f.MeanRttUs} {f.P50RttUs} {f.P95RttUs} {f.P99RttUs}";

    private static string Told(TrafficDispatch.WhatIf.Results.LatencyFigures? l) => l is { } f ? $"{f.Mean.Value} {f.P50.Value} {f.P95.Value} {f.P99.Value}" : "";

    private static string Told(TrafficDispatch.Protocol.V1.LatencyFigures? l) => l is { } f ? $"{f.MeanRttUs} {f.P50RttUs} {f.P95RttUs} {f.P99RttUs}" : "";

    private static string Told(TrafficDispatch.WhatIf.Results.RoomFigures? r) => r is { } f ? $"{f.Load.Value} {f.Room.Value} {f.MicroUsdPerMbpsHour} {f.Relieves}" : "";

    private static string Told(TrafficDispatch.Protocol.V1.RoomFigures? r) => r is { } f ? $"{f.LoadMbps} {f.RoomMbps} {f.MicroUsdPerMbpsHour} {f.Relieves}" : "";
}
