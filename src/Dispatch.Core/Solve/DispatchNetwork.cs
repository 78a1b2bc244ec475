using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve;

/// <summary>
/// The flow network of a dispatch problem, and the way back from its flow to volumes and prices.
/// </summary>
/// <remarks>
/// <code>group ──candidate──▶ edge ──capacity──▶ sink;   group ──overflow──▶ sink</code>
/// Node order: groups, edges, sink. Arc order: all candidates row by row, then edge → sink, then the overflow arcs. Always feasible,
/// because every group can overflow; what overflows is unserved.
/// </remarks>
internal sealed class DispatchNetwork
{
    private readonly CostModel _model;
    private readonly CandidateRows _rows;

    public DispatchNetwork(CostModel model, CandidateRows rows)
    {
        _model = model;
        _rows = rows;
        Network = Build();
    }

    public FlowNetwork Network { get; }

    private int GroupCount => _model.Groups.Count;

    private int EdgeCount => _model.Snapshot.World.Edges.Length;

    private int Sink => GroupCount + EdgeCount;

    /// <summary>Reads the volumes off a flow.</summary>
    public TrafficPlan Plan(FlowSolution solution)
    {
        TrafficPlan.Builder plan = new(_model);
        ReadOnlySpan<long> flow = solution.Flow;
        for (int g = 0; g < GroupCount; g++)
        {
            ReadOnlySpan<int> edges = _rows.Edges(g);
            plan.Add(g, edges, flow.Slice(_rows.Start(g), edges.Length), flow[_rows.Count + EdgeCount + g]);
        }
        return plan.Build();
    }

    /// <summary>What one more unit of each group would cost: the sink's potential less the group's.</summary>
    public long[] GroupPrices(FlowSolution solution) => Prices(solution, 0, GroupCount, atLeastZero: false);

    /// <summary>
    /// What one more unit of each edge's capacity is worth. An edge with room is worth nothing: where the basis leaves it a negative
    /// price, 0 is as valid a dual, since raising it only loosens the candidates into it.
    /// </summary>
    public long[] EdgePrices(FlowSolution solution) => Prices(solution, GroupCount, EdgeCount, atLeastZero: true);

    private long[] Prices(FlowSolution solution, int first, int count, bool atLeastZero)
    {
        Int128 sink = solution.Potentials[Sink];
        long[] prices = new long[count];
        for (int i = 0; i < count; i++)
        {
            long price = checked((long)(sink - solution.Potentials[first + i]));
            prices[i] = atLeastZero ? Math.Max(0, price) : price;
        }
        return prices;
    }

    private FlowNetwork Build()
    {
        FlowNetworkBuilder network = new(Sink + 1, _rows.Count + EdgeCount + GroupCount);
        long total = 0;
        foreach (ClientGroup group in _model.Groups)
        {
            network.AddNode(group.Demand);
            total = checked(total + group.Demand);
        }
        network.AddNodes(EdgeCount);
        network.AddNode(-total);
        for (int g = 0; g < GroupCount; g++) AddRow(network, g);
        for (int e = 0; e < EdgeCount; e++) network.AddArc(GroupCount + e, Sink, 0, _model.Capacity(e), 0);
        for (int g = 0; g < GroupCount; g++) network.AddArc(g, Sink, 0, _model.Groups[g].Demand, _model.UnservedCost(g));
        return network.Build();
    }

    private void AddRow(FlowNetworkBuilder network, int group)
    {
        ReadOnlySpan<int> edges = _rows.Edges(group);
        ReadOnlySpan<long> costs = _rows.Costs(group);
        for (int i = 0; i < edges.Length; i++) network.AddArc(group, GroupCount + edges[i], 0, _model.Groups[group].Demand, costs[i]);
    }
}
