using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Billing;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// Keeps the month of every contract that bills: what the plans in force carried, slot by slot, is what is billed. It tells each solve where
/// the contracts stand. Used by one thread at a time.
/// </summary>
/// <remarks>
/// Time only counts forwards: while the clock stands before what is recorded, nothing is; a clock that leaps is not believed at once
/// (<see cref="BillingTime"/>). After a short absence of the process its plan is
/// taken to have gone on; a longer one carried nothing.
/// </remarks>
internal sealed class BillingLedger(StateDoor door, ILeadership leadership, SolveSettings settings, TimeProvider time, ILogger<BillingLedger> logger)
{
    private static readonly TimeSpan Absence = TimeSpan.FromHours(1);

    private readonly BillingTime _clock = new(time);

    private readonly Dictionary<string, BillingAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Int128> _mbpsTicks = new(StringComparer.Ordinal);
    private Dictionary<string, long> _carried = new(StringComparer.Ordinal);
    private ImmutableArray<Contract> _contracts = [];
    private DateTimeOffset _month, _at;
    private bool _begun, _saidBehind;

    /// <summary>Reads the book of the running month, once a term, before the first solve.</summary>
    /// <param name="world">The contracts.</param>
    /// <param name="plan">What the table in force carries; null where there is none.</param>
    /// <param name="fault">Why the folder cannot be read; then nothing has begun, so that no book is overwritten unread. Empty otherwise.</param>
    public bool TryBegin(World world, TrafficPlan? plan, out string fault)
    {
        fault = "";
        if (_begun) return true;
        BillingReading stored;
        try
        {
            stored = door.Store.Billing.LoadAsync(default).Awaited();
        }
        catch (StoreUnavailableException e)
        {
            fault = $"The billing books {door.Place} cannot be looked for: {e.Message}";
            return false;
        }
        _begun = true;
        foreach (string skipped in stored.Faults) BillingLog.Skipped(logger, skipped);
        DateTimeOffset now = Now();
        (_month, _at) = (BillingClock.MonthOf(now), BillingClock.SlotOf(now));
        if (stored.Month is { } month) Resume(month, now);
        Take(world);
        if (plan is not null) Carry(plan);
        return true;
    }

    /// <summary>Forgets the month: another process may have led since, and its book is to be read.</summary>
    public void Forget()
    {
        _begun = false;
        _accounts.Clear();
        _mbpsTicks.Clear();
        _carried.Clear();
        _billedBefore.Clear();
    }

    /// <summary>Counts what was carried up to now and closes the slots that have ended.</summary>
    /// <param name="world">The contracts from now on.</param>
    public void Advance(World world)
    {
        DateTimeOffset now = Now();
        if (now < _at)
        {
            if (!_saidBehind) BillingLog.Behind(logger, now, _at);
            _saidBehind = true;
            return;
        }
        _saidBehind = false;
        bool closed = false;
        if (now - _at > settings.Interval + Absence) PassOver(now);
        while (_at < now)
        {
            DateTimeOffset end = BillingClock.SlotOf(_at) + BillingClock.Slot, until = end < now ? end : now;
            foreach ((string id, long mbps) in _carried) _mbpsTicks[id] = _mbpsTicks.GetValueOrDefault(id) + (Int128)mbps * (until - _at).Ticks;
            _at = until;
            if (until == end) closed |= Close(end - BillingClock.Slot);
        }
        if (closed) Save();
        Take(world);
    }

    /// <summary>Takes note of what the contracts carry from now on.</summary>
    public void Carry(TrafficPlan plan)
    {
        World world = plan.Model.Snapshot.World;
        long[] loads = plan.EdgeLoads();
        _carried = world.Facts.Contracts.Where(Bills).ToDictionary(
            static c => c.Id, c => plan.Model.ToMbps(c.Edges.Sum(e => loads[world.EdgeOrdinal(e)])).Value, StringComparer.Ordinal);
    }

    /// <summary>Where each contract stands, for the next solve.</summary>
    public ImmutableArray<BillingLevel> Standings() => [.. _contracts.Select(c => _accounts[c.Id].Standing(c, MayBurst(c)))];

    /// <summary>The month so far.</summary>
    public BillingSummary Summary() => new(_month, [.. _contracts.Select(c =>
    {
        BillingAccount account = _accounts[c.Id];
        ContractBill bill = ContractBill.Of(c, account);
        return new ContractMonth(
            c.Id, c.Billing, account.NextSlot, account.Period.Slots, bill.Level.Value, account.PaidLevel(c).Value, account.BurstsLeft(account.PaidLevel(c)),
            account.Gigabytes, bill.TotalMicroUsd);
    })]);

    private DateTimeOffset Now()
    {
        DateTimeOffset now = _clock.Now(out TimeSpan? leap);
        if (leap is { } by) BillingLog.Leapt(logger, by, now, BillingTime.Trial);
        return now;
    }

    private static bool Bills(Contract contract) => !contract.Tiers.IsEmpty;

    // Free slots are released as the month passes, so that they cannot all be gone in its first days.
    private bool MayBurst(Contract contract)
    {
        if (!settings.Bursts) return false;
        BillingAccount account = _accounts[contract.Id];
        BillingPeriod period = account.Period;
        int used = period.FreeSlots - account.BurstsLeft(account.PaidLevel(contract));
        return used < (long)period.FreeSlots * (account.NextSlot + 1) / period.Slots + 1;
    }

    private void Resume(BillingMonth month, DateTimeOffset now)
    {
        foreach (BillingAccount account in month.Book.Accounts) _accounts[account.ContractId] = account;
        DateTimeOffset recorded = month.Start + month.Book.Accounts.Select(static a => a.NextSlot).DefaultIfEmpty(0).Max() * BillingClock.Slot;
        (_month, _at) = (month.Start, recorded);
        BillingLog.Resumed(logger, month.Start, month.Book.Accounts.Length, recorded);
        if (now - recorded > Absence) PassOver(now);
        else if (BillingClock.MonthOf(recorded) > _month) TurnMonth(BillingClock.MonthOf(recorded));
    }

    private void PassOver(DateTimeOffset now)
    {
        DateTimeOffset from = _at;
        _mbpsTicks.Clear();
        _at = BillingClock.SlotOf(now);
        BillingLog.PassedOver(logger, from, _at);
        if (BillingClock.MonthOf(_at) > _month) TurnMonth(BillingClock.MonthOf(_at));
    }

    private bool Close(DateTimeOffset slotStart)
    {
        int slot = BillingClock.IndexOf(_month, slotStart);
        foreach (BillingAccount account in _accounts.Values.ToArray())
        {
            long mbps = (long)((_mbpsTicks.GetValueOrDefault(account.ContractId) + BillingClock.Slot.Ticks / 2) / BillingClock.Slot.Ticks);
            if (slot >= account.NextSlot && slot < account.Period.Slots) _accounts[account.ContractId] = account.Record(slot, new(mbps));
        }
        _mbpsTicks.Clear();
        if (BillingClock.MonthOf(_at) > _month) TurnMonth(BillingClock.MonthOf(_at));
        return true;
    }

    /// <summary>Keeps the month that ended and begins the next at its billed levels.</summary>
    private void TurnMonth(DateTimeOffset next)
    {
        Save();
        BillingLog.MonthTurned(logger, _month, next, _accounts.Count);
        Dictionary<string, Mbps> billed = _accounts.ToDictionary(static a => a.Key, static a => a.Value.Percentile, StringComparer.Ordinal);
        _month = next;
        _accounts.Clear();
        foreach (Contract contract in _contracts) _accounts[contract.Id] = BillingAccount.Start(contract, BillingClock.PeriodOf(next), billed[contract.Id]);
        foreach ((string id, Mbps level) in billed) _billedBefore[id] = level;
    }

    // Contracts are known only once a world is: a month that turned while the process was away begins from these.
    private readonly Dictionary<string, Mbps> _billedBefore = new(StringComparer.Ordinal);

    /// <summary>Contracts that are new begin now; those that are gone stay in the book until the month ends.</summary>
    private void Take(World world)
    {
        _contracts = [.. world.Facts.Contracts.Where(Bills)];
        foreach (Contract contract in _contracts)
        {
            if (_accounts.ContainsKey(contract.Id)) continue;
            Mbps? before = _billedBefore.TryGetValue(contract.Id, out Mbps level) ? level : null;
            _accounts[contract.Id] = BillingAccount.Start(contract, BillingClock.PeriodOf(_month), before);
        }
    }

    private void Save()
    {
        BillingMonth month = new(_month, new BillingBook([.. _accounts.Values.OrderBy(static a => a.ContractId, StringComparer.Ordinal)]));
        try
        {
            FencedWrite done = leadership.Token is { } token ? door.Store.Billing.SaveAsync(month, token, default).Awaited() : FencedWrite.StaleToken;
            if (done != FencedWrite.Stored) BillingLog.NotKept(logger, door.Place, "this process no longer leads.");
        }
        catch (StoreUnavailableException e)
        {
            BillingLog.NotKept(logger, door.Place, e.Message);
        }
    }
}
