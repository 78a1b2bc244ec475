using System.Collections.Immutable;
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
    private readonly BurstPolicy? _policy;
    private readonly BillingAccount[] _accounts;
    private readonly long[] _worthOfLevel;
    private readonly List<long>[] _worthBefore;
    private long _solves;

    /// <param name="world">Facts.</param>
    /// <param name="tree">Its contracts.</param>
    /// <param name="demand">The month.</param>
    /// <param name="options">How it is simulated.</param>
    /// <param name="plan">Levels and thresholds; null for a run that knows no bursts and takes every Mbit/s above the commit to raise the bill.</param>
    public MonthRun(World world, ContractTree tree, MonthDemand demand, MonthOptions options, LevelPlan? plan)
    {
        (_world, _tree, _demand) = (world, tree, demand);
        _network = new MonthNetwork(world, tree, options, raisesForPeaks: plan is not null);
        _policy = plan is null ? null : new BurstPolicy(tree, demand.Period, plan.Thresholds);
        _accounts = [.. tree.Contracts.Select((c, i) => BillingAccount.Start(c, demand.Period, plan?.Levels[i]))];
        _worthOfLevel = new long[_accounts.Length];
        _worthBefore = [.. _accounts.Select(static _ => new List<long>())];
    }

    /// <summary>Runs the month.</summary>
    /// <param name="progress">Told the slots done, now and then.</param>
    /// <param name="cancellation">Ends it with <see cref="OperationCanceledException"/>.</param>
    public MonthOutcome Run(IProgress<int>? progress, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        MonthTally tally = new(_world, _network.Arcs, _demand.Period, _accounts.Length);
        long[] demand = new long[_world.Regions.Length];
        for (int slot = 0; slot < _demand.Period.Slots; slot++)
        {
            _demand.Fill(slot, demand);
            _network.SetDemand(demand);
            Solve(slot, cancellation);
            Record(slot, tally.Add(_network.Flow(), _network.Certify()));
            if (slot % 64 == 0) progress?.Report(slot);
        }
        var bills = _accounts.Select((a, c) => (ContractBill.Of(_tree.Contracts[c], a), Used(c))).Where((_, c) => !_tree.Contracts[c].Tiers.IsEmpty);
        return new(tally.Figures(bills, _solves, Stopwatch.GetElapsedTime(started)), new([.. _accounts]),
            [.. _worthOfLevel.Select(w => w / _demand.Period.SlotsPerHour)], [.. _worthBefore.Select(WorthOfLastFreeSlot)]);
    }

    long IBurstMarket.Worth(int contract) => _network.WorthOfLevel(contract);

    long IBurstMarket.RaisePrice(int contract) => _network.RaisePrice(contract);

    int IBurstMarket.BurstsLeft(int contract) => _demand.Period.FreeSlots - Used(contract);

    private int Used(int contract)
    {
        if (_tree.Contracts[contract].Billing == BillingMethod.Volume) return 0;
        BillingAccount account = _accounts[contract];
        return _demand.Period.FreeSlots - account.BurstsLeft(account.PaidLevel(_tree.Contracts[contract]));
    }

    private void Solve(int slot, CancellationToken cancellation)
    {
        _policy?.Begin(slot);
        SolveOnce(slot, cancellation);
        for (int c = 0; c < _accounts.Length; c++) _worthBefore[c].Add(_network.WorthOfLevel(c));
        for (int round = 0; _policy is not null && _policy.Admit(slot, round, this); round++) SolveOnce(slot, cancellation);
    }

    private void SolveOnce(int slot, CancellationToken cancellation)
    {
        for (int c = 0; c < _accounts.Length; c++) _network.SetStanding(c, Standing(c, slot));
        _network.Solve(cancellation);
        _solves++;
    }

    private BillingLevel Standing(int contract, int slot)
    {
        Contract terms = _tree.Contracts[contract];
        return _policy is null ? new(terms.Id, terms.Commit.ToMbps(), false) : _accounts[contract].Standing(terms, _policy.IsRunning(contract, slot));
    }

    private void Record(int slot, ReadOnlySpan<long> load)
    {
        for (int c = 0; c < load.Length; c++)
        {
            bool above = load[c] > _accounts[c].PaidLevel(_tree.Contracts[c]).Value;
            if (above && _tree.Contracts[c].Billing == BillingMethod.Percentile95) _policy?.Burst(c, slot);
            else _worthOfLevel[c] = checked(_worthOfLevel[c] + _network.WorthOfLevel(c));
            _accounts[c] = _accounts[c].Record(slot, new(load[c]));
        }
    }

    private long WorthOfLastFreeSlot(List<long> worth) => Math.Max(1, worth.OrderDescending().ElementAt(_demand.Period.FreeSlots));
}

/// <summary>What a burst-aware month is steered by.</summary>
/// <param name="Levels">The level to be billed for, a contract; the commit where it is higher.</param>
/// <param name="Thresholds">What a free slot must save, a contract; see <see cref="BurstPolicy"/>.</param>
internal sealed record LevelPlan(ImmutableArray<Mbps> Levels, ImmutableArray<long> Thresholds);

/// <summary>What a pass over a month gave.</summary>
/// <param name="Figures">What it came to.</param>
/// <param name="Book">The accounts at its end.</param>
/// <param name="WorthOfLevel">What a Mbit/s more of level would have saved over the month where no burst ran, micro-USD, a contract.</param>
/// <param name="Thresholds">What the last free slot would have saved, micro-USD for a Mbit/s and hour, a contract.</param>
internal sealed record MonthOutcome(MonthFigures Figures, BillingBook Book, ImmutableArray<long> WorthOfLevel, ImmutableArray<long> Thresholds);
