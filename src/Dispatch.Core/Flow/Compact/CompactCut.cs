using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>The witness that a network has no flow, read from the prices of an end without gains.</summary>
/// <remarks>
/// <para>What finds no way hangs by an artificial arc of cost A above the root's price (it has too much) or below it (too little). Let
/// S be the nodes with prices above A/2. If these exceed all other prices by more than any arc costs, every arc that leaves S has
/// a negative reduced cost and every arc that enters it a positive one; without a gain the first are full and the second empty. So S has too much
/// by exactly what its artificial arcs carry, whatever A is. Likewise for the nodes below −A/2, which have too little.</para>
/// <para>O(n), and the yes or no allocates nothing. Where there is no such gap nothing is proven, and a wider kernel decides.</para>
/// </remarks>
internal readonly unsafe struct CompactCut<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly CompactNetwork<T> _network;
    private readonly CompactBasis<T> _basis;
    private readonly long _half;
    private readonly bool _above;

    private CompactCut(CompactNetwork<T> network, CompactBasis<T> basis, long half, bool above)
        => (_network, _basis, _half, _above) = (network, basis, half, above);

    /// <summary>The cut that proves that there is no flow; null where prices prove nothing.</summary>
    /// <param name="network">The network.</param>
    /// <param name="basis">A basis without gains.</param>
    /// <param name="greatestCost">No rebased cost of an arc is greater or, negative, less.</param>
    public static CompactCut<T>? TryFind(CompactNetwork<T> network, CompactBasis<T> basis, long greatestCost)
    {
        long half = long.CreateTruncating(network.ArtificialCost) / 2;
        var gaps = new Gaps(half);
        CoreTree<T> tree = basis.Tree;
        RowBasis<T> rows = basis.Rows;
        for (int v = 0; v < tree.CoreCount; v++) gaps.Add(tree, v);
        for (int r = 0; r < rows.Count; r++)
        {
            int anchor = rows.Anchors[r];
            if (anchor >= tree.CoreCount) gaps.Add(tree, anchor);
            else gaps.Add(long.CreateTruncating(rows.Offsets[r] + tree.Prices[anchor]), rows.Kinds[r] == ArcKind.Artificial ? rows.Flows[r] : 0);
        }

        if (gaps.TooMuch && gaps.LeastAbove - gaps.MostNotAbove > greatestCost) return new(network, basis, half, above: true);
        return gaps.TooLittle && gaps.LeastNotBelow - gaps.MostBelow > greatestCost ? new(network, basis, half, above: false) : null;
    }

    /// <summary>For each node of the network, whether it is on the side that has too much.</summary>
    public bool[] Inside()
    {
        var potentials = new long[_network.Shape.Places.Length];
        new BasisReading<T>(_network, _basis).ReadPotentials(potentials);
        (int[] places, long[] bases, long half, bool above) = (_network.Shape.Places, _network.BasePrices, _half, _above);
        return [.. potentials.Select((potential, v) => -potential - (places[v] >= 0 ? bases[places[v]] : 0)).Select(price => above ? price > half : price >= -half)];
    }

    /// <summary>Prices on both sides of both marks, and whether artificial arcs carry flow to and from the root.</summary>
    private struct Gaps(long half)
    {
        public long LeastAbove = long.MaxValue / 2, MostNotAbove = long.MinValue / 2, LeastNotBelow = long.MaxValue / 2, MostBelow = long.MinValue / 2;
        public bool TooMuch, TooLittle;

        public void Add(CoreTree<T> tree, int v)
        {
            CoreNode<T>* node = tree.Nodes + v;
            long carried = v > 0 && node->Kind == ArcKind.Artificial ? node->Flow : 0;
            Add(long.CreateTruncating(tree.Prices[v]), node->Up ? carried : -carried);
        }

        // Carried: what an artificial arc takes to the root, or, negative, from it.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(long price, long carried)
        {
            if (price > half) LeastAbove = Math.Min(LeastAbove, price);
            else MostNotAbove = Math.Max(MostNotAbove, price);
            if (price < -half) MostBelow = Math.Max(MostBelow, price);
            else LeastNotBelow = Math.Min(LeastNotBelow, price);
            (TooMuch, TooLittle) = (TooMuch || carried > 0, TooLittle || carried < 0);
        }
    }
}
