using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>The flow network of one slot, kept warm over a month: supplies and contract arcs are all that changes.</summary>
/// <remarks>
/// <code>region ──candidate──▶ edge ──▶ contract ══steps══▶ contract ══steps══▶ sink;   region ──overflow──▶ sink</code>
/// Coarser than the full problem, so that a month takes minutes: the classes of a region are one commodity with the mean of their
/// latency weights and the reach of the largest class, services' own edges and contracts' floors are left out, and a region has its
/// cheapest edges only. Law, health and capacity hold. Overflow costs more than any re-routing can save, so unserved traffic is least
/// in every slot. Not thread-safe.
/// </remarks>
internal sealed class MonthNetwork
{
    private readonly FlowSession _session;
    private readonly ContractTree _tree;
    private readonly MonthArcs _arcs;
    private readonly BillingLevel?[] _standing;
    private readonly long _raiseFactorMilli;
    private readonly LevelWorth _worth;
    private readonly long[] _worths;
    private bool _worthIsRead;

    /// <summary>Builds the network without demand and solves it.</summary>
    /// <param name="world">Facts.</param>
    /// <param name="tree">Its contracts.</param>
    /// <param name="options">Candidates, and the hours over which the price of a raise is spread.</param>
    /// <param name="raisesForPeaks">False where a raise is priced as if it were used all month.</param>
    public MonthNetwork(World world, ContractTree tree, MonthOptions options, bool raisesForPeaks)
    {
        _tree = tree;
        _raiseFactorMilli = raisesForPeaks ? FactorMilli(options) : 1000;
        _standing = new BillingLevel?[tree.Contracts.Length];
        _arcs = new MonthArcs(world, tree, options.Candidates, Steps, DearestStep(tree, options));
        (_worth, _worths) = (new LevelWorth(tree, _arcs), new long[_standing.Length]);
        _session = FlowSession.Open(_arcs.Network);
    }

    /// <summary>What the arcs are.</summary>
    public MonthArcs Arcs => _arcs;

    /// <summary>Sets the slot's demand, Mbit/s a region.</summary>
    public void SetDemand(ReadOnlySpan<long> mbps)
    {
        long total = 0;
        for (int r = 0; r < mbps.Length; r++)
        {
            _session.SetSupply(r, mbps[r]);
            total = checked(total + mbps[r]);
        }
        _session.SetSupply(_arcs.Sink, -total);
    }

    /// <summary>Sets where a contract stands.</summary>
    public void SetStanding(int contract, BillingLevel standing)
    {
        if (_standing[contract] == standing) return;
        _standing[contract] = standing;
        int arc = _arcs.FirstStep[contract];
        foreach (ContractStep step in Steps(contract))
        {
            _session.SetUpper(arc, step.Capacity.Value);
            _session.SetCost(arc++, step.Cost.Value);
        }
    }

    /// <summary>Solves the slot.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Solve(CancellationToken cancellation)
    {
        _worthIsRead = false;
        SessionResult result = _session.Solve(cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (result.Status != FlowStatus.Optimal) throw new InvalidOperationException($"A slot ended {result.Status}: {result.Cause}");
    }

    /// <summary>True when the last optimum is proved by its own numbers.</summary>
    public bool Certify() => _session.Certify();

    /// <summary>What a Mbit/s more of paid level would save in this slot, micro-USD an hour; at most the price of raising it.</summary>
    public long WorthOfLevel(int contract)
    {
        if (!_worthIsRead) _worth.Read(_session).CopyTo(_worths);
        _worthIsRead = true;
        return Math.Min(_worths[contract], RaisePrice(contract));
    }

    /// <summary>The price at which a contract's level is raised now, micro-USD for a Mbit/s and hour: that of the first tier with room.</summary>
    public long RaisePrice(int contract)
    {
        foreach (ContractStep step in Steps(contract))
            if (step.Kind == ContractStepKind.Tier && step.Capacity.Value > 0) return step.Cost.Value;
        return 0;
    }

    /// <summary>The last optimum.</summary>
    public SparseFlow Flow() => _session.ReadFlow();

    /// <summary>The dearest step that any slot may have, whatever a raise is priced at: both months charge the same for unserved traffic.</summary>
    public static long DearestStep(ContractTree tree, MonthOptions options)
    {
        IEnumerable<long> prices = tree.Contracts.SelectMany(static c => c.Tiers.Select(t => c.Marginal(t).Value)).Append(ContractSteps.BurstCost);
        return checked(prices.Max() * Math.Max(1000, FactorMilli(options)) / 1000 + 1);
    }

    private static long FactorMilli(MonthOptions options) => (long)Math.Round(1000 * Price.HoursPerMonth / options.RaiseHours, MidpointRounding.ToEven);

    private ContractStep[] Steps(int contract)
    {
        Contract terms = _tree.Contracts[contract];
        ContractStep[] steps = [.. ContractSteps.Of(terms, _standing[contract], new(_tree.Room[contract]))];
        if (terms.Billing != BillingMethod.Percentile95) return steps;
        for (int i = 0; i < steps.Length; i++)
            if (steps[i].Kind == ContractStepKind.Tier) steps[i] = steps[i] with { Cost = new(checked(steps[i].Cost.Value * _raiseFactorMilli / 1000)) };
        return steps;
    }
}
