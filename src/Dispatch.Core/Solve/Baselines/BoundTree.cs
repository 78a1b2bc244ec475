namespace TrafficDispatch.Solve.Baselines;

/// <summary>
/// Every bound that the optimum keeps, as baselines see it: what a peering cap, an edge and each contract that holds it can carry. Bounds of
/// one stage have nothing in common; stages go from the client to the sink.
/// </summary>
/// <remarks>Floors are the optimum's alone: no baseline knows where traffic is paid for already. Immutable and thread-safe.</remarks>
internal sealed class BoundTree
{
    /// <summary>No bound.</summary>
    public const int None = -1;

    private readonly PeeringIndex _peering;
    private readonly int _firstPeering;
    private readonly int[][] _nodeOfEdge;
    private readonly long[] _room;

    public BoundTree(CostModel model)
    {
        int nodes = model.Tree.NodeCount;
        (_peering, _firstPeering) = (new PeeringIndex(model.Peering), nodes);
        _room = new long[nodes + model.Peering.Length];
        for (int n = 0; n < nodes; n++) _room[n] = n < model.Tree.EdgeCount ? Math.Min(model.Capacity(n), model.Tree.Cost(n).Room) : model.Tree.Cost(n).Room;
        for (int p = 0; p < model.Peering.Length; p++)
        {
            _room[nodes + p] = checked((long)Math.Round(model.Peering[p].Capacity.Value * model.UnitsPerGbps, MidpointRounding.ToEven));
        }
        _nodeOfEdge = ByDepth(model);
        Stages = _nodeOfEdge.Length + (_peering.Count > 0 ? 1 : 0);
    }

    /// <summary>Number of stages.</summary>
    public int Stages { get; }

    /// <summary>Number of bounds.</summary>
    public int Count => _room.Length;

    /// <summary>What a bound lets through, in flow units.</summary>
    public long Room(int bound) => _room[bound];

    /// <summary>The bound that traffic of a region at an edge meets in a stage, or <see cref="None"/>.</summary>
    public int At(int stage, int region, int edge)
    {
        if (_peering.Count == 0) return _nodeOfEdge[stage][edge];
        if (stage > 0) return _nodeOfEdge[stage - 1][edge];
        int cap = _peering.CapOf(region, edge);
        return cap == PeeringIndex.None ? None : _firstPeering + cap;
    }

    /// <summary>The tree cut by depth, deepest first: nodes of one depth hold different edges.</summary>
    private static int[][] ByDepth(CostModel model)
    {
        int edges = model.Tree.EdgeCount, nodes = model.Tree.NodeCount;
        int deepest = edges == 0 ? -1 : Enumerable.Range(0, edges).Max(model.Tree.Depth);
        int[][] stages = [.. Enumerable.Range(0, deepest + 1).Select(_ => Enumerable.Repeat(None, edges).ToArray())];
        for (int e = 0; e < edges; e++)
            for (int n = e; n < nodes; n = model.Tree.Parent(n)) stages[deepest - model.Tree.Depth(n)][e] = n;
        return stages;
    }
}
