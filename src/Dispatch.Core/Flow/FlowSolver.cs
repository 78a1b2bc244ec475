using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow;

/// <summary>Finds the cheapest flow of a network, exactly.</summary>
/// <remarks>
/// <para>Kernels: networks of which most arcs leave nodes that no arc enters go to <c>compact-simplex-32</c>, or where its range does
/// not do to <c>compact-simplex-64</c>. All others, and the words for what is unbounded, come from
/// <c>network-simplex</c> in 64 bits where prices and flows are proven to fit, else from <c>network-simplex-128</c>, the same method
/// in 128 bits and several times slower. The solution names the kernel.</para>
/// <para>Stateless, hence thread safe. Deterministic: the same arrays give the same flow, on any machine.</para>
/// </remarks>
public static class FlowSolver
{
    /// <summary>Solves a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Limits; none by default.</param>
    /// <param name="cancellation">Ends the solve with <see cref="FlowStatus.BudgetEnded"/>; it does not throw.</param>
    /// <returns>The flow, or why there is none. Nothing half-solved is returned.</returns>
    /// <remarks>Worst case not polynomial in theory, near O(m √m) in practice; memory about 140 bytes a node and 9 an arc above the network, result included.</remarks>
    public static FlowSolution Solve(FlowNetwork network, FlowOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Solve(network, options ?? FlowOptions.Default, default, cancellation);
    }

    /// <summary>Solves with a kernel that would not have been chosen, so that tests can compare the two.</summary>
    internal static FlowSolution Solve(FlowNetwork network, FlowOptions options, KernelTrial trial, CancellationToken cancellation)
    {
        var budget = new Budget(options, cancellation);
        var time = new Stopwatches();
        var shifted = new ShiftedNetwork(network);
        if (shifted.SupplySum != 0) return Verdict.Unbalanced(shifted.SupplySum, time.Trace("none", budget));
        FlowSolution? compact = trial.Wide || trial.General ? null : Compact.CompactRun.Solve(shifted, options, budget, time, trial);
        return compact ?? SolveGeneral(shifted, budget, time, trial);
    }

    /// <summary>Solves with the general kernel.</summary>
    internal static FlowSolution SolveGeneral(FlowNetwork network, Budget budget, KernelTrial trial)
    {
        var time = new Stopwatches();
        var shifted = new ShiftedNetwork(network);
        return shifted.SupplySum != 0 ? Verdict.Unbalanced(shifted.SupplySum, time.Trace("none", budget)) : SolveGeneral(shifted, budget, time, trial);
    }

    private static FlowSolution SolveGeneral(ShiftedNetwork shifted, Budget budget, Stopwatches time, KernelTrial trial)
    {
        FlowSolution? narrow = shifted.FitsLong && !trial.Wide ? KernelRun<long>.Solve(shifted, budget, time, trial.Scalar) : null;
        return narrow ?? KernelRun<Int128>.Solve(shifted, budget, time, trial.Scalar)
            ?? throw new InvalidOperationException("A 128-bit flow left its proven range; this is a defect of the solver.");
    }
}

/// <summary>Deviations from the usual choice of kernel.</summary>
/// <param name="Wide">128 bits even where 64 would do.</param>
/// <param name="Scalar">No vector instructions.</param>
/// <param name="General">The general kernel even where the compact one would do.</param>
/// <param name="Compact">The compact kernel even where few arcs are in rows.</param>
/// <param name="CompactWide">The 64-bit compact kernel even where 32 bits would do.</param>
internal readonly record struct KernelTrial(bool Wide, bool Scalar, bool General = false, bool Compact = false, bool CompactWide = false);
