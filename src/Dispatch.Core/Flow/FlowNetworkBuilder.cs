using System.Globalization;

namespace TrafficDispatch.Flow;

/// <summary>Collects nodes and arcs and freezes them into a <see cref="FlowNetwork"/>.</summary>
/// <remarks>Nothing is checked while adding; <see cref="TryBuild"/> reports every fault at once. Not thread safe. Adding is
/// O(1) amortised, building O(n + m). A builder may go on after a build; networks built earlier do not change.</remarks>
public sealed class FlowNetworkBuilder
{
    /// <summary>The most faults reported by one build.</summary>
    public const int MaxFaults = 100;

    private long[] _supplies;
    private int[] _tails;
    private int[] _heads;
    private long[] _lower;
    private long[] _upper;
    private long[] _costs;

    /// <summary>Creates an empty builder.</summary>
    /// <param name="nodeCapacity">Nodes to reserve room for; growing beyond is allowed. Default 0.</param>
    /// <param name="arcCapacity">Arcs to reserve room for; growing beyond is allowed. Default 0.</param>
    public FlowNetworkBuilder(int nodeCapacity = 0, int arcCapacity = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodeCapacity);
        ArgumentOutOfRangeException.ThrowIfNegative(arcCapacity);
        _supplies = new long[nodeCapacity];
        (_tails, _heads) = (new int[arcCapacity], new int[arcCapacity]);
        (_lower, _upper, _costs) = (new long[arcCapacity], new long[arcCapacity], new long[arcCapacity]);
    }

    /// <summary>Number of nodes added so far.</summary>
    public int NodeCount { get; private set; }

    /// <summary>Number of arcs added so far.</summary>
    public int ArcCount { get; private set; }

    /// <summary>Adds a node.</summary>
    /// <param name="supply">Flow it puts in; negative takes flow out. Default 0.</param>
    /// <returns>The node's index: 0, 1, 2, …</returns>
    public int AddNode(long supply = 0)
    {
        if (NodeCount == _supplies.Length) Array.Resize(ref _supplies, Grown(NodeCount));
        _supplies[NodeCount] = supply;
        return NodeCount++;
    }

    /// <summary>Adds several nodes without supply.</summary>
    /// <returns>The index of the first of them.</returns>
    public int AddNodes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int first = NodeCount;
        int needed = NodeCount + count;
        if (needed > _supplies.Length) Array.Resize(ref _supplies, Math.Max(needed, Grown(NodeCount)));
        _supplies.AsSpan(first, count).Clear();
        NodeCount = needed;
        return first;
    }

    /// <summary>Sets the supply of a node that was added before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public void SetSupply(int node, long supply)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(node);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, NodeCount);
        _supplies[node] = supply;
    }

    /// <summary>Adds an arc.</summary>
    /// <param name="tail">Node it leaves; may be added later than the arc.</param>
    /// <param name="head">Node it enters; may equal <paramref name="tail"/>.</param>
    /// <param name="lower">Least flow, any value but <see cref="FlowNetwork.Unlimited"/>; at most <paramref name="upper"/>.</param>
    /// <param name="upper">Greatest flow, or <see cref="FlowNetwork.Unlimited"/>.</param>
    /// <param name="cost">Cost a unit; may be negative.</param>
    /// <returns>The arc's index: 0, 1, 2, …</returns>
    public int AddArc(int tail, int head, long lower, long upper, long cost)
    {
        if (ArcCount == _tails.Length) GrowArcs();
        int arc = ArcCount++;
        (_tails[arc], _heads[arc]) = (tail, head);
        (_lower[arc], _upper[arc], _costs[arc]) = (lower, upper, cost);
        return arc;
    }

    /// <summary>Validates and freezes what was added.</summary>
    /// <exception cref="FlowNetworkException">The network is impossible; the exception lists every fault.</exception>
    public FlowNetwork Build()
        => TryBuild(out FlowNetwork? network, out IReadOnlyList<FlowNetworkFault> faults)
            ? network
            : throw new FlowNetworkException(faults);

    /// <summary>Validates what was added and freezes it, or lists all that is wrong (at most <see cref="MaxFaults"/>).</summary>
    public bool TryBuild([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FlowNetwork? network, out IReadOnlyList<FlowNetworkFault> faults)
    {
        var found = new List<FlowNetworkFault>();
        CheckSizes(found);
        for (int arc = 0; arc < ArcCount && found.Count < MaxFaults; arc++) CheckArc(arc, found);
        faults = found;
        network = found.Count == 0 ? Freeze() : null;
        return network is not null;
    }

    private string NodeRule => $"must be a node from 0 to {NodeCount - 1}";

    private static int Grown(int count) => Math.Max(16, (int)Math.Min(Array.MaxLength, 2L * count));

    private void GrowArcs()
    {
        int size = Grown(ArcCount);
        Array.Resize(ref _tails, size);
        Array.Resize(ref _heads, size);
        Array.Resize(ref _lower, size);
        Array.Resize(ref _upper, size);
        Array.Resize(ref _costs, size);
    }

    private FlowNetwork Freeze()
    {
        var arcs = new FlowArcs(_tails[..ArcCount], _heads[..ArcCount], _lower[..ArcCount], _upper[..ArcCount], _costs[..ArcCount]);
        return new FlowNetwork(_supplies[..NodeCount], arcs, firstNumber: 0);
    }

    private void CheckSizes(List<FlowNetworkFault> found)
    {
        if (NodeCount > FlowNetwork.MaxNodes) found.Add(Fault("network", "nodes", NodeCount, $"at most {FlowNetwork.MaxNodes} nodes fit"));
        if (ArcCount > FlowNetwork.MaxArcs) found.Add(Fault("network", "arcs", ArcCount, $"at most {FlowNetwork.MaxArcs} arcs fit"));
    }

    private void CheckArc(int arc, List<FlowNetworkFault> found)
    {
        if (!IsNode(_tails[arc])) found.Add(Fault($"arc {arc}", "tail", _tails[arc], NodeRule));
        if (!IsNode(_heads[arc])) found.Add(Fault($"arc {arc}", "head", _heads[arc], NodeRule));
        if (_lower[arc] == FlowNetwork.Unlimited) found.Add(Fault($"arc {arc}", "lower", _lower[arc], "a lower bound must be finite"));
        else if (_lower[arc] > _upper[arc]) found.Add(Fault($"arc {arc}", "upper", _upper[arc], $"must not be below the lower bound {_lower[arc]}"));
    }

    private bool IsNode(int node) => node >= 0 && node < NodeCount;

    private static FlowNetworkFault Fault(string item, string field, long value, string rule)
        => new(item, field, value.ToString(CultureInfo.InvariantCulture), rule);
}
