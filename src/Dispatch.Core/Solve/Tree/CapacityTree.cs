using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Tree;

/// <summary>
/// Everything between an edge's door and the sink: what the edge can take and at what cost of congestion, and the contracts that hold it,
/// with floors, ceilings and bills.
/// </summary>
/// <remarks>
/// <code>edge ≣▶ site ≣▶ contract ≣▶ sink</code>
/// Nodes are the edges by ordinal, then the contracts in the world's order. Every node passes all it gets to its parent over parallel arcs
/// of rising cost (<see cref="StepCost"/>). Immutable and thread-safe.
/// </remarks>
public sealed class CapacityTree
{
    private readonly int[] _parent;
    private readonly StepCost[] _cost;
    private readonly int[] _depth;
    private readonly int[] _order;

    private CapacityTree(int edges, int[] parent, StepCost[] cost)
    {
        (EdgeCount, _parent, _cost) = (edges, parent, cost);
        _depth = Depths(parent);
        _order = [.. Enumerable.Range(0, parent.Length).OrderByDescending(node => _depth[node]).ThenBy(static node => node)];
    }

    /// <summary>Nodes that are edges.</summary>
    public int EdgeCount { get; }

    /// <summary>All nodes; also the number of the sink, which every root of the tree has for a parent.</summary>
    public int NodeCount => _parent.Length;

    /// <summary>The node that a node passes its load to; <see cref="NodeCount"/> for the sink.</summary>
    public int Parent(int node) => _parent[node];

    /// <summary>Nodes between a node and the sink.</summary>
    public int Depth(int node) => _depth[node];

    /// <summary>What a node's load costs.</summary>
    public StepCost Cost(int node) => _cost[node];

    /// <summary>Units of floor that the tree asks for, each of which lowers <see cref="StepCost"/> by the hard charge.</summary>
    public Int128 FloorUnits { get; private init; }

    /// <summary>Edges alone, each up to its capacity, free of charge.</summary>
    public static CapacityTree Flat(IReadOnlyList<long> capacity) =>
        new(capacity.Count, [.. capacity.Select(_ => capacity.Count)], [.. capacity.Select(StepCost.Free)]);

    /// <summary>The tree of a world.</summary>
    /// <param name="world">Its contracts.</param>
    /// <param name="nesting">How they nest.</param>
    /// <param name="edges">By edge ordinal, what its load costs.</param>
    /// <param name="bills">By contract ordinal, what its traffic costs; as long as the edges below can fill.</param>
    /// <param name="hard">What a unit short of a floor is charged.</param>
    /// <param name="units">Flow units of a rate.</param>
    public static CapacityTree Of(World world, ContractNesting nesting, ImmutableArray<StepCost> edges, ImmutableArray<StepCost> bills, long hard, Func<Gbps, long> units)
    {
        ImmutableArray<Contract> contracts = world.Facts.Contracts;
        int sink = edges.Length + contracts.Length;
        int[] parent = new int[sink];
        for (int e = 0; e < edges.Length; e++) parent[e] = nesting.OfEdge(e) is >= 0 and int c ? edges.Length + c : sink;
        for (int c = 0; c < contracts.Length; c++) parent[edges.Length + c] = nesting.ParentOf(c) is >= 0 and int p ? edges.Length + p : sink;
        StepCost[] cost = [.. edges, .. bills];
        Int128 floors = 0;
        for (int c = 0; c < contracts.Length; c++)
        {
            // One unit longer than the edges can fill: a contract without a ceiling never binds, so what room is worth stays with its edges.
            StepCost bill = StepCost.Of([.. bills[c].Steps, new(1, bills[c].Steps[^1].Cost)]);
            long ceiling = contracts[c].Ceiling is { } most ? Math.Min(units(most), bill.Room) : bill.Room;
            long floor = Math.Min(units(contracts[c].Floor), Math.Min(ceiling, bills[c].Room)); // it yields to both: see Contradictions
            floors += floor;
            cost[edges.Length + c] = bill.Plus(floor == 0 ? StepCost.Free(ceiling) : StepCost.Of([new(floor, -hard), new(ceiling - floor, 0)]));
        }
        return new(edges.Length, parent, cost) { FloorUnits = floors };
    }

    /// <summary>A tree of the same edges with other nodes behind them; floors stay counted.</summary>
    /// <param name="parent">By node; the count of nodes for the sink.</param>
    /// <param name="cost">By node.</param>
    internal CapacityTree Replaced(int[] parent, StepCost[] cost) => new(EdgeCount, parent, cost) { FloorUnits = FloorUnits };

    /// <summary>Load of every node from the loads of the edges.</summary>
    public long[] Loads(ReadOnlySpan<long> edgeLoads)
    {
        long[] loads = new long[NodeCount];
        edgeLoads.CopyTo(loads);
        foreach (int node in _order)
            if (_parent[node] < NodeCount) loads[_parent[node]] = checked(loads[_parent[node]] + loads[node]);
        return loads;
    }

    /// <summary>Nodes, each after all that pass their load to it.</summary>
    public ReadOnlySpan<int> Order => _order;

    /// <summary>Cost of a load of the edges, floors' charges as they stand in the steps.</summary>
    public Int128 CostOf(ReadOnlySpan<long> edgeLoads)
    {
        long[] loads = Loads(edgeLoads);
        Int128 cost = 0;
        for (int node = 0; node < NodeCount; node++) cost += _cost[node].At(loads[node]);
        return cost;
    }

    private static int[] Depths(int[] parent)
    {
        int[] depth = new int[parent.Length];
        for (int node = 0; node < parent.Length; node++)
            for (int up = parent[node]; up < parent.Length; up = parent[up]) depth[node]++;
        return depth;
    }
}
