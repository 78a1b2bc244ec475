using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Nodes and arcs of a month's network, and what each arc means.</summary>
/// <remarks>Nodes: regions, edges, contracts, sink. Arcs: candidates region by region, overflow, edges, contracts' steps.</remarks>
internal sealed class MonthArcs
{
    private readonly World _world;
    private readonly ContractTree _tree;
    private readonly List<int> _region = [], _edge = [];
    private readonly FlowNetworkBuilder _network = new();
    private readonly double _reachMs;
    private long _dearest;

    /// <param name="world">Facts.</param>
    /// <param name="tree">Its contracts.</param>
    /// <param name="candidates">Edges a region may use.</param>
    /// <param name="steps">The steps of each contract at first.</param>
    /// <param name="dearestStep">No step is ever dearer.</param>
    public MonthArcs(World world, ContractTree tree, int candidates, Func<int, ContractStep[]> steps, long dearestStep)
    {
        (_world, _tree) = (world, tree);
        TrafficClass largest = world.Classes.MaxBy(static c => c.Share)!;
        _reachMs = largest.MaxRtt?.Value ?? double.PositiveInfinity;
        LatencyWeight = world.Classes.Sum(static c => c.Share * c.LatencyWeight);
        _network.AddNodes(world.Regions.Length + world.Edges.Length + tree.Contracts.Length + 1);
        for (int r = 0; r < world.Regions.Length; r++) AddCandidates(r, candidates);
        FirstStep = new int[tree.Contracts.Length];
        // Of contracts on one way at most one has tiers.
        UnservedCost = checked((world.Edges.Length + tree.Contracts.Length + 1L) * (_dearest + dearestStep) + 1);
        FirstOverflow = _network.ArcCount;
        for (int r = 0; r < world.Regions.Length; r++) _network.AddArc(r, Sink, 0, FlowNetwork.Unlimited, UnservedCost);
        for (int e = 0; e < world.Edges.Length; e++) _network.AddArc(EdgeNode(e), NodeOf(tree.Holder[e]), 0, tree.EdgeCapacity[e], 0);
        for (int c = 0; c < FirstStep.Length; c++) AddSteps(c, steps(c));
        Network = _network.Build();
    }

    /// <summary>The network without demand.</summary>
    public FlowNetwork Network { get; }

    /// <summary>Micro-USD for a millisecond, a Mbit/s and an hour: the classes' mean.</summary>
    public double LatencyWeight { get; }

    /// <summary>Micro-USD for a Mbit/s that stays unserved for an hour.</summary>
    public long UnservedCost { get; }

    /// <summary>First overflow arc; the candidates lie before it.</summary>
    public int FirstOverflow { get; }

    /// <summary>First edge arc; the overflow arcs lie before it.</summary>
    public int FirstEdge => FirstOverflow + _world.Regions.Length;

    /// <summary>First step arc of each contract, and after them nothing else.</summary>
    public int[] FirstStep { get; }

    /// <summary>The sink's node.</summary>
    public int Sink => NodeOf(_tree.Contracts.Length);

    /// <summary>A contract's node; the sink's for −1.</summary>
    public int NodeOf(int contract) => contract < 0 ? Sink : _world.Regions.Length + _world.Edges.Length + contract;

    /// <summary>The node behind a contract.</summary>
    public int HeadOf(int contract) => NodeOf(_tree.Parent[contract]);

    /// <summary>Contract of a step arc.</summary>
    public int ContractOf(int step)
    {
        int at = Array.BinarySearch(FirstStep, step);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>Region of a candidate arc.</summary>
    public int RegionOf(int candidate) => _region[candidate];

    /// <summary>Edge of a candidate arc.</summary>
    public int EdgeOf(int candidate) => _edge[candidate];

    /// <summary>What a Mbit/s costs at an edge that no contract bills, micro-USD an hour; 0 where one does.</summary>
    public long OwnPrice(int edge) => _tree.Payer[edge] >= 0 ? 0 : _world.Edges[edge].Price.Marginal().Value;

    private int EdgeNode(int edge) => _world.Regions.Length + edge;

    private void AddSteps(int contract, ContractStep[] steps)
    {
        FirstStep[contract] = _network.ArcCount;
        foreach (ContractStep step in steps) _network.AddArc(NodeOf(contract), HeadOf(contract), 0, step.Capacity.Value, step.Cost.Value);
    }

    private void AddCandidates(int region, int most)
    {
        ReadOnlySpan<double> rtt = _world.Rtt.Row(region);
        List<(long Rank, int Edge, long Cost)> allowed = [];
        for (int e = 0; e < rtt.Length; e++)
        {
            if (_tree.EdgeCapacity[e] == 0 || rtt[e] > _reachMs || !_world.Law.Allows(_world.Regions[region], _world.Edges[e])) continue;
            long latency = checked((long)Math.Round(LatencyWeight * rtt[e], MidpointRounding.ToEven));
            allowed.Add((latency + _world.Edges[e].Price.Marginal().Value, e, latency + OwnPrice(e)));
        }
        // Where prices lie far apart the cheapest are all of one operator: half of the room is for the nearest.
        var nearest = allowed.OrderBy(a => rttOf(a.Edge)).ThenBy(static a => a.Edge).Take((most + 1) / 2).ToHashSet();
        var cheapest = allowed.Where(a => !nearest.Contains(a)).OrderBy(static a => a.Rank).ThenBy(static a => a.Edge).Take(most / 2);
        foreach ((_, int e, long cost) in nearest.Concat(cheapest).OrderBy(static a => a.Edge))
        {
            _network.AddArc(region, EdgeNode(e), 0, FlowNetwork.Unlimited, cost);
            _region.Add(region);
            _edge.Add(e);
            _dearest = Math.Max(_dearest, cost);
        }

        double rttOf(int edge) => _world.Rtt[region, edge].Value;
    }
}
