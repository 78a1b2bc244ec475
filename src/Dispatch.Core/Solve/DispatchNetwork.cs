using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Columns;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve;

/// <summary>
/// The flow network of a dispatch problem, and the way back from its flow to volumes and prices.
/// </summary>
/// <remarks>
/// <code>
/// group ─stay, keep, move─▶ [peering ─cap─▶] edge ≣▶ site ≣▶ contract ≣▶ sink;   group ─overflow─▶ sink
/// </code>
/// Node order: groups, edges, contracts, peering caps, sink. Arc order: candidates row by row, then peering caps, then the tree node by node
/// and step by step, then the overflow arcs. A candidate that served the group under the plan in force has an arc for the sessions that
/// stay (cheaper by the hard charge), one for what else it may keep, and one for more, which costs a move; every other candidate has
/// the last only. Always feasible: every group can overflow, and bounds that may yield are charges.
/// </remarks>
internal sealed partial class DispatchNetwork
{
    private readonly CostModel _model;
    private readonly CandidateRows _rows;
    private readonly CapacityTree _tree;
    private readonly PeeringIndex _peering;

    public DispatchNetwork(CostModel model, CandidateRows rows)
    {
        (_model, _rows, _tree, _peering) = (model, rows, model.Tree, new(model.Peering));
        (Network, Arcs) = Build();
    }

    public FlowNetwork Network { get; }

    /// <summary>What the charges that bounds save when they hold come to: the objective is the flow's cost plus this.</summary>
    public Int128 Constant { get; private set; }

    /// <summary>Whose arcs the network's are.</summary>
    public ArcPlaces Arcs { get; }

    /// <summary>Reads the volumes off a flow.</summary>
    public TrafficPlan Plan(FlowSolution solution)
    {
        TrafficPlan.Builder plan = new(_model);
        ReadOnlySpan<long> flow = solution.Flow;
        for (int g = 0; g < GroupCount; g++)
        {
            ReadOnlySpan<int> edges = _rows.Edges(g);
            long[] volumes = new long[edges.Length];
            for (int i = 0; i < edges.Length; i++)
            {
                (int arc, int end) = Arcs.OfCandidate(g, i);
                for (; arc < end; arc++) volumes[i] += flow[arc];
            }
            plan.Add(g, edges, volumes, flow[Arcs.FirstOverflow + g]);
        }
        return plan.Build();
    }

    /// <summary>What one more unit of each group would cost: the sink's potential less the group's.</summary>
    public long[] GroupPrices(FlowSolution solution) => Prices(solution, 0, GroupCount);

    /// <summary>What one more unit costs from each node of the tree on.</summary>
    /// <remarks>
    /// A node without load has many valid prices. Its cheapest way on is one of them, and the one that draws fewest candidates, for a higher price
    /// only loosens the arcs into it. One without room has no way on: the least price is taken that draws nobody in.
    /// </remarks>
    public long[] TreePrices(FlowSolution solution, ReadOnlySpan<long> loads, ReadOnlySpan<long> bids)
    {
        long[] prices = Prices(solution, GroupCount, _tree.NodeCount);
        for (int i = _tree.NodeCount - 1; i >= 0; i--)
        {
            int node = _tree.Order[i];
            if (loads[node] > 0) continue;
            int parent = _tree.Parent(node);
            long way = checked(_tree.Cost(node).Steps[0].Cost + (parent == _tree.NodeCount ? 0 : prices[parent]));
            prices[node] = _tree.Cost(node).Room > 0 ? way : Math.Max(way, bids[node]);
        }
        return prices;
    }

    /// <summary>What one more unit costs from each door on.</summary>
    public EntryPrices EntryPrices(FlowSolution solution, long[] treePrices, ReadOnlySpan<long> bids)
    {
        long[] doors = Prices(solution, FirstPeering, _model.Peering.Length);
        for (int p = 0; p < doors.Length; p++)
        {
            long flow = solution.Flow[Arcs.OfPeering(p)], beyond = treePrices[_model.Peering[p].Edge];
            bool isFull = flow == Network.UpperBounds[Arcs.OfPeering(p)];
            doors[p] = !isFull ? beyond : Math.Max(beyond, flow == 0 ? bids[_tree.NodeCount + p] : doors[p]);
        }
        IEnumerable<(int, int, long)> peered = _model.Peering.SelectMany((cap, p) => cap.Regions.Select(region => (region, cap.Edge, doors[p])));
        return new(treePrices[.._tree.EdgeCount], peered);
    }

    /// <summary>What traffic would pay to get into each node of the tree and each peering cap.</summary>
    public long[] BidsOf(ReadOnlySpan<long> groupPrices) => Bids.Of(Network, Arcs.OfPeering(0), groupPrices, _tree, _model.Peering);

    private long[] Prices(FlowSolution solution, int first, int count)
    {
        Int128 sink = solution.Potentials[Sink];
        long[] prices = new long[count];
        for (int i = 0; i < count; i++) prices[i] = checked((long)(sink - solution.Potentials[first + i]));
        return prices;
    }

    private (FlowNetwork Network, ArcPlaces Arcs) Build()
    {
        FlowNetworkBuilder network = new(Sink + 1, _rows.Count + _tree.NodeCount + GroupCount);
        long total = 0;
        foreach (ClientGroup group in _model.Groups)
        {
            network.AddNode(group.Demand);
            total = checked(total + group.Demand);
        }
        network.AddNodes(_tree.NodeCount + _model.Peering.Length);
        network.AddNode(-total);
        int[] firstArc = new int[_rows.Count + 1];
        for (int g = 0; g < GroupCount; g++) AddRow(network, g, firstArc);
        for (int p = 0; p < _model.Peering.Length; p++)
            network.AddArc(FirstPeering + p, GroupCount + _model.Peering[p].Edge, 0, _model.Peering[p].Capacity.ToMbps().Value, 0);
        int[] treeArcs = AddTree(network);
        for (int g = 0; g < GroupCount; g++) network.AddArc(g, Sink, 0, _model.Groups[g].Demand, _model.UnservedCost(g));
        Constant += _tree.FloorUnits * _model.HardCharge;
        return (network.Build(), new(_rows, firstArc, treeArcs));
    }

    private void AddRow(FlowNetworkBuilder network, int group, int[] firstArc)
    {
        ReadOnlySpan<int> edges = _rows.Edges(group);
        ReadOnlySpan<long> costs = _rows.Costs(group);
        for (int i = 0; i < edges.Length; i++)
        {
            int door = DoorOf(group, edges[i]);
            long prior = _model.Prior.Volume(group, edges[i]), stays = _model.Sticky(group, prior);
            if (stays > 0) network.AddArc(group, door, 0, stays, checked(costs[i] - _model.HardCharge));
            if (prior > stays && _model.MoveCost > 0) network.AddArc(group, door, 0, prior - stays, costs[i]);
            network.AddArc(group, door, 0, _model.Groups[group].Demand, checked(costs[i] + _model.MoveCost));
            Constant += (Int128)stays * _model.HardCharge;
            firstArc[_rows.Start(group) + i + 1] = network.ArcCount;
        }
    }

    private int[] AddTree(FlowNetworkBuilder network)
    {
        int[] first = new int[_tree.NodeCount + 1];
        first[0] = network.ArcCount;
        for (int node = 0; node < _tree.NodeCount; node++)
        {
            foreach (CostStep step in _tree.Cost(node).Steps) network.AddArc(NodeOfTree(node), NodeOfTree(_tree.Parent(node)), 0, step.Units, step.Cost);
            first[node + 1] = network.ArcCount;
        }
        return first;
    }
}
