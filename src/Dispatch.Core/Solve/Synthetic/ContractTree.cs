using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Synthetic;

/// <summary>From the edges to the sink: congestion steps, sites, and operators' contracts with floor, commit, overage and ceiling.</summary>
/// <remarks>
/// <code>edge ≣▶ site ─▶ contract ═▶ sink</code>
/// Convex costs are parallel arcs, cheapest first. Every bound holds what it held before (<paramref name="before"/>), and every floor lies
/// below what can be kept of that (<paramref name="kept"/>), hence a feasible flow exists.
/// </remarks>
/// <param name="edges">The edges; neighbours in the array are neighbours on the globe.</param>
/// <param name="before">Load of each edge in the previous assignment.</param>
/// <param name="kept">Load of each edge in the part of it that today's demand can keep.</param>
internal sealed class ContractTree(EdgeFleet edges, long[] before, long[] kept)
{
    private const int EdgesPerSite = 3, SitesPerOperator = 6;

    /// <summary>A unit on the last percents of a full edge costs what 6 ms cost.</summary>
    private static readonly (int UpToPercent, long Cost)[] Congestion = [(60, 0), (80, 60), (95, 200), (100, 600)];

    /// <summary>Adds sites, contracts and all arcs.</summary>
    public void Add(FlowNetworkBuilder network, int firstEdge, int sink, int seed)
    {
        SplitMix random = new(seed, RandomStream.Contracts);
        int sites = (before.Length - 1) / EdgesPerSite + 1, operators = (sites - 1) / SitesPerOperator + 1;
        int site = network.AddNodes(sites), contract = network.AddNodes(operators);
        long[] operatorBefore = new long[operators], operatorKept = new long[operators];
        for (int s = 0; s < sites; s++)
        {
            long held = 0, capacity = 0;
            int owner = random.Below(operators);
            for (int e = s * EdgesPerSite; e < Math.Min(before.Length, (s + 1) * EdgesPerSite); e++)
            {
                AddSteps(network, firstEdge + e, site + s, edges.Capacity[e]);
                (held, capacity) = (held + before[e], capacity + edges.Capacity[e]);
                operatorKept[owner] += kept[e];
            }
            operatorBefore[owner] += held;
            network.AddArc(site + s, contract + owner, 0, Math.Max(held, (long)(capacity * random.Between(0.8, 1))), 0);
        }
        for (int o = 0; o < operators; o++) AddContract(network, contract + o, sink, operatorBefore[o], operatorKept[o], random);
    }

    private static void AddSteps(FlowNetworkBuilder network, int edge, int site, long capacity)
    {
        long below = 0;
        foreach ((int upToPercent, long cost) in Congestion)
        {
            long upTo = capacity * upToPercent / 100;
            network.AddArc(edge, site, 0, upTo - below, cost);
            below = upTo;
        }
    }

    /// <summary>The commit is paid anyway, so it costs nothing, or less than nothing where the operator gives a rebate; of it a part must
    /// be used. Overage costs, up to the ceiling.</summary>
    private static void AddContract(FlowNetworkBuilder network, int contract, int sink, long before, long kept, SplitMix random)
    {
        long commit = (long)(before * random.Between(0.8, 1));
        long floor = (long)(Math.Min(commit, kept) * random.Between(0.7, 1));
        long ceiling = before + (long)(before * random.Between(0.05, 0.35)) + 1;
        long rebate = random.Uniform() < 0.25 ? 5 + random.Below(40) : 0;
        network.AddArc(contract, sink, floor, commit, -rebate);
        network.AddArc(contract, sink, 0, ceiling - commit, 40 + random.Below(300));
    }
}
