using System.Diagnostics;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>One pass over a month, slot after slot, on one warm network. Used once, by one thread.</summary>
internal sealed class MonthRun : IBurstMarket
{
    private readonly World _world;
    private readonly ContractTree _tree;
    private readonly MonthDemand _demand;
    private readonly MonthNetwork _network;
    private readonly MonthPlan _plan;
    private readonly BurstPolicy? _policy;
    private readonly BillingAccount[] _accounts;
    private readonly long[] _worthOfLevel;
    private readonly BurstValues? _values;
    private int _slot;
    private long _solves;
    private CancellationToken _cancellation;

    /// <param name="world">Facts.</param>
    /// <param name="tree">Its contracts.</param>
    /// <param name="demand">The month.</param>
    /// <param name="options">How it is simulated.</param>
    /// <param name="plan">What it is steered by.</param>
    /// <param name="learns">True to find out in every slot what a burst of each contract is worth: thresholds for the next pass.</param>
    public MonthRun(World world, ContractTree tree, MonthDemand demand, MonthOptions options, MonthPlan plan, bool learns = false)
    {
        (_world, _tree, _demand, _plan) = (world, tree, demand, plan);
        _network = new MonthNetwork(world, tree, options, raisesForPeaks: plan.Bursts);
        _policy = plan.Bursts ? new BurstPolicy(tree, demand.Period, plan.Thresholds) : null;
        _accounts = [.. tree.Contracts.Select((c, i) => BillingAccount.Start(c, demand.Period, plan.Bursts ? plan.Levels[i] : null))];
        _worthOfLevel = new long[_accounts.Length];
        _values = learns ? new BurstValues(_accounts.Length, demand.Period.FreeSlots) : null;
    }

    /// <summary>Runs the month.</summary>
    /// <param name="progress">Told the slots done, now and then.</param>
    /// <param name="cancellation">Ends it with <see cref="OperationCanceledException"/>.</param>
    public MonthOutcome Run(IProgress<int>? progress, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        long started = Stopwatch.GetTimestamp();
        MonthTally tally = new(_world, _network.Arcs, _demand.Period, _accounts.Length);
        long[] demand = new long[_world.Regions.Length];
        for (_slot = 0; _slot < _demand.Period.Slots; _slot++)
        {
            _demand.Fill(_slot, demand);
            _network.SetDemand(demand);
            SolveSlot();
            Record(tally.Add(_network.Flow(), _network.Certify()));
            if (_slot % 64 == 0) progress?.Report(_slot);
        }
        var bills = _accounts.Select((a, c) => (ContractBill.Of(_tree.Contracts[c], a), Used(c))).Where((_, c) => !_tree.Contracts[c].Tiers.IsEmpty);
        return new(tally.Figures(bills, _solves, Stopwatch.GetElapsedTime(started)), new([.. _accounts]),
            [.. _worthOfLevel.Select(w => w / _demand.Period.SlotsPerHour)], _values?.Thresholds() ?? _plan.Thresholds);
    }

    long IBurstMarket.Worth(int contract) => _network.WorthOfLevel(contract);

    Int128 IBurstMarket.Bound(int contract) => (Int128)_network.WorthOfLevel(contract) * _network.RoomAbove(contract, Standing(contract, bursts: false));

    Int128 IBurstMarket.Value(int contract) => _network.Objective - ObjectiveWith(contract, bursts: true);

    long IBurstMarket.RaisePrice(int contract) => _network.RaisePrice(contract);

    int IBurstMarket.BurstsLeft(int contract) => _demand.Period.FreeSlots - Used(contract);

    void IBurstMarket.Admitted(int contract) => SolveOnce();

    private int Used(int contract)
    {
        if (_tree.Contracts[contract].Billing == BillingMethod.Volume) return 0;
        BillingAccount account = _accounts[contract];
        return _demand.Period.FreeSlots - account.BurstsLeft(account.PaidLevel(_tree.Contracts[contract]));
    }

    private void SolveSlot()
    {
        SolveOnce();
        _policy?.Admit(_slot, this);
        if (_values is not null) Learn(_values);
    }

    private void SolveOnce()
    {
        for (int c = 0; c < _accounts.Length; c++) _network.SetStanding(c, Standing(c, _policy?.IsRunning(c, _slot) ?? false));
        _network.Solve(_cancellation);
        _solves++;
    }

    /// <summary>What each contract's burst is worth beside the bursts of the others that run.</summary>
    private void Learn(BurstValues values)
    {
        for (int c = 0; c < _accounts.Length; c++)
        {
            if (!BurstPolicy.Bursts(_tree.Contracts[c])) continue;
            bool runs = _policy?.IsRunning(c, _slot) ?? false;
            if (runs) values.Add(c, ObjectiveWith(c, bursts: false) - _network.Objective);
            else if (_network.WorthOfLevel(c) > 0) values.Add(c, BoundOrValue(c));
        }
    }

    // What is sure to be worth far less than the free slots were spent for does not move the threshold: its bound will do.
    private Int128 BoundOrValue(int contract)
    {
        Int128 bound = ((IBurstMarket)this).Bound(contract);
        return bound < (_plan.Bursts ? _plan.Thresholds[contract] : 1) / 4 ? bound : _network.Objective - ObjectiveWith(contract, bursts: true);
    }

    private Int128 ObjectiveWith(int contract, bool bursts)
    {
        _solves++;
        // What a burst is worth does not depend on whether a free slot is left for it.
        return _network.ObjectiveWith(contract, Standing(contract, bursts: false) with { MayBurst = bursts }, _cancellation);
    }

    private BillingLevel Standing(int contract, bool bursts)
    {
        Contract terms = _tree.Contracts[contract];
        if (terms.Tiers.IsEmpty) return new(terms.Id, default, false);
        if (terms.Billing == BillingMethod.Volume)
            return new(terms.Id, default, false) { VolumePrice = new(_plan.Volumes[contract].PriceNow(terms, _accounts[contract], _slot)) };
        return _policy is null ? new(terms.Id, terms.Commit.ToMbps(), bursts) : _accounts[contract].Standing(terms, bursts);
    }

    private void Record(ReadOnlySpan<long> load)
    {
        for (int c = 0; c < load.Length; c++)
        {
            bool above = load[c] > _accounts[c].PaidLevel(_tree.Contracts[c]).Value;
            if (above && _tree.Contracts[c].Billing == BillingMethod.Percentile95) _policy?.Burst(c, _slot);
            else _worthOfLevel[c] = checked(_worthOfLevel[c] + _network.WorthOfLevel(c));
            _accounts[c] = _accounts[c].Record(_slot, new(load[c]));
        }
    }
}
