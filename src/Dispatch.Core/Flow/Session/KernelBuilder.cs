using System.Numerics;
using TrafficDispatch.Flow.Compact;
using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow.Session;

/// <summary>Makes the kernel for a network: the compact one in the narrowest width that does, else the general one.</summary>
internal static class KernelBuilder
{
    /// <summary>Makes a kernel.</summary>
    /// <param name="edited">The network; only its base is read, the general kernel keeps it.</param>
    /// <param name="potentials">Potentials near the optimum by node, to take base prices from; empty for a free-flow start.</param>
    /// <param name="basis">Where to start; null for the first basis of a cold solve.</param>
    /// <param name="wide">Forgo 32 bits.</param>
    /// <param name="trial">Deviations from the usual choice, for tests.</param>
    public static ISessionKernel Build(EditedNetwork edited, ReadOnlySpan<long> potentials, FlowBasis? basis, bool wide, KernelTrial trial)
    {
        if (trial.General || trial.Wide) return new GeneralKernel(edited, trial);
        if (CompactRun.Recognise(new ShiftedNetwork(edited.Network), trial) is not var (supplies, shape)) return new GeneralKernel(edited, trial);
        var tree = new FreeFlowTree(shape);
        CoreBases bases = potentials.IsEmpty ? CoreBases.FreeFlow(tree) : CoreBases.From(shape, potentials, (supplies.GreatestCost + 1) * shape.PathNodes);
        long firstCost = supplies.GreatestCost + 2 * bases.Greatest;
        if (!wide && !trial.CompactWide && CompactRun.FitsNarrow(supplies.GreatestCost, bases.Greatest))
            return Build<int>(shape, tree, bases.Prices, basis, CompactRun.NarrowArtificialCost, new KernelLimits(CompactRun.GreatestNarrowCost - 2 * bases.Greatest, supplies.Headroom, firstCost, trial.Scalar));
        return Build<long>(shape, tree, bases.Prices, basis, CompactRun.WideArtificialCost(supplies, shape), new KernelLimits(supplies.GreatestCost, supplies.Headroom, firstCost, trial.Scalar));
    }

    private static CompactKernel<T> Build<T>(CompactShape shape, FreeFlowTree tree, long[] bases, FlowBasis? basis, T artificialCost, KernelLimits limits)
        where T : unmanaged, IBinaryInteger<T>
    {
        var network = new CompactNetwork<T>(shape, tree.Arcs, bases, artificialCost);
        CompactBasis<T> start = basis is null ? ColdStart<T>.Create(network, tree) : WarmStart<T>.Create(network, basis);
        start.IsCold = basis is null;
        return new CompactKernel<T>(network, start, limits);
    }
}
