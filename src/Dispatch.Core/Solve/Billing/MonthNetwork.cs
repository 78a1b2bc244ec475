using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>The flow network of one slot, kept warm over a month: supplies and contract arcs are all that changes.</summary>
/// <remarks>
/// <code>region ──candidate──▶ [peering ─cap─▶] edge ──▶ contract ═floor═▶ ══steps══▶ contract ══steps══▶ sink;   region ──overflow──▶ sink</code>
/// Coarser than the full problem, so that a month takes a minute: the classes of a region are one commodity (<see cref="MonthDoors"/>),
/// services' own edges, congestion and churn are left out, and a region has its cheapest edges only. Law, health, capacities, ceilings and
/// peering caps hold. Floors yield to nothing but room and law: a unit short of one costs more than any re-routing, and overflow more than that,
/// so unserved traffic is least in every slot. Not thread-safe.
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
    private bool _worthIsRead, _isMarked;
    private FlowMark? _mark;

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

    /// <summary>Optimum of the slot as it stands, micro-USD an hour.</summary>
    public Int128 Objective => _session.Result.Objective;

    /// <summary>What the slot's optimum would be if a contract stood otherwise; the network stays as it is.</summary>
    public Int128 ObjectiveWith(int contract, BillingLevel standing, CancellationToken cancellation)
    {
        BillingLevel? now = _standing[contract];
        if (!_isMarked) _mark = _session.Mark(_mark);
        _isMarked = true;
        SetStanding(contract, standing);
        Int128 objective = SolveSession(cancellation).Objective;
        _session.Undo(_mark!);
        _standing[contract] = now;
        return objective;
    }

    /// <summary>Solves the slot.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Solve(CancellationToken cancellation)
    {
        _worthIsRead = _isMarked = false;
        SolveSession(cancellation);
    }

    private SessionResult SolveSession(CancellationToken cancellation)
    {
        SessionResult result = _session.Solve(cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        return result.Status == FlowStatus.Optimal ? result : throw new InvalidOperationException($"A slot ended {result.Status}: {result.Cause}");
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

    /// <summary>What a contract's edges may carry above its paid level in a slot, Mbit/s.</summary>
    public long RoomAbove(int contract, BillingLevel standing) =>
        Math.Max(0, Math.Min(_tree.Room[contract], _tree.Contracts[contract].Ceiling?.ToMbps().Value ?? long.MaxValue) - standing.BilledLevel.Value);

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
