using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>What a stream plan comes to. Rates in Mbit/s, times in microseconds by viewers: every viewer counts once.</summary>
public sealed record StreamFigures
{
    /// <summary>Pairs of an edge and a stream watched there.</summary>
    public required int Wants { get; init; }

    /// <summary>Of these, how many no lawful path reaches.</summary>
    public required int Unreached { get; init; }

    /// <summary>Viewers of all pairs.</summary>
    public required long Viewers { get; init; }

    /// <summary>What leaves the origins: back-to-origin volume.</summary>
    public required Mbps FromOrigins { get; init; }

    /// <summary>What flows between relays.</summary>
    public required Mbps BetweenRelays { get; init; }

    /// <summary>What flows from relays to edges.</summary>
    public required Mbps ToEdges { get; init; }

    /// <summary>What relays, links and origins would have to send beyond what they can.</summary>
    public required Mbps Overload { get; init; }

    /// <summary>How many relays, links and origins that falls on.</summary>
    public required int Overloaded { get; init; }

    /// <summary>Mean round trip from edge to origin along the chain.</summary>
    public required Microseconds MeanRtt { get; init; }

    /// <summary>The least round trip within which 95 of 100 viewers are.</summary>
    public required Microseconds P95Rtt { get; init; }

    /// <summary>Mean weight of the chain at the plan's loads.</summary>
    public required Microseconds MeanWeight { get; init; }

    /// <summary>Weight within which 95 of 100 viewers are.</summary>
    public required Microseconds P95Weight { get; init; }

    /// <summary>Pairs by the true number of hops from edge to origin; entry 0 counts those that no path reaches.</summary>
    public required IReadOnlyList<int> ByDepth { get; init; }

    /// <summary>Streams by their longest chain; entry 0 counts watched streams that reach nobody. Streams that nobody watches are not counted.</summary>
    public required IReadOnlyList<int> StreamsByDepth { get; init; }

    /// <summary>The most hops of any chain.</summary>
    public int MaxDepth => Enumerable.Range(0, ByDepth.Count).LastOrDefault(d => ByDepth[d] > 0);

    /// <summary>Reads the figures off a plan. O(wants).</summary>
    public static StreamFigures Of(StreamPlan plan)
    {
        StreamAudience audience = plan.Audience;
        RelayLoads loads = plan.Loads;
        RelayPlanner paths = new(loads, new RelayLaw(plan.World));
        Dictionary<(int, int, int, int), (long Rtt, long Weight)> known = [];
        List<(long Value, int Viewers)> rtts = [], weights = [];
        int[] byDepth = new int[4];
        long viewers = 0;
        for (int e = 0; e < audience.Edges; e++)
        {
            for (int want = audience.Start(e); want < audience.Start(e + 1); want++)
            {
                byDepth[plan.Depth(want)]++;
                viewers += audience.ViewersOf(want);
                if (plan.First(want) < 0) continue;
                (int, int, int, int) way = (e, plan.First(want), plan.Second(want), audience.Registry.Origin(audience.StreamOf(want)));
                if (!known.TryGetValue(way, out (long Rtt, long Weight) cost))
                {
                    RelayPath path = paths.Over(way.Item1, way.Item2, way.Item3, way.Item4);
                    known.Add(way, cost = (path.RttMicroseconds, path.WeightMicroseconds));
                }
                rtts.Add((cost.Rtt, audience.ViewersOf(want)));
                weights.Add((cost.Weight, audience.ViewersOf(want)));
            }
        }
        (long overload, int overloaded) = Overloads(loads);
        (long meanRtt, long p95Rtt) = MeanAndP95(rtts);
        (long meanWeight, long p95Weight) = MeanAndP95(weights);
        long between = Between(loads), toEdges = loads.Relay.Sum() - between;
        return new()
        {
            Wants = audience.Wants,
            Unreached = byDepth[0],
            Viewers = viewers,
            FromOrigins = InMbps(loads.Origin.Sum()),
            BetweenRelays = InMbps(between),
            ToEdges = InMbps(toEdges),
            Overload = InMbps(overload),
            Overloaded = overloaded,
            MeanRtt = new(meanRtt),
            P95Rtt = new(p95Rtt),
            MeanWeight = new(meanWeight),
            P95Weight = new(p95Weight),
            ByDepth = byDepth,
            StreamsByDepth = StreamDepths(plan),
        };
    }

    private static int[] StreamDepths(StreamPlan plan)
    {
        int[] longest = new int[plan.Audience.Registry.Streams.Length], counts = new int[4];
        Array.Fill(longest, -1);
        for (int want = 0; want < plan.Audience.Wants; want++)
        {
            ref int depth = ref longest[plan.Audience.StreamOf(want)];
            depth = Math.Max(depth, plan.Depth(want));
        }
        foreach (int depth in longest)
            if (depth >= 0) counts[depth]++;
        return counts;
    }

    private static long Between(RelayLoads loads)
    {
        int from = loads.Graph.World.Facts.EdgeRelayLinks.Length;
        return loads.Link.AsSpan(from, 2 * loads.Graph.World.Facts.RelayRelayLinks.Length).ToArray().Sum();
    }

    private static (long Beyond, int Count) Overloads(RelayLoads loads)
    {
        long beyond = 0;
        int count = 0;
        RelayGraph graph = loads.Graph;
        for (int l = 0; l < loads.Link.Length; l++)
            if (graph.Capacity(l) >= 0) Count(loads.Link[l] - graph.Capacity(l));
        for (int r = 0; r < loads.Relay.Length; r++) Count(loads.Relay[r] - graph.RelayCapacity[r]);
        for (int o = 0; o < loads.Origin.Length; o++) Count(loads.Origin[o] - graph.OriginCapacity[o]);
        return (beyond, count);

        void Count(long more)
        {
            if (more <= 0) return;
            beyond += more;
            count++;
        }
    }

    private static (long Mean, long P95) MeanAndP95(List<(long Value, int Viewers)> samples)
    {
        if (samples.Count == 0) return (0, 0);
        samples.Sort(static (a, b) => a.Value.CompareTo(b.Value));
        Int128 sum = 0, total = 0;
        foreach ((long value, int viewers) in samples) (sum, total) = (sum + (Int128)value * viewers, total + viewers);
        Int128 seen = 0;
        long p95 = 0;
        foreach ((long value, int viewers) in samples)
        {
            p95 = value;
            if ((seen += viewers) * 100 >= total * 95) break;
        }
        return ((long)(sum / total), p95);
    }

    private static Mbps InMbps(long kbps) => new((kbps + 500) / 1000);
}
