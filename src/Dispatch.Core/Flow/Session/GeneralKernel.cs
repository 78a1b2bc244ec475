using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow.Session;

/// <summary>For networks the compact kernel does not take: every solve is a cold one of the general solver.</summary>
internal sealed class GeneralKernel(EditedNetwork edited, KernelTrial trial) : ISessionKernel
{
    private FlowSolution? _solution;

    /// <inheritdoc/>
    public string Name => _solution?.Kernel ?? "none";

    /// <inheritdoc/>
    public int NodeCount => edited.Network.NodeCount;

    /// <inheritdoc/>
    public bool IsCold => false;

    /// <inheritdoc/>
    public bool IsWorn => false;

    /// <summary>The last outcome, for its words.</summary>
    public FlowSolution? Solution => _solution;

    /// <inheritdoc/>
    public bool TrySetArc(int arc, ArcTerms terms) => true;

    /// <inheritdoc/>
    public bool TrySetSupply(int node, long supply, long change) => true;

    /// <inheritdoc/>
    public KernelOutcome Solve(Budget budget)
    {
        _solution = FlowSolver.SolveGeneral(edited.Materialize(), budget, trial);
        return _solution.Status == FlowStatus.Optimal ? KernelOutcome.Optimal
            : _solution.Status == FlowStatus.BudgetEnded ? KernelOutcome.BudgetEnded
            : KernelOutcome.Unclear;
    }

    /// <inheritdoc/>
    public Int128 Objective() => _solution!.Objective;

    /// <inheritdoc/>
    public Int128 Unserved() => 0;

    /// <inheritdoc/>
    public void Read(FlowBuffer flow)
    {
        flow.Clear();
        ReadOnlySpan<long> values = _solution!.Flow;
        for (int e = 0; e < values.Length; e++) if (values[e] != 0) flow.Add(e, values[e]);
    }

    /// <inheritdoc/>
    public void ReadPotentials(Span<long> potentials)
    {
        ReadOnlySpan<Int128> all = _solution!.Potentials;
        for (int v = 0; v < all.Length; v++) potentials[v] = checked((long)all[v]);
    }

    /// <inheritdoc/>
    public FlowBasis SaveBasis()
    {
        FlowNetwork network = edited.Materialize();
        ReadOnlySpan<long> flow = _solution!.Flow;
        List<int> basic = [], upper = [];
        for (int e = 0; e < flow.Length; e++)
        {
            if (flow[e] == network.LowerBounds[e]) continue;
            if (flow[e] == network.UpperBounds[e]) upper.Add(e);
            else basic.Add(e);
        }

        return new FlowBasis(network.NodeCount, network.ArcCount, [.. basic], [.. upper]);
    }

    /// <inheritdoc/>
    public ISessionKernel Fork() => new GeneralKernel(edited, trial) { _solution = _solution };

    /// <summary>A fork for another session's network.</summary>
    public GeneralKernel ForkFor(EditedNetwork other) => new(other, trial) { _solution = _solution };

    /// <inheritdoc/>
    public void CopyFrom(ISessionKernel other) => _solution = ((GeneralKernel)other)._solution;

    /// <inheritdoc/>
    public bool IsForkOf(ISessionKernel other) => other is GeneralKernel;
}
