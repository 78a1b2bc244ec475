using TrafficDispatch.Flow;

namespace TrafficDispatch.Bench;

/// <summary>An edge of a network, as its shape shows it, and the arcs that close when it fails.</summary>
/// <param name="Node">A node that arcs from groups enter, groups being nodes which no arc enters.</param>
/// <param name="Arcs">All arcs that leave it; each has an upper bound.</param>
internal sealed record EdgeFailure(int Node, int[] Arcs)
{
    /// <summary>All edges, by node.</summary>
    public static EdgeFailure[] AllOf(FlowNetwork network)
    {
        bool[] entered = Entered(network), isEdge = new bool[network.NodeCount];
        for (int e = 0; e < network.ArcCount; e++) isEdge[network.Heads[e]] |= !entered[network.Tails[e]];
        ILookup<int, int> leaving = Leaving(network, isEdge);
        return [.. leaving.Where(arcs => arcs.All(e => network.UpperBounds[e] != FlowNetwork.Unlimited))
            .Select(static arcs => new EdgeFailure(arcs.Key, [.. arcs])).OrderBy(static edge => edge.Node)];
    }

    /// <summary>So many of them, evenly spread; all when there are fewer.</summary>
    public static EdgeFailure[] Spread(EdgeFailure[] edges, int count)
        => count >= edges.Length ? edges : [.. Enumerable.Range(0, count).Select(i => edges[(int)((long)i * edges.Length / count)])];

    /// <summary>Arcs from a group straight to where flow is demanded: what they carry is unserved.</summary>
    public static int[] OverflowArcs(FlowNetwork network)
    {
        bool[] entered = Entered(network);
        List<int> arcs = [];
        for (int e = 0; e < network.ArcCount; e++)
            if (!entered[network.Tails[e]] && network.Supplies[network.Heads[e]] < 0) arcs.Add(e);
        return [.. arcs];
    }

    /// <summary>Closes the edge's arcs in a session.</summary>
    public void Close(FlowSession session)
    {
        foreach (int arc in Arcs) session.SetBounds(arc, 0, 0);
    }

    /// <summary>Opens them again.</summary>
    public void Open(FlowSession session, FlowNetwork network)
    {
        foreach (int arc in Arcs) session.SetBounds(arc, network.LowerBounds[arc], network.UpperBounds[arc]);
    }

    private static bool[] Entered(FlowNetwork network)
    {
        bool[] entered = new bool[network.NodeCount];
        foreach (int head in network.Heads) entered[head] = true;
        return entered;
    }

    private static ILookup<int, int> Leaving(FlowNetwork network, bool[] isEdge)
    {
        List<(int Tail, int Arc)> arcs = [];
        for (int e = 0; e < network.ArcCount; e++) if (isEdge[network.Tails[e]]) arcs.Add((network.Tails[e], e));
        return arcs.ToLookup(static a => a.Tail, static a => a.Arc);
    }
}
