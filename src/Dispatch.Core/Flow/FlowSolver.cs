using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow;

/// <summary>Finds the cheapest flow of a network, exactly.</summary>
/// <remarks>
/// <para>Kernels: <c>network-simplex</c> works in 64 bits where prices and flows are proven to fit; everything else goes to
/// <c>network-simplex-128</c>, the same method in 128 bits and several times slower. The solution names the kernel.</para>
/// <para>Stateless, hence thread safe. Deterministic: the same arrays give the same flow, on any machine.</para>
/// </remarks>
public static class FlowSolver
{
    /// <summary>Solves a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Limits; none by default.</param>
    /// <param name="cancellation">Ends the solve with <see cref="FlowStatus.BudgetEnded"/>; it does not throw.</param>
    /// <returns>The flow, or why there is none. Nothing half-solved is returned.</returns>
    /// <remarks>Worst case not polynomial in theory, near O(m √m) in practice; memory 56 bytes a node and 9 an arc above the network.</remarks>
    public static FlowSolution Solve(FlowNetwork network, FlowOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Solve(network, options ?? FlowOptions.Default, forceWide: false, cancellation);
    }

    /// <summary>Solves in 128 bits even where 64 would do, so that tests can compare the two.</summary>
    internal static FlowSolution Solve(FlowNetwork network, FlowOptions options, bool forceWide, CancellationToken cancellation)
    {
        var budget = new Budget(options, cancellation);
        var time = new Stopwatches();
        var shifted = new ShiftedNetwork(network);
        if (shifted.SupplySum != 0) return Verdict.Unbalanced(shifted.SupplySum, time.Trace("none", budget));
        FlowSolution? narrow = shifted.FitsLong && !forceWide ? KernelRun<long>.Solve(shifted, budget, time) : null;
        return narrow ?? KernelRun<Int128>.Solve(shifted, budget, time)
            ?? throw new InvalidOperationException("A 128-bit flow left its proven range; this is a defect of the solver.");
    }
}
