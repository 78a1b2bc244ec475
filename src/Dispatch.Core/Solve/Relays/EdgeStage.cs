namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// Gives every edge's distinct streams to relays: a transportation flow over edge × origin, priced by the whole way up to the origin.
/// </summary>
internal sealed class EdgeStage(StreamAudience audience, RelayLaw law, RelayLoads loads)
{
    /// <summary>Marks a relay that has no lawful way to an origin.</summary>
    private const long NoWay = long.MaxValue;

    private readonly Dictionary<(int Law, int Relay, int Origin), long> _upstream = [];

    /// <summary>Solves; loads links and relays towards the edges.</summary>
    /// <returns>The relay of every want, −1 where none is lawful and linked; and how it was solved.</returns>
    public (int[] First, StreamStage Stage) Solve(CancellationToken budget)
    {
        int[] first = new int[audience.Wants];
        Array.Fill(first, -1);
        BundleFlow flow = new(loads);
        List<(int Want, int Bundle, int[] Relays)> placed = [];
        for (int e = 0; e < audience.Edges; e++)
            for (int o = 0; o < loads.Origin.Length; o++) AddClass(flow, e, o, placed);
        StreamStage stage = flow.Solve(budget);
        foreach ((int want, int bundle, int[] relays) in placed) first[want] = relays[flow.Chosen(bundle)];
        return (first, stage);
    }

    private void AddClass(BundleFlow flow, int edge, int origin, List<(int, int, int[])> placed)
    {
        int[]? relays = null;
        ReadOnlySpan<int> streams = audience.Streams(edge);
        for (int i = 0; i < streams.Length; i++)
        {
            if (audience.Registry.Origin(streams[i]) != origin) continue;
            relays ??= Open(flow, edge, origin);
            if (relays.Length == 0) return;
            placed.Add((audience.Start(edge) + i, flow.AddBundle(audience.Registry.Kbps(streams[i])), relays));
        }
    }

    /// <summary>Starts the class of an edge's streams of one origin; the relays that may serve it.</summary>
    private int[] Open(BundleFlow flow, int edge, int origin)
    {
        RelayGraph graph = loads.Graph;
        int own = law.EdgeLaw[edge];
        List<int> relays = [];
        foreach ((int relay, int link) in graph.FromEdge(edge))
        {
            if (!law.Relay(own, relay) || Upstream(own, relay, origin) is not (< NoWay and long upstream)) continue;
            if (relays.Count == 0) flow.BeginClass();
            flow.AddTarget(link, relay, -1, graph.IdleWeight(link) + upstream);
            relays.Add(relay);
        }
        return [.. relays];
    }

    /// <summary>Weight of the lightest lawful way from a relay to an origin, idle, under the law of who asks and the relay's own.</summary>
    private long Upstream(int own, int relay, int origin)
    {
        if (_upstream.TryGetValue((own, relay, origin), out long known)) return known;
        RelayGraph graph = loads.Graph;
        long best = NoWay;
        if (graph.ToOrigin(relay, origin) is var direct and not RelayGraph.NoLink && law.Chain(own, relay, -1, origin)) best = graph.IdleWeight(direct);
        foreach ((int next, int link) in graph.FromRelay(relay))
        {
            if (graph.ToOrigin(next, origin) is not (not RelayGraph.NoLink and int end) || !law.Chain(own, relay, next, origin)) continue;
            best = Math.Min(best, graph.IdleWeight(link) + graph.IdleWeight(end));
        }
        return _upstream[(own, relay, origin)] = best;
    }
}
