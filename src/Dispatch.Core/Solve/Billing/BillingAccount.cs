using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>
/// A contract's month to date: enough of its rates to know what is billed whatever comes, and how many free slots are left. An input of
/// every solve, and an output of it. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Only the highest <c>free + 1</c> rates are kept (433 numbers a month): the smallest of them is the percentile as if the rest of the month
/// carried nothing, hence the level that the month is billed for already. It never falls.
/// </remarks>
public sealed class BillingAccount
{
    internal BillingAccount(string contractId, BillingPeriod period, int nextSlot, long mbpsSlots, ImmutableArray<long> top, Mbps target)
        => (ContractId, Period, NextSlot, MbpsSlots, Top, Target) = (contractId, period, nextSlot, mbpsSlots, top, target);

    /// <summary>The contract.</summary>
    public string ContractId { get; }

    /// <summary>The month.</summary>
    public BillingPeriod Period { get; }

    /// <summary>The first slot that is not recorded yet; slots that were passed over carried nothing.</summary>
    public int NextSlot { get; }

    /// <summary>Sum of all recorded rates, Mbit/s × slots.</summary>
    public long MbpsSlots { get; }

    /// <summary>The highest rates above 0, falling, at most <c>free + 1</c>, Mbit/s.</summary>
    public ImmutableArray<long> Top { get; }

    /// <summary>The level that the month is planned to be billed for: at least the commit when it was set, at first last month's billed level.</summary>
    public Mbps Target { get; }

    /// <summary>What the percentile cannot fall below any more: the highest rate that is not free; 0 while free slots are left.</summary>
    public Mbps Percentile => new(Top.Length > Period.FreeSlots ? Top[Period.FreeSlots] : 0);

    /// <summary>Volume so far, GB.</summary>
    public double Gigabytes => MbpsSlots * Price.GbPerMbpsHour / Period.SlotsPerHour;

    /// <summary>Starts a month.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="period">The month.</param>
    /// <param name="target">The level to plan for, such as last month's billed one; the commit where it is higher or nothing is given.</param>
    public static BillingAccount Start(Contract contract, BillingPeriod period, Mbps? target = null)
    {
        if (!period.IsValid) throw new ArgumentOutOfRangeException(nameof(period), period, "must have slots, not all of them free");
        return new(contract.Id, period, 0, 0, [], ContractSteps.PaidLevel(contract, null).AtLeast(target));
    }

    /// <summary>The account after one more slot. O(free) where the rate is among the highest, else O(1).</summary>
    /// <param name="slot">At least <see cref="NextSlot"/>, below the period's slots.</param>
    /// <param name="carried">The slot's mean rate, at least 0.</param>
    public BillingAccount Record(int slot, Mbps carried)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slot, NextSlot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Period.Slots);
        ArgumentOutOfRangeException.ThrowIfNegative(carried.Value, nameof(carried));
        return new(ContractId, Period, slot + 1, checked(MbpsSlots + carried.Value), WithRate(carried.Value), Target);
    }

    /// <summary>Free slots that are left while a level is held: those above it count as used.</summary>
    /// <returns>0 to the period's free slots.</returns>
    public int BurstsLeft(Mbps level) => Math.Max(0, Period.FreeSlots - CountAbove(level.Value));

    /// <summary>
    /// The level up to which traffic costs nothing more: the commit, the plan, or what the month is billed for already. Under volume
    /// billing the commit alone: a busy slot makes no other one cheaper.
    /// </summary>
    public Mbps PaidLevel(Contract contract)
    {
        Mbps commit = ContractSteps.PaidLevel(contract, null);
        return contract.Billing == BillingMethod.Volume ? commit : commit.AtLeast(Target).AtLeast(Percentile);
    }

    /// <summary>Where the contract stands, for one slot's solve.</summary>
    /// <param name="contract">The account's contract.</param>
    /// <param name="mayBurst">What the burst policy decided; without free slots left it is refused.</param>
    public BillingLevel Standing(Contract contract, bool mayBurst)
    {
        Mbps level = PaidLevel(contract);
        return new(ContractId, level, mayBurst && contract.Billing == BillingMethod.Percentile95 && BurstsLeft(level) > 0);
    }

    /// <summary>The same month with another level to plan for; never below the commit.</summary>
    public BillingAccount WithTarget(Contract contract, Mbps target) =>
        new(ContractId, Period, NextSlot, MbpsSlots, Top, ContractSteps.PaidLevel(contract, null).AtLeast(target));

    /// <summary>Next month's account, planned for the level that this month is billed for.</summary>
    public BillingAccount NextMonth(Contract contract) => Start(contract, Period, Percentile);

    private ImmutableArray<long> WithRate(long rate)
    {
        int kept = Period.FreeSlots + 1;
        if (rate == 0 || (Top.Length == kept && rate <= Top[^1])) return Top;
        int at = CountAbove(rate);
        ImmutableArray<long> next = Top.Insert(at, rate);
        return next.Length > kept ? next.RemoveAt(kept) : next;
    }

    private int CountAbove(long rate)
    {
        int low = 0, high = Top.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Top[middle] > rate) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
