using Microsoft.Extensions.Logging.Abstractions;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.Solve;
using TrafficDispatch.State;
using TrafficDispatch.State.Files;

namespace TrafficDispatch.Service.Tests.Publish;

/// <summary>The month of the contracts of the full small world: own-eu by the 95th percentile, own-west and x-par by volume.</summary>
public sealed class BillingLedgerTests : IDisposable
{
    private const string Transit = "own-eu";
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);

    private readonly TestWorld _files = TestWorld.Full();
    private readonly StateDirectory _state = new();
    private readonly FileState _store;
    private readonly FixedLeadership _leads;
    private readonly World _world;

    public BillingLedgerTests()
    {
        _world = _files.Build();
        _store = FileState.OpenAlone(_state.Path, 3, TestService.Morning());
        _leads = new(_store.Lease.AcquireAsync("test", TimeSpan.FromMinutes(1), default).Result.Token);
    }

    public void Dispose()
    {
        _state.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void Advance_SlotEnds_RecordsWhatThePlanCarried()
    {
        ManualClock clock = TestService.Morning();
        TrafficPlan plan = Plan(20);
        BillingLedger ledger = Begin(clock, plan);
        clock.Advance(Slot);
        ledger.Advance(_world);
        ContractMonth month = Of(ledger, Transit);
        // 10:30 on the fourth day is slot 3 × 288 + 126; that slot is recorded now.
        Assert.Equal((991, 31 * 288), (month.NextSlot, month.Slots));
        Assert.Equal(Load(plan) * 0.45 / 12, month.Gigabytes, 6);
        Assert.Equal([Load(plan)], Stored().Book.Of(Transit)!.Top.ToArray());
    }

    [Fact]
    public void Advance_PlanChangesWithinASlot_RecordsTheMeanRate()
    {
        ManualClock clock = TestService.Morning();
        (TrafficPlan evening, TrafficPlan night) = (Plan(20), Plan(4));
        Assert.NotEqual(Load(evening), Load(night));
        BillingLedger ledger = Begin(clock, evening);
        clock.Advance(TimeSpan.FromMinutes(2));
        ledger.Advance(_world);
        ledger.Carry(night);
        clock.Advance(TimeSpan.FromMinutes(3));
        ledger.Advance(_world);
        Assert.Equal([(long)Math.Round((2 * Load(evening) + 3 * Load(night)) / 5.0)], Stored().Book.Of(Transit)!.Top.ToArray());
    }

    [Theory]
    [InlineData(30, 6)]
    [InlineData(180, 0)]
    public void Begin_AfterAnAbsence_TakesAShortOneToHaveGoneOnAndALongOneForNothing(int minutes, int filled)
    {
        ManualClock clock = TestService.Morning();
        TrafficPlan plan = Plan(20);
        BillingLedger before = Begin(clock, plan);
        clock.Advance(Slot);
        before.Advance(_world);
        clock.Advance(TimeSpan.FromMinutes(minutes));
        BillingLedger after = Begin(clock, plan);
        after.Advance(_world);
        Assert.Equal((1 + filled) * Load(plan), Stored().Book.Of(Transit)!.MbpsSlots);
        clock.Advance(Slot);
        after.Advance(_world);
        Assert.Equal((2 + filled) * Load(plan), Stored().Book.Of(Transit)!.MbpsSlots);
        Assert.Equal(992 + minutes / 5, Of(after, Transit).NextSlot);
    }

    [Fact]
    public void Advance_MonthTurns_KeepsTheOldBookAndPlansForItsBilledLevel()
    {
        ManualClock clock = new(new DateTimeOffset(2026, 3, 29, 23, 0, 0, TimeSpan.Zero));
        TrafficPlan plan = Plan(20);
        long commit = 2000;
        Assert.True(Load(plan) > commit, "the plan must carry more than the commit, or nothing shows");
        BillingLedger ledger = Begin(clock, plan, TimeSpan.FromDays(1));
        for (int day = 0; day < 2; day++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            ledger.Advance(_world);
        }
        // Two days are 576 slots, beyond the 446 free ones of 31 days.
        Assert.Equal((Load(plan), "2026-03"), (Of(ledger, Transit).BilledMbps, Month(ledger)));
        clock.Advance(TimeSpan.FromHours(2));
        ledger.Advance(_world);
        ContractMonth april = Of(ledger, Transit);
        Assert.Equal(("2026-04", 12, 30 * 288), (Month(ledger), april.NextSlot, april.Slots));
        Assert.Equal((commit, Load(plan), 432), (april.BilledMbps, april.PaidMbps, april.BurstsLeft));
        Assert.Equal(["billing-2026-03.json", "billing-2026-04.json"], Directory.GetFiles(_state.Path, "billing-*.json").Select(Path.GetFileName).Order());
        Assert.Equal(Load(plan), ledger.Standings().Single(static l => l.ContractId == Transit).BilledLevel.Value);
    }

    [Fact]
    public void Begin_MonthTurnedWhileAway_StartsFromItsBilledLevel()
    {
        ManualClock clock = new(new DateTimeOffset(2026, 3, 29, 0, 0, 0, TimeSpan.Zero));
        TrafficPlan plan = Plan(20);
        BillingLedger ledger = Begin(clock, plan, TimeSpan.FromDays(2));
        clock.Advance(TimeSpan.FromDays(2));
        ledger.Advance(_world);
        clock.Advance(TimeSpan.FromDays(4));
        BillingLedger after = Begin(clock, plan);
        Assert.Equal(("2026-04", Load(plan)), (Month(after), Of(after, Transit).PaidMbps));
        Assert.Equal(0, Of(after, Transit).NextSlot);
    }

    [Fact]
    public void Advance_ClockFallsBack_RecordsNothingTwice()
    {
        ManualClock clock = TestService.Morning();
        TrafficPlan plan = Plan(20);
        BillingLedger ledger = Begin(clock, plan);
        for (int i = 0; i < 4; i++, ledger.Advance(_world)) clock.Advance(Slot);
        clock.Advance(TimeSpan.FromMinutes(-12));
        for (int i = 0; i < 2; i++, ledger.Advance(_world)) clock.Advance(Slot);
        Assert.Equal((4 * Load(plan), 994), (Stored().Book.Of(Transit)!.MbpsSlots, Of(ledger, Transit).NextSlot));
        for (int i = 0; i < 2; i++, ledger.Advance(_world)) clock.Advance(Slot);
        Assert.Equal((5 * Load(plan), 995), (Stored().Book.Of(Transit)!.MbpsSlots, Of(ledger, Transit).NextSlot));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":1,\"accounts\":[{\"contract\":\"own-eu\",\"slots\":-1}]}")]
    public async Task Load_BookIsNotWhole_UsesTheCopyBeforeAndNamesTheFault(string text)
    {
        ManualClock clock = TestService.Morning();
        BillingLedger ledger = Begin(clock, Plan(20));
        for (int i = 0; i < 2; i++, ledger.Advance(_world)) clock.Advance(Slot);
        string book = Path.Combine(_state.Path, "billing-2026-03.json");
        File.WriteAllText(book, text);
        BillingReading stored = await _store.Billing.LoadAsync(default);
        Assert.Equal(991, stored.Month!.Book.Of(Transit)!.NextSlot);
        Assert.StartsWith("billing-2026-03.json: ", stored.Faults[0], StringComparison.Ordinal);
        File.WriteAllText(book + ".last", text);
        Assert.Null((await _store.Billing.LoadAsync(default)).Month);
    }

    [Fact]
    public void Standings_BurstsOn_ReleaseFreeSlotsAsTheMonthPasses()
    {
        ManualClock clock = TestService.Morning();
        TrafficPlan plan = Plan(20);
        BillingLedger ledger = Begin(clock, plan, bursts: true);
        Assert.Equal([true, false, false], ledger.Standings().Select(static l => l.MayBurst));
        // 990 of 8,928 slots have passed, so 50 of the 446 free ones are released.
        int used = 0;
        while (ledger.Standings()[0].MayBurst && used < 100)
        {
            clock.Advance(Slot);
            ledger.Advance(_world);
            used++;
        }
        Assert.InRange(used, 50, 54);
    }

    private BillingLedger Begin(ManualClock clock, TrafficPlan plan, TimeSpan? interval = null, bool bursts = false)
    {
        SolveSettings settings = new(interval ?? Slot, null) { Bursts = bursts };
        BillingLedger ledger = new(new StateDoor(_store, new TableFolder(_state.Path, 3), IsShared: false), _leads, settings, clock, NullLogger<BillingLedger>.Instance);
        Assert.True(ledger.TryBegin(_world, plan, out string fault), fault);
        return ledger;
    }

    private BillingMonth Stored() => _store.Billing.LoadAsync(default).Result.Month!;

    private TrafficPlan Plan(int hour) => DispatchSolver.Solve(new Snapshot(_world, hour)).Assignment!.Published;

    private long Load(TrafficPlan plan) => plan.EdgeLoads()[_world.EdgeOrdinal("own-par")];

    private static ContractMonth Of(BillingLedger ledger, string contract) => ledger.Summary().Contracts.Single(c => c.ContractId == contract);

    private static string Month(BillingLedger ledger) => ledger.Summary().Month.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
}
