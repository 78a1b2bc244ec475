using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Guarding;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Core.Tests.Solve.Guarding;

public sealed class InputGuardTests : IDisposable
{
    private static readonly GuardLimits Limits = new();
    private readonly TestWorld _files = TestWorld.Small();
    private readonly Snapshot _good;

    public InputGuardTests() => _good = new Snapshot(_files.Build(), 20);

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Absolute_GoodWorld_FindsNothing() => Assert.Empty(InputGuard.Absolute(_good, Limits));

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Absolute_RttThatIsNone_IsInvalidWhateverTheLimits(double rtt)
    {
        Snapshot bad = With(f => f with { Rtt = f.Rtt.Select((r, e, ms) => (r, e) == (0, 1) ? rtt : ms) });
        GuardFinding finding = Assert.Single(InputGuard.Absolute(bad, new() { RttRangePercent = null }));
        Assert.Equal(("rtt_invalid", 1.0), (finding.Rule, finding.Value));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(60_000.0)]
    public void Absolute_RttsBeyondTheGlobe_AreOutOfRange(double rtt) =>
        Assert.Equal(["rtt_range"], InputGuard.Absolute(With(f => f with { Rtt = f.Rtt.Select((r, _, ms) => r == 0 ? rtt : ms) }), Limits).Select(static f => f.Rule));

    [Fact]
    public void Absolute_NoCapacityAtAll_IsFound() => Assert.Equal(["capacity_zero"], InputGuard.Absolute(Capacities(0), Limits).Select(static f => f.Rule));

    [Theory]
    [InlineData(0.69, "capacity_fall")]
    [InlineData(0.71, "")]
    [InlineData(1.99, "")]
    [InlineData(2.01, "capacity_rise")]
    public void Against_CapacityChanges_FindsTheLimit(double factor, string rule) => Assert.Equal(rule, Rules(Capacities(factor)));

    [Theory]
    [InlineData(0.69, "demand_fall")]
    [InlineData(0.71, "")]
    [InlineData(1.99, "")]
    [InlineData(100, "demand_rise")]
    public void Against_DemandChanges_FindsTheLimit(double factor, string rule)
    {
        Assert.Equal(rule, Rules(_good with { DemandScale = [.. Enumerable.Repeat(factor, 3)] }));
        Assert.Equal(rule, Rules(With(f => f with { Regions = [.. f.Regions.Select(r => r with { Peak = new(r.Peak.Value * factor) })] })));
    }

    [Fact]
    public void Against_AnotherHour_ComparesLikeWithLike() => Assert.Empty(InputGuard.Against(_good with { UtcHour = 3 }, Capacities(1), Limits));

    [Fact]
    public void Against_NodesFail_IsNoFallOfCapacity() =>
        Assert.Equal("", Rules(With(f => f with { Health = [new(HealthScope.Operator, "own", HealthState.Down, 0)] })));

    [Fact]
    public void Against_LinksAreGone_FindsThem() => Assert.Equal("links_vanished", Rules(With(f => f with { EdgeRelayLinks = [], RelayOriginLinks = [] })));

    [Fact]
    public void Against_RttsTenfold_FindsTheLimit() => Assert.Equal("rtt_change", Rules(With(f => f with { Rtt = f.Rtt.Select((_, e, ms) => e == 0 ? ms * 11 : ms) })));

    [Fact]
    public void Against_RulesOff_FindsNothing()
    {
        GuardLimits off = new() { DemandRisePercent = null, CapacityFallPercent = null, VanishedPercent = null, RttChangedPercent = null };
        Assert.Empty(InputGuard.Against(_good, Capacities(0) with { DemandScale = [100, 100, 100] }, off));
    }

    [Theory]
    [InlineData(49, 100, true)]
    [InlineData(50, 100, false)]
    [InlineData(0, 0, false)]
    public void Coverage_TooLittleIsFresh_IsFound(int fresh, int groups, bool found) => Assert.Equal(found, InputGuard.Coverage(fresh, groups, Limits) is not null);

    [Fact]
    public void Vanished_OneOfFew_IsAllowed()
    {
        Assert.Null(InputGuard.Vanished("edges", ["a", "b"], static id => id == "a", 10));
        Assert.Equal("edges_vanished", InputGuard.Vanished("edges", ["a", "b"], static _ => false, 10)?.Rule);
    }

    [Fact]
    public void Findings_CapacityHalvesUnnoticed_UnservedRises()
    {
        TrafficPlan before = Plan(_good, null);
        TrafficPlan after = Plan(Capacities(0.4), before);
        Assert.Contains("unserved_rise", OutputGuard.Findings(after, new() { MovedPercent = null }).Select(static f => f.Rule));
    }

    [Fact]
    public void Findings_EveryEdgeOfAnOperatorDies_IsAnEvacuation()
    {
        TrafficPlan before = Plan(_good, null);
        TrafficPlan after = Plan(With(f => f with { Health = [new(HealthScope.Operator, "own", HealthState.Down, 0)] }), before);
        Assert.Empty(OutputGuard.Findings(after, new() { MovedPercent = 0, UnservedRisePercent = 0 }));
    }

    [Fact]
    public void Findings_PricesTurn_MovesAreCounted()
    {
        TrafficPlan before = Plan(_good, null);
        WorldFacts cheap = _files.Change("edges.csv", "per_gb,,0.02", "per_gb,,0.0001").Build().Facts;
        Snapshot turned = new(new World(cheap with { Rtt = cheap.Rtt.Select((r, e, ms) => r == 0 && e != 3 ? ms + 100 : ms) }), 20);
        TrafficPlan after = Plan(turned, before);
        Assert.Equal(["moved"], OutputGuard.Findings(after, new() { MovedPercent = 5 }).Select(static f => f.Rule));
        Assert.Empty(OutputGuard.Findings(after, new() { MovedPercent = 100 }));
        Assert.Empty(OutputGuard.Findings(before, new() { MovedPercent = 0 }));
    }

    private static TrafficPlan Plan(Snapshot snapshot, TrafficPlan? inForce) =>
        DispatchSolver.Solve(snapshot, new SolveOptions { Continuity = inForce is null ? null : new Continuity(inForce) { MoveCost = 0 } }).Assignment!.Published;

    private string Rules(Snapshot now) => string.Join(' ', InputGuard.Against(_good, now, Limits).Select(static f => f.Rule));

    private Snapshot Capacities(double factor) => With(f => f with { Edges = [.. f.Edges.Select(e => e with { Capacity = new(e.Capacity.Value * factor) })] });

    private Snapshot With(Func<WorldFacts, WorldFacts> change) => _good with { World = new World(change(_good.World.Facts)) };
}
