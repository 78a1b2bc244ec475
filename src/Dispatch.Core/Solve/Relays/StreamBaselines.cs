namespace TrafficDispatch.Solve.Relays;

/// <summary>Plans by fixed rules, to compare with.</summary>
public static class StreamBaselines
{
    /// <summary>Every edge pulls each stream through the relay nearest to it, and that relay from the origin. O(wants · relays of an edge).</summary>
    public static StreamPlan NearestRelay(Model.World world, StreamAudience audience) => Build(world, audience, static (_, _, _, _) => -1);

    /// <summary>
    /// A two-level hierarchy: every edge pulls through its nearest relay, that one from the central relay of the stream's origin, which is the
    /// relay nearest to it, and only central relays from origins.
    /// </summary>
    public static StreamPlan Hierarchy(Model.World world, StreamAudience audience) => Build(world, audience, Central);

    /// <summary>The hierarchy with an eye on capacity; see <see cref="SpillingHierarchy"/>.</summary>
    public static StreamPlan HierarchyWithSpill(Model.World world, StreamAudience audience) => new SpillingHierarchy(world, audience).Build();

    private static StreamPlan Build(Model.World world, StreamAudience audience, Func<RelayLoads, RelayLaw, (int Law, int Relay), int, int> parentOf)
    {
        RelayLoads loads = new(new RelayGraph(world));
        RelayLaw law = new(world);
        int[] first = new int[audience.Wants], second = new int[audience.Wants];
        HashSet<StreamFeed> feeds = [];
        Dictionary<(int Edge, int Origin), (int Relay, int Link, int Parent)> chosen = [];
        for (int e = 0; e < audience.Edges; e++)
        {
            for (int want = audience.Start(e); want < audience.Start(e + 1); want++)
            {
                int stream = audience.StreamOf(want), origin = audience.Registry.Origin(stream);
                if (!chosen.TryGetValue((e, origin), out (int Relay, int Link, int Parent) way))
                    chosen.Add((e, origin), way = Nearest(loads.Graph, law, e, origin, (l, r) => parentOf(loads, law, (l, r), origin)));
                (first[want], second[want]) = (way.Relay, way.Parent);
                if (way.Relay < 0) continue;
                long kbps = audience.Registry.Kbps(stream);
                loads.AddToEdge(way.Relay, way.Link, kbps);
                AddFeed(new(stream, way.Relay, way.Parent), origin, kbps);
                if (way.Parent >= 0) AddFeed(new(stream, way.Parent, -1), origin, kbps);
            }
        }
        return new(audience, loads, first, second, [.. feeds.OrderBy(static f => f.Stream).ThenBy(static f => f.Relay).ThenBy(static f => f.Parent)]);

        void AddFeed(StreamFeed feed, int origin, long kbps)
        {
            if (feeds.Add(feed)) loads.AddFeed(feed.Relay, feed.Parent, origin, kbps);
        }
    }

    /// <summary>The nearest relay that has a lawful way by the rule; (−1, −1, −1) where none has.</summary>
    private static (int Relay, int Link, int Parent) Nearest(RelayGraph graph, RelayLaw law, int edge, int origin, Func<int, int, int> parentOf)
    {
        (int Relay, int Link, int Parent) best = (-1, -1, -1);
        foreach ((int relay, int link) in graph.FromEdge(edge))
        {
            if (best.Relay >= 0 && graph.Rtt(link) >= graph.Rtt(best.Link)) continue;
            int parent = parentOf(law.EdgeLaw[edge], relay);
            bool linked = parent >= 0 || graph.ToOrigin(relay, origin) != RelayGraph.NoLink;
            if (linked && law.Chain(law.EdgeLaw[edge], relay, parent, origin)) best = (relay, link, parent);
        }
        return best;
    }

    /// <summary>The relay nearest to the origin that the law lets this one pull from; −1 where that is the relay itself or there is none.</summary>
    private static int Central(RelayLoads loads, RelayLaw law, (int Law, int Relay) asking, int origin)
    {
        RelayGraph graph = loads.Graph;
        (int best, long rtt) = (-1, long.MaxValue);
        for (int p = 0; p < graph.RelayCapacity.Length; p++)
        {
            int end = graph.ToOrigin(p, origin);
            if (end == RelayGraph.NoLink || graph.Rtt(end) >= rtt) continue;
            bool usable = p == asking.Relay || (graph.Between(asking.Relay, p) != RelayGraph.NoLink && law.Chain(asking.Law, asking.Relay, p, origin));
            if (usable) (best, rtt) = (p, graph.Rtt(end));
        }
        return best == asking.Relay ? -1 : best;
    }
}
