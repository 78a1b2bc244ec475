namespace TrafficDispatch.Solve.Relays;

/// <summary>What every link, relay and origin of a relay network sends, in kbit/s. Not thread-safe while it is being added to.</summary>
/// <remarks>A relay is loaded by what it sends: what it takes in is never more, since a stream comes in once and goes out at least once.</remarks>
internal sealed class RelayLoads(RelayGraph graph)
{
    /// <summary>The network.</summary>
    public RelayGraph Graph { get; } = graph;

    /// <summary>By link number.</summary>
    public long[] Link { get; } = new long[graph.Links];

    /// <summary>By relay ordinal.</summary>
    public long[] Relay { get; } = new long[graph.RelayCapacity.Length];

    /// <summary>By origin ordinal.</summary>
    public long[] Origin { get; } = new long[graph.OriginCapacity.Length];

    /// <summary>Weight of a link at its load, microseconds.</summary>
    public long LinkWeight(int link) => Graph.Weight(link, Link[link]);

    /// <summary>What a relay's own utilisation adds, microseconds.</summary>
    public long RelayWeight(int relay) => Queue(Relay[relay], Graph.RelayCapacity[relay]);

    /// <summary>What an origin's own utilisation adds, microseconds.</summary>
    public long OriginWeight(int origin) => Queue(Origin[origin], Graph.OriginCapacity[origin]);

    /// <summary>Puts a copy on the link from a relay to an edge.</summary>
    public void AddToEdge(int relay, int link, long kbps)
    {
        Link[link] += kbps;
        Relay[relay] += kbps;
    }

    /// <summary>Puts a relay's own copy on its way: from another relay, or from the origin where <paramref name="parent"/> is −1.</summary>
    public void AddFeed(int relay, int parent, int origin, long kbps)
    {
        if (parent < 0)
        {
            Link[Graph.ToOrigin(relay, origin)] += kbps;
            Origin[origin] += kbps;
        }
        else
        {
            Link[Graph.Between(relay, parent)] += kbps;
            Relay[parent] += kbps;
        }
    }

    private static long Queue(long load, long capacity) => HopWeight.NodeMicroseconds * (HopWeight.FactorAt(load, capacity) - 1000) / 1000;
}
