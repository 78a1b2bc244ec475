using System.Numerics;
using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Runs the compact kernel on a network, in the narrowest width that does, and turns its end into a solution.</summary>
internal static class CompactRun
{
    /// <summary>Greatest cost, base price included, of the 32-bit kernel.</summary>
    public const long GreatestNarrowCost = 7 << 24;

    /// <summary>Cost of an artificial arc in 32 bits: twice that and a way still fit the watched range, for a part that lacks flow
    /// hangs as far below the root as one that has too much hangs above it. That it is dearer than any way is not proven: an optimum that still uses one
    /// is solved again in 64 bits, an optimum that uses none is one whatever it costs.</summary>
    public const int NarrowArtificialCost = 1 << 27;

    /// <summary>True when 32 bits do for a start; the kernel watches whether they still do.</summary>
    public static bool FitsNarrow(long greatestCost, long greatestBase) => greatestCost + 2 * greatestBase <= GreatestNarrowCost;

    /// <summary>Cost of an artificial arc in 64 bits: above that of any path and its base prices, hence used only without a way.</summary>
    public static long WideArtificialCost(ShiftedSupplies supplies) => (3 * (supplies.GreatestCost + 1)) * supplies.Network.NodeCount;

    /// <summary>Solves; null when the network is not of this shape or its outcome needs the general kernel's words.</summary>
    public static FlowSolution? Solve(ShiftedNetwork shifted, Budget budget, Stopwatches time, KernelTrial trial)
    {
        if (Recognise(shifted, trial) is not var (supplies, shape)) return null;
        var tree = new FreeFlowTree(shape);
        FlowSolution? narrow = !trial.CompactWide && FitsNarrow(supplies.GreatestCost, tree.GreatestPrice)
            ? Solve(supplies, new CompactNetwork<int>(shape, tree.Arcs, tree.Prices, NarrowArtificialCost), tree, budget, time, trial.Scalar)
            : null;
        return narrow ?? Solve(supplies, new CompactNetwork<long>(shape, tree.Arcs, tree.Prices, WideArtificialCost(supplies)), tree, budget, time, trial.Scalar);
    }

    /// <summary>Rows and core of a network that the kernel takes; null for others.</summary>
    public static (ShiftedSupplies Supplies, CompactShape Shape)? Recognise(ShiftedNetwork shifted, KernelTrial trial)
        => ShiftedSupplies.TryOf(shifted) is { } supplies && CompactShape.TryOf(supplies) is { } shape && (trial.Compact || IsMadeFor(shape))
            ? (supplies, shape)
            : null;

    /// <summary>True when the kernel is likely to be the faster one.</summary>
    /// <remarks>Rows must hold most arcs, and few core nodes may take flow: each that does hangs on a full demand arc in the end, and
    /// an assignment of 8,000 to 8,000 took this kernel 35,569 pivots, the general one 15,000.</remarks>
    private static bool IsMadeFor(CompactShape shape)
        => (long)shape.RowArcCount * 2 >= shape.Network.ArcCount && shape.SinkCount <= Math.Max(1, shape.CoreCount / 4);

    /// <summary>Name of the kernel in a width.</summary>
    public static string Name<T>() => typeof(T) == typeof(int) ? "compact-simplex-32" : "compact-simplex-64";

    private static FlowSolution? Solve<T>(ShiftedSupplies supplies, CompactNetwork<T> network, FreeFlowTree tree, Budget budget, Stopwatches time, bool scalar)
        where T : unmanaged, IBinaryInteger<T>
    {
        CompactBasis<T> basis = ColdStart<T>.Create(network, tree);
        var simplex = new CompactSimplex<T>(network, basis, scalar);
        time.Built();
        CompactEnd end = simplex.Start(budget);
        string name = Name<T>();
        if (end == CompactEnd.BudgetEnded) return Verdict.BudgetEnded(budget, time.Trace(name, budget));
        if (end != CompactEnd.Optimal) return null;
        var reading = new BasisReading<T>(network, basis);
        (Int128 objective, Int128 unserved) = reading.Sum();
        if (unserved != 0)
        {
            if (CompactCut<T>.TryFind(network, basis, supplies.GreatestCost + 2 * tree.GreatestPrice) is not { } cut) return null;
            (string cause, string remedy) = FeasibilityCut.Describe(supplies.Network, cut.Inside());
            return FlowSolution.Failed(FlowStatus.Infeasible, cause, remedy, time.Trace(name, budget));
        }

        var flow = new FlowBuffer();
        reading.Read(flow);
        Int128[] potentials = reading.Potentials();
        return FlowSolution.Optimal(time.Trace(name, budget), network.Shape.Network.ArcCount, flow.Arcs.ToArray(), flow.Values.ToArray(), potentials, objective);
    }
}
