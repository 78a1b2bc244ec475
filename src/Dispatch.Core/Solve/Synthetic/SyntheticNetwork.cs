using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Synthetic;

/// <summary>
/// Seeded flow networks in the shape of dispatch problems, for benchmarks and tests: client groups clustered on the globe, their nearest
/// edges as candidates, an overflow arc for each group.
/// </summary>
/// <remarks>
/// <code>one layer:  group ─▶ edge ─▶ sink
/// layered:    group ─▶ edge ─▶ relay ─▶ origin ─▶ sink
/// dispatch:   group ═▶ (network, edge) ─▶ edge ≣▶ site ─▶ contract ═▶ sink        group ─overflow─▶ sink in all</code>
/// <para>Volumes are Mbit/s; a unit costs 100 a millisecond of round trip and the edge's price. Edge capacity follows the load that an edge
/// attracts, with an error, so that at 1.25 × demand 20 to 40 % of the edges fill while others have room.</para>
/// <para>In every shape nodes 0 to Groups − 1 are the groups, which no arc enters; the next <see cref="SyntheticSize.Edges"/> nodes are the
/// edges and the one after them is the sink. The arcs out of an edge node hold its capacity: setting them to 0 fails the edge. Every
/// network is feasible. The same arguments give the same network on every machine: coordinates and volumes come from arithmetic and
/// square roots alone.</para>
/// </remarks>
public static class SyntheticNetwork
{
    /// <summary>Cost of a unit that overflows; of the lowest priority, where there are several.</summary>
    public const long OverflowCost = 1_000_000;

    /// <summary>Makes a network.</summary>
    /// <param name="size">How large.</param>
    /// <param name="shape">Which parts it has.</param>
    /// <param name="seed">Any number; another seed gives another network. Default 1.</param>
    /// <param name="capacityPerDemand">Total edge capacity ÷ total demand: 1.25 (default) for ordinary load, 1.02 near saturation, 0.9
    /// overloaded. Above 0, at most 1,000.</param>
    /// <param name="driftPercent">How far the demand of a group has moved at most since the previous assignment, in the shape
    /// <see cref="SyntheticShape.Dispatch"/>. 0 to 90, default 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size, shape, factor or drift is out of its range.</exception>
    /// <remarks>O(groups × edges) time for the nearest edges; memory 8 bytes a candidate above twice the network's own. Thread safe.</remarks>
    public static FlowNetwork Create(
        SyntheticSize size, SyntheticShape shape, int seed = 1, double capacityPerDemand = 1.25, double driftPercent = 10)
    {
        ArgumentNullException.ThrowIfNull(size);
        if (size.Fault is { } fault) throw new ArgumentOutOfRangeException(nameof(size), size, fault);
        if (capacityPerDemand is not (> 0 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(capacityPerDemand), capacityPerDemand, "must be above 0 and at most 1000");
        if (driftPercent is not (>= 0 and <= 90))
            throw new ArgumentOutOfRangeException(nameof(driftPercent), driftPercent, "must be 0 to 90");
        Metros metros = new(seed);
        EdgeFleet edges = EdgeFleet.Draw(size.Edges, metros, seed);
        TrafficClass[] classes = shape == SyntheticShape.Dispatch ? TrafficClass.ByPriority : TrafficClass.Single;
        Clients clients = new(size, classes, metros, edges.Places, seed);
        edges.Provision(clients, capacityPerDemand, seed);
        return shape switch
        {
            SyntheticShape.OneLayer => OneLayer(size, clients, edges),
            SyntheticShape.Layered => Layered(size, clients, edges, metros, seed),
            SyntheticShape.Dispatch => DispatchShape.Create(clients, edges, driftPercent / 100, seed),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "is not a shape"),
        };
    }

    private static FlowNetwork OneLayer(SyntheticSize size, Clients clients, EdgeFleet edges)
    {
        FlowNetworkBuilder network = new(size.Groups + size.Edges + 1, size.Groups * (size.Candidates + 1) + size.Edges);
        int sink = AddClients(clients, edges, network);
        for (int e = 0; e < size.Edges; e++) network.AddArc(clients.Count + e, sink, 0, edges.Capacity[e], 0);
        return network.Build();
    }

    private static FlowNetwork Layered(SyntheticSize size, Clients clients, EdgeFleet edges, Metros metros, int seed)
    {
        FlowNetworkBuilder network = new(
            size.Groups + size.Edges + 1 + Upstream.NodeCount(size), size.Groups * (size.Candidates + 1) + Upstream.ArcCount(size));
        int sink = AddClients(clients, edges, network);
        new Upstream(size, metros, edges, network, seed).Add(clients.Count, sink);
        return network.Build();
    }

    /// <summary>Groups, edges and the sink; each group's candidate arcs, nearest first, and its overflow arc.</summary>
    /// <returns>The sink.</returns>
    private static int AddClients(Clients clients, EdgeFleet edges, FlowNetworkBuilder network)
    {
        foreach (long demand in clients.Demand) network.AddNode(demand);
        int firstEdge = network.AddNodes(edges.Places.Length), sink = network.AddNode(-clients.TotalDemand);
        for (int g = 0; g < clients.Count; g++)
        {
            ReadOnlySpan<int> candidates = clients.Candidates(g);
            for (int k = 0; k < candidates.Length; k++)
            {
                int edge = candidates[k];
                network.AddArc(g, firstEdge + edge, 0, clients.Demand[g], clients.LatencyCost(g, k) + edges.Price[edge]);
            }
            network.AddArc(g, sink, 0, clients.Demand[g], clients.Class(g).OverflowCost);
        }
        return sink;
    }
}
