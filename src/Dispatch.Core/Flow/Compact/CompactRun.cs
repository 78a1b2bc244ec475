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
    public static long WideArtificialCost(ShiftedSupplies supplies, CompactShape shape) => 3 * (supplies.GreatestCost + 1) * shape.PathNodes;

    /// <summary>Solves; null when the network is not of this shape or its outcome needs the general kernel's words.</summary>
    public static FlowSolution? Solve(ShiftedNetwork shifted, FlowOptions options, Budget budget, Stopwatches time, KernelTrial trial)
    {
        if (Recognise(shifted, trial) is not var (supplies, shape)) return null;
        var tree = new FreeFlowTree(shape);
        CoreBases bases = options.Start is { Potentials: { IsEmpty: false } potentials }
            ? CoreBases.From(shape, potentials.Span, (supplies.GreatestCost + 1) * shape.PathNodes)
            : CoreBases.FreeFlow(tree);
        var problem = new CompactProblem(supplies, shape, tree, bases, options, trial.Scalar);
        FlowSolution? narrow = !trial.CompactWide && options.Start is not { Wide: true } && FitsNarrow(supplies.GreatestCost, bases.Greatest)
            ? Solve(problem, NarrowArtificialCost, budget, time)
            : null;
        return narrow ?? Solve(problem, WideArtificialCost(supplies, shape), budget, time);
    }

    /// <summary>Rows and core of a network that the kernel takes; null for others.</summary>
    public static (ShiftedSupplies Supplies, CompactShape Shape)? Recognise(ShiftedNetwork shifted, KernelTrial trial)
        => ShiftedSupplies.TryOf(shifted) is { } supplies && CompactShape.TryOf(supplies) is { } shape && supplies.CostsFit(shape.PathNodes) && (trial.Compact || IsMadeFor(shape))
            ? (supplies, shape)
            : null;

    /// <summary>True when the kernel is likely to be the faster one.</summary>
    /// <remarks>Rows must hold most arcs, and few core nodes may take flow: each that does hangs on a full demand arc in the end, and
    /// an assignment of 8,000 to 8,000 took this kernel 35,569 pivots, the general one 15,000.</remarks>
    private static bool IsMadeFor(CompactShape shape)
        => (long)shape.RowArcCount * 2 >= shape.Network.ArcCount && shape.SinkCount <= Math.Max(1, shape.CoreCount / 4);

    /// <summary>Name of the kernel in a width.</summary>
    public static string Name<T>() => typeof(T) == typeof(int) ? "compact-simplex-32" : "compact-simplex-64";

    private static FlowSolution? Solve<T>(CompactProblem problem, T artificialCost, Budget budget, Stopwatches time)
        where T : unmanaged, IBinaryInteger<T>
    {
        var network = new CompactNetwork<T>(problem.Shape, problem.Tree.Arcs, problem.Bases.Prices, artificialCost);
        FlowBasis? start = problem.Options.Start?.Basis;
        CompactBasis<T> basis = start is null ? ColdStart<T>.Create(network, problem.Tree) : WarmStart<T>.Create(network, start);
        var simplex = new CompactSimplex<T>(network, basis, problem.Scalar);
        time.Built();
        CompactEnd end = start is null ? simplex.Start(budget) : simplex.Continue(budget);
        string name = Name<T>();
        if (end == CompactEnd.BudgetEnded) return Verdict.BudgetEnded(budget, time.Trace(name, budget));
        if (end != CompactEnd.Optimal) return null;
        var reading = new BasisReading<T>(network, basis);
        (Int128 objective, Int128 unserved) = reading.Sum();
        if (unserved != 0)
        {
            if (CompactCut<T>.TryFind(network, basis, problem.Supplies.GreatestCost + 2 * problem.Bases.Greatest) is not { } cut) return null;
            (string cause, string remedy) = FeasibilityCut.Describe(problem.Supplies.Network, cut.Inside());
            return FlowSolution.Failed(FlowStatus.Infeasible, cause, remedy, time.Trace(name, budget));
        }

        var flow = new FlowBuffer();
        reading.Read(flow);
        Int128[] potentials = reading.Potentials();
        FlowBasis? kept = problem.Options.KeepBasis ? reading.SaveBasis() : null;
        return FlowSolution.Optimal(time.Trace(name, budget), network.Shape.Network.ArcCount, flow.Arcs.ToArray(), flow.Values.ToArray(), potentials, objective, kept);
    }
}

/// <summary>What the kernel is to solve, whatever its width.</summary>
internal sealed record CompactProblem(ShiftedSupplies Supplies, CompactShape Shape, FreeFlowTree Tree, CoreBases Bases, FlowOptions Options, bool Scalar);
