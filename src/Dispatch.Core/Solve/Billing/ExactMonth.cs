using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>
/// The cheapest month there is, for small cases: every combination of billed levels, and for each the best choice of free slots. What the
/// simulator's rules are measured against. Stateless and thread-safe.
/// </summary>
/// <remarks>
/// A plan's bill depends on its billed levels alone, and a plan is possible with these levels exactly where each contract exceeds its
/// level in at most its free slots. So: branch over the levels, in whole Mbit/s; cut where the levels' bill with every slot free is no
/// better than the best month; else price each slot once for every set of bursting contracts, and choose the sets by dynamic
/// programming over slots and free slots used. Exact for whole Mbit/s. O(levels × slots × 2^contracts) solves.
/// </remarks>
public sealed class ExactMonth
{
    /// <summary>The most slot solves that are taken on.</summary>
    public const long MostSolves = 2_000_000;

    private readonly ContractTree _tree;
    private readonly MonthDemand _month;
    private readonly MonthArcs _arcs;
    private readonly FlowSession _session;
    private readonly int[] _billed;
    private readonly long[] _demand;
    private readonly Int128[] _allFree;
    private Int128 _best = Int128.MaxValue;
    private ImmutableArray<Mbps> _levels = [];

    private ExactMonth(World world, MonthDemand month, MonthOptions options)
    {
        (_tree, _month) = (new ContractTree(world), month);
        _billed = [.. Enumerable.Range(0, _tree.Contracts.Length).Where(c => !_tree.Contracts[c].Tiers.IsEmpty)];
        if (_billed.Any(c => _tree.Contracts[c].Billing == BillingMethod.Volume))
            throw new ArgumentException("Volume bills couple all slots; the exact month takes percentile contracts only.", nameof(world));
        Int128 solves = (Int128)month.Period.Slots << _billed.Length;
        foreach (int c in _billed) solves *= LevelsOf(c);
        if (solves > MostSolves) throw new ArgumentException($"{solves} slot solves are more than {MostSolves}.", nameof(world));
        _arcs = new MonthArcs(world, _tree, options.Candidates, c => [.. ContractSteps.Of(_tree.Contracts[c], null, new(_tree.Room[c]))], MonthNetwork.DearestStep(_tree, options));
        _session = FlowSession.Open(_arcs.Network);
        foreach (int c in _billed)
            for (int step = 1; step < 2 + _tree.Contracts[c].Tiers.Length; step++) _session.SetUpper(_arcs.FirstStep[c] + step, 0);
        _demand = new long[world.Regions.Length];
        long[] rooms = [.. _billed.Select(Room)];
        _allFree = [.. Enumerable.Range(0, month.Period.Slots).Select(slot => SlotCost(slot, rooms))];
    }

    /// <summary>Finds the cheapest month.</summary>
    /// <param name="world">Facts; no contract with tiers may bill by volume.</param>
    /// <param name="month">The month; a few slots and Mbit/s.</param>
    /// <param name="options">Candidates and the charge for unserved traffic, as in the simulator; defaults where null.</param>
    /// <returns>The least of <see cref="MonthFigures.ObjectiveMicroUsd"/>, and levels of the contracts that bill that reach it.</returns>
    /// <exception cref="ArgumentException">The case is too large, or a contract bills by volume.</exception>
    public static (Int128 ObjectiveMicroUsd, ImmutableArray<Mbps> Levels) Solve(World world, MonthDemand month, MonthOptions? options = null)
    {
        ExactMonth exact = new(world, month, options ?? new MonthOptions());
        exact.Branch(new long[exact._billed.Length], 0);
        return (exact._best, exact._levels);
    }

    private int LevelsOf(int contract) => checked((int)(Room(contract) - Commit(contract) + 1));

    private long Commit(int contract) => Math.Min(Room(contract), _tree.Contracts[contract].Commit.ToMbps().Value);

    private long Room(int contract) => Math.Min(_tree.Room[contract], _tree.Contracts[contract].Ceiling?.ToMbps().Value ?? long.MaxValue);

    private void Branch(long[] levels, int at)
    {
        if (at == levels.Length)
        {
            Try(levels);
            return;
        }
        for (int step = 0; step < LevelsOf(_billed[at]); step++)
        {
            levels[at] = Commit(_billed[at]) + step;
            Branch(levels, at + 1);
        }
    }

    private void Try(long[] levels)
    {
        Int128 bill = 0, bound = 0;
        for (int i = 0; i < levels.Length; i++) bill += BillOf(_tree.Contracts[_billed[i]], levels[i]);
        foreach (Int128 cost in _allFree) bound += cost;
        if (bill + bound / _month.Period.SlotsPerHour >= _best) return;
        Int128 month = bill + CheapestBursts(levels) / _month.Period.SlotsPerHour;
        if (month < _best) (_best, _levels) = (month, [.. levels.Select(static l => new Mbps(l))]);
    }

    /// <summary>The cheapest way through the slots: state = free slots used by each contract, as digits.</summary>
    private Int128 CheapestBursts(long[] levels)
    {
        int digit = _month.Period.FreeSlots + 1, states = 1;
        foreach (long _ in levels) states *= digit;
        Int128[] best = [.. Enumerable.Repeat(Int128.MaxValue, states)];
        best[0] = 0;
        for (int slot = 0; slot < _month.Period.Slots; slot++)
        {
            Int128[] next = [.. Enumerable.Repeat(Int128.MaxValue, states)];
            for (int mask = 0; mask < 1 << levels.Length; mask++)
            {
                Int128 cost = SlotCost(slot, Capacities(levels, mask));
                for (int state = 0; state < states; state++)
                    if (best[state] != Int128.MaxValue && TrySpend(state, mask, digit, levels.Length) is { } spent) next[spent] = Int128.Min(next[spent], best[state] + cost);
            }
            best = next;
        }
        return best.Min();
    }

    private static int? TrySpend(int state, int mask, int digit, int contracts)
    {
        int spent = state, place = 1;
        for (int i = 0; i < contracts; i++, place *= digit)
        {
            if ((mask >> i & 1) == 0) continue;
            if (state / place % digit == digit - 1) return null;
            spent += place;
        }
        return spent;
    }

    private long[] Capacities(long[] levels, int mask) => [.. levels.Select((level, i) => (mask >> i & 1) == 0 ? level : Room(_billed[i]))];

    private Int128 SlotCost(int slot, long[] capacities)
    {
        _month.Fill(slot, _demand);
        for (int r = 0; r < _demand.Length; r++) _session.SetSupply(r, _demand[r]);
        _session.SetSupply(_arcs.Sink, -_demand.Sum());
        for (int i = 0; i < capacities.Length; i++) _session.SetUpper(_arcs.FirstStep[_billed[i]], capacities[i]);
        SessionResult result = _session.Solve();
        return result.Status == FlowStatus.Optimal ? result.Objective + (Int128)_arcs.HardCharge * _arcs.FloorMbps : throw new InvalidOperationException($"A slot ended {result.Status}: {result.Cause}");
    }

    private long BillOf(Contract contract, long level)
    {
        BillingAccount account = BillingAccount.Start(contract, _month.Period);
        for (int slot = 0; slot <= _month.Period.FreeSlots; slot++) account = account.Record(slot, new(level));
        return ContractBill.Of(contract, account).TotalMicroUsd;
    }
}
