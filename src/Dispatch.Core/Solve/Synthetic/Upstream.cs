using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Synthetic;

/// <summary>What lies behind the edges of a layered network.</summary>
/// <remarks>
/// <code>edge ─▶ edge out ─▶ relay in ─▶ relay out ─▶ origin ─▶ sink</code>
/// Every arrow has a capacity: what an edge or relay lets through is the arc between its two nodes. An edge has links to its six nearest
/// relays, a relay to its eight nearest origins, nearer ones wider; the links of a node hold together 1.6 times what the node does, so
/// that each is a bottleneck now and then. Relays and origins are sized by what leads to them, with an error of their own.
/// </remarks>
internal sealed class Upstream(SyntheticSize size, Metros metros, EdgeFleet edges, FlowNetworkBuilder network, int seed)
{
    private const int LinksPerEdge = 6, LinksPerRelay = 8;
    private readonly GlobePoint[] _relays = metros.Machines(new SplitMix(seed, RandomStream.Relays), size.Relays, remote: 0.1);
    private readonly GlobePoint[] _origins = metros.Machines(new SplitMix(seed, RandomStream.Origins), size.Origins, remote: 0.1);
    private readonly SplitMix _random = new(seed, RandomStream.Links);

    /// <summary>Arcs that <see cref="Add"/> adds.</summary>
    public static int ArcCount(SyntheticSize size) =>
        size.Edges * (1 + Math.Min(LinksPerEdge, size.Relays)) + size.Relays * (1 + Math.Min(LinksPerRelay, size.Origins)) + size.Origins;

    /// <summary>Nodes that <see cref="Add"/> adds.</summary>
    public static int NodeCount(SyntheticSize size) => size.Edges + 2 * size.Relays + size.Origins;

    /// <summary>Adds nodes and arcs between the edges and the sink.</summary>
    public void Add(int firstEdge, int sink)
    {
        int edgeOut = network.AddNodes(size.Edges), relayIn = network.AddNodes(size.Relays), relayOut = network.AddNodes(size.Relays);
        int origin = network.AddNodes(size.Origins);
        for (int e = 0; e < size.Edges; e++) network.AddArc(firstEdge + e, edgeOut + e, 0, edges.Capacity[e], 0);
        double[] towardsRelay = new double[size.Relays], towardsOrigin = new double[size.Origins];
        AddLinks(new Layer(edges.Places, edges.Capacity, edgeOut), new Target(_relays, relayIn, towardsRelay), new LinkRule(LinksPerEdge, 1.6, 0.6, 60));
        long[] relayCapacity = AddRelays(relayIn, relayOut, towardsRelay);
        AddLinks(new Layer(_relays, relayCapacity, relayOut), new Target(_origins, origin, towardsOrigin), new LinkRule(LinksPerRelay, 1.6, 0.3, 40));
        double scale = 1.08 * edges.Capacity.Sum() / towardsOrigin.Sum();
        for (int o = 0; o < size.Origins; o++)
            network.AddArc(origin + o, sink, 0, 1 + (long)(towardsOrigin[o] * scale * _random.Skewed(3)), _random.Below(200));
    }

    /// <summary>A relay holds what its links would bring if each edge filled them evenly, blended with an equal share.</summary>
    private long[] AddRelays(int relayIn, int relayOut, double[] towards)
    {
        double all = edges.Capacity.Sum(), scale = all / towards.Sum();
        long[] capacity = new long[towards.Length];
        for (int r = 0; r < capacity.Length; r++)
        {
            double wish = 1.05 * (0.8 * towards[r] * scale + 0.2 * all / capacity.Length) * _random.Skewed(3);
            capacity[r] = 50 + (long)wish;
            network.AddArc(relayIn + r, relayOut + r, 0, capacity[r], 5 + _random.Below(30));
        }
        return capacity;
    }

    /// <summary>Links from each node of a layer to its nearest targets; their capacity is a share of the node's that falls with the rank.</summary>
    private void AddLinks(Layer from, Target to, LinkRule rule)
    {
        NearestPoints nearest = new(to.Places);
        int[] row = new int[Math.Min(rule.Count, to.Places.Length)];
        double[] share = new double[row.Length];
        for (int i = 0; i < from.Places.Length; i++)
        {
            nearest.Find(from.Places[i], row);
            for (int k = 0; k < row.Length; k++) share[k] = _random.Skewed(2) / (1 + k);
            double scale = rule.Headroom * from.Capacity[i] / share.Sum();
            for (int k = 0; k < row.Length; k++)
            {
                long capacity = 10 + (long)(share[k] * scale);
                to.Arriving[row[k]] += capacity;
                long cost = (long)(rule.LatencyFactor * from.Places[i].RoundTripHundredths(to.Places[row[k]])) + _random.Below(rule.Noise);
                network.AddArc(from.FirstNode + i, to.FirstNode + row[k], 0, capacity, cost);
            }
        }
    }

    private readonly record struct Layer(GlobePoint[] Places, long[] Capacity, int FirstNode);

    private readonly record struct Target(GlobePoint[] Places, int FirstNode, double[] Arriving);

    /// <summary>How many links a node has, what they hold together against the node, and what they cost.</summary>
    private readonly record struct LinkRule(int Count, double Headroom, double LatencyFactor, int Noise);
}
