using System.Numerics;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>Runs the simplex in one width and turns its end into a solution.</summary>
internal static class KernelRun<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Name of the kernel in this width.</summary>
    private static readonly string Name = typeof(T) == typeof(long) ? "network-simplex" : "network-simplex-128";

    /// <summary>Solves; null when the width did not do.</summary>
    public static FlowSolution? Solve(ShiftedNetwork shifted, Budget budget, Stopwatches time, bool scalar)
    {
        NetworkSimplex<T> simplex = new(shifted, shifted.Network.Arcs.Costs, shifted.GreatestCost, scalar);
        time.Built();
        KernelEnd end = simplex.Run(budget);
        return end switch
        {
            KernelEnd.OutOfWidth => null,
            KernelEnd.BudgetEnded => Verdict.BudgetEnded(budget, time.Trace(Name, budget)),
            KernelEnd.UnlimitedCycle => DecideUnlimited(shifted, simplex, budget, time),
            _ => Conclude(shifted, simplex, budget, time),
        };
    }

    private static FlowSolution Conclude(ShiftedNetwork shifted, NetworkSimplex<T> simplex, Budget budget, Stopwatches time)
    {
        if (FeasibilityCut.Find(shifted, simplex) is { } cut)
            return FlowSolution.Failed(FlowStatus.Infeasible, cut.Cause, cut.Remedy, time.Trace(Name, budget));
        var flow = new long[shifted.Network.ArcCount];
        if (FlowExtraction.TryRead(shifted.Network, simplex, flow) is { } tooFull)
            return Verdict.FlowTooLarge(shifted.Network, tooFull, time.Trace(Name, budget));
        if (FlowExtraction.Cost(shifted.Network, flow) is not { } objective) return Verdict.CostTooLarge(time.Trace(Name, budget));
        Int128[] potentials = FlowExtraction.Potentials(simplex);
        return FlowSolution.Optimal(time.Trace(Name, budget), flow, potentials, objective);
    }

    // A negative unlimited cycle means "unbounded" only in a feasible network: costs of zero ask for feasibility alone.
    private static FlowSolution? DecideUnlimited(ShiftedNetwork shifted, NetworkSimplex<T> found, Budget budget, Stopwatches time)
    {
        NetworkSimplex<T> feasibility = new(shifted, new long[shifted.Network.ArcCount], 0, scalar: true);
        KernelEnd end = feasibility.Run(budget);
        if (end == KernelEnd.OutOfWidth) return null;
        SolveTrace trace = time.Trace(Name, budget);
        if (end == KernelEnd.BudgetEnded) return Verdict.BudgetEnded(budget, trace);
        return FeasibilityCut.Find(shifted, feasibility) is { } cut
            ? FlowSolution.Failed(FlowStatus.Infeasible, cut.Cause, cut.Remedy, trace)
            : Verdict.Unbounded(shifted.Network, found.Cycle, trace);
    }
}
