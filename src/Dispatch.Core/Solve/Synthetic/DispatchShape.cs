using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Synthetic;

/// <summary>A network as the dispatch model makes them: today's demand against the assignment in force.</summary>
/// <remarks>
/// A candidate that served a group before has two parallel arcs: keep, up to the volume it served, and move, which costs
/// <see cref="MoveCost"/> more; other candidates have the move arc only. Sessions of some groups stick: their keep arcs have lower bounds.
/// </remarks>
internal static class DispatchShape
{
    /// <summary>What moving a unit costs: as much as 2.5 ms of round trip.</summary>
    private const long MoveCost = 250;

    private const double StickyGroups = 0.25;

    /// <summary>Makes the network.</summary>
    public static FlowNetwork Create(Clients clients, EdgeFleet edges, double drift, int seed)
    {
        Residency law = new(clients, edges, seed);
        PreviousAssignment previous = new(clients, edges, law, drift, seed);
        PeeringCaps peering = new(clients, edges, previous, seed);
        FlowNetworkBuilder network = new(clients.Count + edges.Places.Length + 1, (clients.Candidates(0).Length + 2) * clients.Count);
        foreach (long demand in clients.Demand) network.AddNode(demand);
        int firstEdge = network.AddNodes(edges.Places.Length), sink = network.AddNode(-clients.TotalDemand);
        SplitMix sticky = new(seed, RandomStream.Sticky);
        long[] before = new long[edges.Places.Length], kept = new long[edges.Places.Length];
        for (int g = 0; g < clients.Count; g++)
        {
            double sticking = sticky.Uniform() < StickyGroups ? sticky.Between(0.2, 0.8) : 0;
            AddKeepArcs(g, sticking);
            AddMoveArcs(g);
            network.AddArc(g, sink, 0, clients.Demand[g], clients.Class(g).OverflowCost);
        }
        peering.AddArcs(network);
        new ContractTree(edges, before, kept).Add(network, firstEdge, sink, seed);
        return network.Build();

        // What can be kept is cut off at today's demand, so that all lower bounds of a group fit into it.
        void AddKeepArcs(int group, double sticking)
        {
            long left = clients.Demand[group];
            foreach (PreviousAssignment.Share share in previous.Of(group))
            {
                long keep = Math.Min(left, share.Volume);
                left -= keep;
                before[share.Edge] += share.Volume;
                kept[share.Edge] += keep;
                network.AddArc(group, peering.Entry(group, share.Edge, network), (long)(keep * sticking), share.Volume, Cost(group, share.Candidate));
            }
        }

        void AddMoveArcs(int group)
        {
            ReadOnlySpan<int> candidates = clients.Candidates(group);
            for (int k = 0; k < candidates.Length; k++)
            {
                if (!law.Allows(group, candidates[k])) continue;
                network.AddArc(group, peering.Entry(group, candidates[k], network), 0, clients.Demand[group], Cost(group, k) + MoveCost);
            }
        }

        long Cost(int group, int k) => clients.LatencyCost(group, k) + edges.Price[clients.Candidates(group)[k]];
    }
}
