using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Which contracts may burst in a slot. Knows the past only. Not thread-safe.</summary>
/// <remarks>
/// <para>A burst's <em>value</em> is what it takes off the slot's optimum, the slot's other bursts given: found out by solving the slot with it.
/// A contract spends a free slot where that is at least its <em>threshold</em>: the value that, in the month looked at before, as many slots
/// reached as are free. Using slots faster than the month passes raises the threshold, using them slower lowers it, at most fourfold; and slots
/// of more than three days ahead stay in reserve. Where the level would otherwise be raised neither counts.</para>
/// <para>A burst runs for half an hour before it is looked at again, and goes on while it is worth half its threshold. New bursts come one at a
/// time, those that promise most of their threshold first: a Mbit/s is never worth more than the first one, so its price times the room bounds
/// the value from above, and where that falls short nothing is tried. What was tried in vain is tried again half an hour later. The shape
/// is Cascara's online heuristic (NSDI 2021, section 5), with values of the flow in place of its fixed order of links.</para>
/// </remarks>
internal sealed class BurstPolicy
{
    private const int MostTried = 6;
    private const int ReserveDays = 3;
    private const int Never = -1;

    private readonly ImmutableArray<Contract> _contracts;
    private readonly BillingPeriod _period;
    private readonly ImmutableArray<long> _thresholds;
    private readonly int[] _until, _last, _muteUntil;

    /// <param name="tree">The contracts.</param>
    /// <param name="period">The month.</param>
    /// <param name="thresholds">One a contract, micro-USD an hour, at least 1.</param>
    public BurstPolicy(ContractTree tree, BillingPeriod period, ImmutableArray<long> thresholds)
    {
        (_contracts, _period, _thresholds) = (tree.Contracts, period, thresholds);
        (_until, _last, _muteUntil) = (new int[_contracts.Length], new int[_contracts.Length], new int[_contracts.Length]);
        Array.Fill(_last, Never);
    }

    /// <summary>True where the contract may burst now.</summary>
    public bool IsRunning(int contract, int slot) => _until[contract] > slot;

    /// <summary>Admits bursts to a slot whose optimum without new ones is known.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="market">The slot: accounts and values; after each admission it holds the optimum with it.</param>
    public void Admit(int slot, IBurstMarket market)
    {
        HashSet<int> asked = [];
        while (asked.Count < MostTried && Next(slot, market, asked) is >= 0 and int c)
        {
            asked.Add(c);
            bool raises = Raises(c, market);
            if (raises || market.Value(c) >= Needed(c, slot, market)) Start(c, slot, market);
            else _muteUntil[c] = slot + HalfAnHour;
        }
    }

    /// <summary>The slot is over: who carried more than its paid level has burst.</summary>
    public void Burst(int contract, int slot) => _last[contract] = slot;

    /// <summary>True where the contract bills bursts at all.</summary>
    public static bool Bursts(Contract contract) => contract.Billing == BillingMethod.Percentile95 && !contract.Tiers.IsEmpty;

    private int HalfAnHour => Math.Max(1, _period.SlotsPerHour / 2);

    private void Start(int contract, int slot, IBurstMarket market)
    {
        _until[contract] = slot + HalfAnHour;
        market.Admitted(contract);
    }

    /// <summary>The contract whose bound on value is the greatest multiple of what it needs, of those where it reaches that; −1 for none.</summary>
    private int Next(int slot, IBurstMarket market, HashSet<int> asked)
    {
        int best = -1;
        double most = 0;
        for (int c = 0; c < _contracts.Length; c++)
        {
            if (asked.Contains(c) || !MayStart(c, slot, market)) continue;
            double promise = Raises(c, market) ? double.PositiveInfinity : (double)market.Bound(c) / (double)Needed(c, slot, market);
            if (promise >= 1 && promise > most) (best, most) = (c, promise);
        }
        return best;
    }

    private bool MayStart(int contract, int slot, IBurstMarket market)
    {
        if (!Bursts(_contracts[contract]) || IsRunning(contract, slot) || market.BurstsLeft(contract) <= 0 || market.Worth(contract) == 0) return false;
        return Raises(contract, market) || (_muteUntil[contract] <= slot && Used(contract, market) < Released(slot));
    }

    private static bool Raises(int contract, IBurstMarket market) => market.Worth(contract) >= market.RaisePrice(contract);

    // Who carried more than its level a slot ago goes on for half of what a new burst needs.
    private Int128 Needed(int contract, int slot, IBurstMarket market)
    {
        long threshold = Threshold(contract, slot, market);
        return _last[contract] == slot - 1 && slot > 0 ? (threshold + 1) / 2 : threshold;
    }

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
    /// <summary>What the first Mbit/s of a burst would save, micro-USD an hour; 0 where it would carry nothing.</summary>
    long Worth(int contract);

    /// <summary>An upper bound on <see cref="Value"/>: worth × room.</summary>
    Int128 Bound(int contract);

    /// <summary>What a burst would take off the slot's optimum, micro-USD an hour. One solve.</summary>
    Int128 Value(int contract);

    /// <summary>The price at which the level is raised, micro-USD for a Mbit/s and hour.</summary>
    long RaisePrice(int contract);

    /// <summary>Free slots left.</summary>
    int BurstsLeft(int contract);

    /// <summary>The contract bursts from now on: the slot is solved again.</summary>
    void Admitted(int contract);
}
