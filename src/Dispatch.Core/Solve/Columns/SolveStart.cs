using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Columns;

/// <summary>Where a solve ended, for one of the same groups and edges to start from. Immutable.</summary>
/// <param name="Arcs">The network's arcs.</param>
/// <param name="Basis">The optimum's basis; null where the kernel gives none.</param>
/// <param name="TreePrices">What one more unit costs from each node of the capacity tree on.</param>
/// <param name="IsWide">True where 32 bits did not do.</param>
internal sealed record SolveStart(ArcPlaces Arcs, FlowBasis? Basis, long[] TreePrices, bool IsWide)
{
    /// <summary>Candidates to begin with: those of the network, unless they were priced anew for another snapshot.</summary>
    public CandidateRows Rows { get; init; } = Arcs.Rows;

    /// <summary>The same for a capacity tree with nodes put in before one of it: they have no arc in the basis, and the price of what follows them.</summary>
    public SolveStart WithMoreNodes(int at, int count) => new(
        Arcs.WithMoreNodes(at, count), Basis is null ? null : new(Basis.NodeCount + count, Basis.ArcCount, Basis.Basic, Basis.AtUpper),
        [.. TreePrices.AsSpan(0, at), .. Enumerable.Repeat(TreePrices[Math.Min(at, TreePrices.Length - 1)], count), .. TreePrices.AsSpan(at)], IsWide);

    /// <summary>What to start another network with.</summary>
    public FlowStart For(DispatchNetwork network) =>
        new(Basis is null ? null : network.Arcs.Translate(Arcs, Basis), network.Potentials(TreePrices), IsWide);
}
