using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Tree;

/// <summary>Which contract holds which edge or contract directly, by ordinals.</summary>
public sealed class ContractNesting
{
    private readonly int[] _ofEdge;
    private readonly int[] _parent;

    /// <summary>Reads the contracts of a world. O(contracts × edges they hold).</summary>
    public ContractNesting(World world)
    {
        ImmutableArray<Contract> contracts = world.Facts.Contracts;
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        for (int c = 0; c < contracts.Length; c++) ids.Add(contracts[c].Id, c);
        _parent = [.. contracts.Select(c => c.ParentId is { } id ? ids[id] : -1)];
        _ofEdge = new int[world.Edges.Length];
        Array.Fill(_ofEdge, -1);
        foreach (int c in Enumerable.Range(0, contracts.Length).OrderBy(Depth)) // the innermost writes last
            foreach (string edge in contracts[c].Edges) _ofEdge[world.EdgeOrdinal(edge)] = c;
    }

    /// <summary>The innermost contract that holds an edge, or −1.</summary>
    public int OfEdge(int edge) => _ofEdge[edge];

    /// <summary>The contract that holds a contract directly, or −1.</summary>
    public int ParentOf(int contract) => _parent[contract];

    /// <summary>How many contracts hold a contract, directly or not.</summary>
    public int Depth(int contract)
    {
        int depth = 0;
        for (int up = _parent[contract]; up >= 0; up = _parent[up]) depth++;
        return depth;
    }
}
