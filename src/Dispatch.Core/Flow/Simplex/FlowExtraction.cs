using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>Reads the answer out of an optimal basis.</summary>
internal static class FlowExtraction
{
    private static readonly Int128 SpillAt = (Int128.One << 126) - 1;

    /// <summary>Writes the flow of every arc, lower bounds included.</summary>
    /// <returns>An arc whose flow does not fit 64 bits, or null when all do.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int? TryRead<T>(FlowNetwork network, NetworkSimplex<T> simplex, long[] flow)
        where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<sbyte> atUpper = simplex.AtUpper;
        ReadOnlySpan<long> lower = network.LowerBounds, upper = network.UpperBounds;
        for (int e = 0; e < flow.Length; e++) flow[e] = atUpper[e] == 0 ? lower[e] : upper[e];
        for (int v = 0; v < network.NodeCount; v++)
        {
            ref TreeNode<T> node = ref simplex.Tree[v];
            if (simplex.Tree.IsArtificial(node.ArcCode)) continue;
            int arc = node.ArcCode >= 0 ? node.ArcCode : ~node.ArcCode;
            Int128 carried = lower[arc] + Int128.CreateTruncating(node.ArcCode >= 0 ? node.FromParent : node.ToParent);
            if (carried > long.MaxValue) return arc;
            flow[arc] = (long)carried;
        }

        return null;
    }

    /// <summary>Sum of cost times flow, or null when it passes 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Int128? Cost(FlowNetwork network, long[] flow)
    {
        Int128 total = 0;
        BigInteger spilled = BigInteger.Zero; // partial sums may leave 128 bits and come back
        ReadOnlySpan<long> costs = network.Costs;
        for (int e = 0; e < flow.Length; e++)
        {
            if (flow[e] == 0) continue;
            Int128 product = Math.BigMul(costs[e], flow[e]);
            if (Int128.Abs(total) > SpillAt) (spilled, total) = (spilled + total, 0);
            total += product; // at most 2^126 + 2^126
        }

        spilled += total;
        return spilled >= Int128.MinValue && spilled <= Int128.MaxValue ? (Int128)spilled : null;
    }

    /// <summary>The price of every real node.</summary>
    public static Int128[] Potentials<T>(NetworkSimplex<T> simplex)
        where T : unmanaged, IBinaryInteger<T>
    {
        var potentials = new Int128[simplex.Tree.Root];
        for (int v = 0; v < potentials.Length; v++) potentials[v] = Int128.CreateTruncating(simplex.Tree.PriceOf(v));
        return potentials;
    }
}
