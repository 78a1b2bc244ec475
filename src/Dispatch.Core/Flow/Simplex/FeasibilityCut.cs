using System.Globalization;
using System.Numerics;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>The witness of infeasibility: nodes whose supply exceeds what can leave them.</summary>
/// <remarks>Let S be the nodes that hang from the root by an artificial arc pointing to it. In an optimal basis every arc
/// leaving S is at its upper bound and every arc entering S at its lower: another would have a reduced cost that promises
/// 2M less than nC. So what S has too much is exactly the flow left on those artificial arcs.</remarks>
internal static class FeasibilityCut
{
    private const int NamesShown = 8;

    /// <summary>The cut's text, or null when no artificial arc carries flow.</summary>
    public static (string Cause, string Remedy)? Find<T>(ShiftedNetwork shifted, NetworkSimplex<T> simplex)
        where T : unmanaged, IBinaryInteger<T>
    {
        Int128 stuck = 0;
        for (int v = 0; v < shifted.Network.NodeCount; v++)
        {
            ref TreeNode<T> node = ref simplex.Tree[v];
            if (simplex.Tree.IsArtificial(node.ArcCode) && node.ArcCode >= 0) stuck += Int128.CreateTruncating(node.FromParent);
        }

        return stuck > 0 ? Describe(shifted.Network, InCut(simplex, shifted.Network.NodeCount)) : null;
    }

    private static bool[] InCut<T>(NetworkSimplex<T> simplex, int nodes)
        where T : unmanaged, IBinaryInteger<T>
    {
        var inside = new bool[nodes];
        var known = new bool[nodes];
        var path = new Stack<int>();
        for (int v = 0; v < nodes; v++)
        {
            int top = v;
            for (; !known[top] && simplex.Tree[top].Parent != simplex.Tree.Root; top = simplex.Tree[top].Parent) path.Push(top);
            if (!known[top]) (known[top], inside[top]) = (true, simplex.Tree[top].ArcCode >= 0);
            while (path.TryPop(out int below)) (known[below], inside[below]) = (true, inside[top]);
        }

        return inside;
    }

    /// <summary>The cut's text.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inside">Nodes of which each arc that leaves them is full and each that enters them at its least.</param>
    public static (string Cause, string Remedy) Describe(FlowNetwork network, bool[] inside)
    {
        Int128 supply = 0, room = 0;
        for (int v = 0; v < inside.Length; v++) if (inside[v]) supply += network.Supplies[v];
        for (int e = 0; e < network.ArcCount; e++)
        {
            if (inside[network.Tails[e]] && !inside[network.Heads[e]]) room += network.UpperBounds[e];
            else if (!inside[network.Tails[e]] && inside[network.Heads[e]]) room -= network.LowerBounds[e];
        }

        string cause = string.Create(CultureInfo.InvariantCulture,
            $"{Names(network, inside)} must send out {supply} units, but the arcs around them let at most {room} leave; {supply - room} are stuck");
        return (cause, "raise an upper bound on the way out, lower a lower bound on the way in, or lower the supplies by what is stuck");
    }

    private static string Names(FlowNetwork network, bool[] inside)
    {
        int count = inside.Count(isIn => isIn);
        IEnumerable<long> numbers = Enumerable.Range(0, inside.Length).Where(v => inside[v]).Take(NamesShown).Select(network.Number);
        string more = count > NamesShown ? $", … ({count} of {inside.Length} nodes)" : "";
        return $"node{(count == 1 ? "" : "s")} {string.Join(", ", numbers)}{more}";
    }
}
