using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Which contracts may burst in a slot. Knows the past only. Not thread-safe.</summary>
/// <remarks>
/// <para>A contract is worth a free slot where a Mbit/s more of its paid level would save at least its <em>threshold</em>: the saving that, in
/// the month looked at before, as many slots reached as are free. Using slots faster than the month passes raises the threshold,
/// using them slower lowers it, at most fourfold; and slots of more than three days ahead stay in reserve. Where the level would
/// otherwise be raised neither counts.</para>
/// <para>A burst runs for half an hour before it is looked at again, and goes on while it is worth half its threshold. New bursts come one at a
/// time, each priced after those before it: first who has not burst for longest, then the smaller. Following Cascara's online
/// heuristic (NSDI 2021, section 5), with prices of the flow in place of its fixed order of links.</para>
/// </remarks>
internal sealed class BurstPolicy
{
    private const int MostNew = 4;
    private const int ReserveDays = 3;
    private const int Never = -1;

    private readonly ImmutableArray<Contract> _contracts;
    private readonly long[] _room;
    private readonly BillingPeriod _period;
    private readonly ImmutableArray<long> _thresholds;
    private readonly int[] _until, _last;
    private readonly bool[] _wasRunning;

    /// <param name="tree">The contracts.</param>
    /// <param name="period">The month.</param>
    /// <param name="thresholds">One a contract, micro-USD for a Mbit/s and hour, at least 1.</param>
    public BurstPolicy(ContractTree tree, BillingPeriod period, ImmutableArray<long> thresholds)
    {
        (_contracts, _room, _period, _thresholds) = (tree.Contracts, tree.Room, period, thresholds);
        (_until, _last, _wasRunning) = (new int[_room.Length], new int[_room.Length], new bool[_room.Length]);
        Array.Fill(_last, Never);
    }

    /// <summary>True where the contract may burst now.</summary>
    public bool IsRunning(int contract, int slot) => _until[contract] > slot;

    /// <summary>The slot begins: bursts whose half hour is over pause until they prove their worth.</summary>
    public void Begin(int slot)
    {
        for (int c = 0; c < _until.Length; c++) _wasRunning[c] = _until[c] == slot && _last[c] == slot - 1;
    }

    /// <summary>Admits bursts by what the slot's optimum says.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="round">0 for the slot's first optimum, then one more each time.</param>
    /// <param name="market">Accounts and worths.</param>
    /// <returns>False when nothing was admitted.</returns>
    public bool Admit(int slot, int round, IBurstMarket market)
    {
        if (round == 0 && Continue(slot, market)) return true;
        if (round > MostNew) return false;
        int next = Enumerable.Range(0, _room.Length).Where(c => MayStart(c, slot, market))
            .OrderBy(c => _last[c]).ThenBy(c => _room[c]).ThenBy(static c => c).FirstOrDefault(-1);
        if (next >= 0) Run(next, slot);
        return next >= 0;
    }

    /// <summary>The slot is over: who carried more than its paid level has burst.</summary>
    public void Burst(int contract, int slot) => _last[contract] = slot;

    private bool Continue(int slot, IBurstMarket market)
    {
        bool any = false;
        for (int c = 0; c < _room.Length; c++)
        {
            if (!_wasRunning[c] || !HasSlots(c, market) || market.Worth(c) < (Threshold(c, slot, market) + 1) / 2) continue;
            Run(c, slot);
            any = true;
        }
        return any;
    }

    private void Run(int contract, int slot) => _until[contract] = slot + Math.Max(1, _period.SlotsPerHour / 2);

    private bool MayStart(int contract, int slot, IBurstMarket market)
    {
        if (IsRunning(contract, slot) || !HasSlots(contract, market)) return false;
        long worth = market.Worth(contract);
        if (worth > 0 && worth >= market.RaisePrice(contract)) return true;
        return worth >= Threshold(contract, slot, market) && Used(contract, market) < Released(slot);
    }

    private bool HasSlots(int contract, IBurstMarket market) =>
        _contracts[contract].Billing == BillingMethod.Percentile95 && !_contracts[contract].Tiers.IsEmpty && market.BurstsLeft(contract) > 0;

    private long Used(int contract, IBurstMarket market) => _period.FreeSlots - market.BurstsLeft(contract);

    /// <summary>Free slots that the time passed, and three days more, entitle to.</summary>
    private long Released(int slot) => ((long)_period.FreeSlots * (slot + ReserveDays * 24L * _period.SlotsPerHour) + _period.Slots - 1) / _period.Slots;

    private long Threshold(int contract, int slot, IBurstMarket market)
    {
        long slack = _period.FreeSlots / 8 + 1, usual = _thresholds[contract];
        long planned = (long)_period.FreeSlots * slot / _period.Slots;
        long paced = (long)((Int128)usual * (Used(contract, market) + slack) / (planned + slack));
        return Math.Max(1, Math.Clamp(paced, usual / 4, checked(usual * 4)));
    }
}

/// <summary>What the burst policy asks of a slot.</summary>
internal interface IBurstMarket
{
    /// <summary>What a Mbit/s more of paid level would save, micro-USD an hour.</summary>
    long Worth(int contract);

    /// <summary>The price at which the level is raised, micro-USD for a Mbit/s and hour.</summary>
    long RaisePrice(int contract);

    /// <summary>Free slots left.</summary>
    int BurstsLeft(int contract);
}
