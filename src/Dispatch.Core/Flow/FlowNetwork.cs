namespace TrafficDispatch.Flow;

/// <summary>A directed network with supplies, bounds and costs: the input of every solver here, and of the certificate.</summary>
/// <remarks>
/// <para>Node <c>v</c> has a supply <c>b(v)</c>: positive puts flow in, negative takes flow out. Arc <c>e</c> runs from
/// <c>Tails[e]</c> to <c>Heads[e]</c>, carries a flow between <c>LowerBounds[e]</c> and <c>UpperBounds[e]</c> and costs
/// <c>Costs[e]</c> a unit. A flow is feasible when, at each node, what leaves less what enters equals the supply.</para>
/// <para>Parallel arcs, self loops, negative costs, negative lower bounds and unconnected parts are all legal. Supplies
/// that do not sum to zero are legal too and make the network infeasible. Immutable, hence safe on any number of
/// threads. 32 bytes an arc and 8 a node.</para>
/// </remarks>
public sealed class FlowNetwork
{
    /// <summary>The upper bound that means "no bound" (2^63 − 1). Every other value is a finite bound.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>The largest number of arcs a network may hold (2^30): arc codes keep one bit for a direction.</summary>
    public const int MaxArcs = 1 << 30;

    /// <summary>The largest number of nodes a network may hold (2^30).</summary>
    public const int MaxNodes = 1 << 30;

    private readonly long[] _supplies;
    private readonly int[] _tails;
    private readonly int[] _heads;
    private readonly long[] _lower;
    private readonly long[] _upper;
    private readonly long[] _costs;

    /// <summary>Takes ownership of arrays that a builder or reader has already validated.</summary>
    internal FlowNetwork(long[] supplies, FlowArcs arcs, int firstNumber)
    {
        _supplies = supplies;
        (_tails, _heads, _lower, _upper, _costs) = (arcs.Tails, arcs.Heads, arcs.Lower, arcs.Upper, arcs.Costs);
        FirstNumber = firstNumber;
    }

    /// <summary>Number of nodes; nodes are numbered from 0.</summary>
    public int NodeCount => _supplies.Length;

    /// <summary>Number of arcs; arcs are numbered from 0 in the order they were added.</summary>
    public int ArcCount => _tails.Length;

    /// <summary>What texts add to an index when they name a node or an arc: 0, or 1 for networks read from DIMACS.</summary>
    public int FirstNumber { get; }

    /// <summary>Supply of each node, in flow units; negative is demand.</summary>
    public ReadOnlySpan<long> Supplies => _supplies;

    /// <summary>Node each arc leaves.</summary>
    public ReadOnlySpan<int> Tails => _tails;

    /// <summary>Node each arc enters.</summary>
    public ReadOnlySpan<int> Heads => _heads;

    /// <summary>Least flow of each arc; may be negative.</summary>
    public ReadOnlySpan<long> LowerBounds => _lower;

    /// <summary>Greatest flow of each arc; <see cref="Unlimited"/> for none.</summary>
    public ReadOnlySpan<long> UpperBounds => _upper;

    /// <summary>Cost of one unit of flow on each arc; may be negative.</summary>
    public ReadOnlySpan<long> Costs => _costs;

    /// <summary>The arrays behind <see cref="Tails"/>, <see cref="Heads"/> and the rest, for the solvers; never written.</summary>
    internal FlowArcs Arcs => new(_tails, _heads, _lower, _upper, _costs);

    /// <summary>The number by which texts name a node or an arc.</summary>
    internal long Number(int index) => (long)index + FirstNumber;

    /// <summary>Names an arc in a text: its number and its two ends.</summary>
    internal string DescribeArc(int arc) => $"arc {Number(arc)} ({Number(_tails[arc])} -> {Number(_heads[arc])})";
}

/// <summary>The five columns of a network's arcs, on their way from a builder or reader into a network.</summary>
internal readonly record struct FlowArcs(int[] Tails, int[] Heads, long[] Lower, long[] Upper, long[] Costs);
