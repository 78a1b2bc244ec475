using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;

namespace TrafficDispatch.Core.Tests.Solve.Relays;

/// <summary>The least cost of giving every want a relay, by trying every choice; the cost is written out from the documented rule.</summary>
internal static class EdgePlacements
{
    private static readonly double[] Begins = [0, 0.6, 0.8, 0.95, 1.0];
    private static readonly long[] Permille = [1000, 1500, 3000, 8000, 100_000];

    /// <summary>Null where nothing can be placed.</summary>
    public static Int128? Least(World world, StreamAudience audience)
    {
        List<(int Edge, int Stream, int[] Relays)> wants = [];
        for (int e = 0; e < audience.Edges; e++)
        {
            foreach (int s in audience.Streams(e))
            {
                int[] relays = [.. StreamOracle.Chains(world, e, audience.Registry.Origin(s)).Select(static c => c.First).Distinct()];
                if (relays.Length > 0) wants.Add((e, s, relays));
            }
        }
        if (wants.Count == 0) return null;
        int[] chosen = new int[wants.Count];
        Int128 best = Int128.MaxValue;
        Try(0);
        return best;

        void Try(int at)
        {
            if (at == wants.Count)
            {
                best = Int128.Min(best, Cost(world, audience, wants, chosen));
                return;
            }
            foreach (int relay in wants[at].Relays)
            {
                chosen[at] = relay;
                Try(at + 1);
            }
        }
    }

    private static Int128 Cost(World world, StreamAudience audience, List<(int Edge, int Stream, int[] Relays)> wants, int[] chosen)
    {
        Int128 cost = 0;
        Dictionary<(int Edge, int Relay), long> links = [];
        long[] relays = new long[world.Relays.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            (int edge, int stream, _) = wants[i];
            long kbps = audience.Registry.Kbps(stream);
            cost += (Int128)kbps * (Weight(First(world, edge, chosen[i])) + Upstream(world, edge, chosen[i], audience.Registry.Origin(stream)));
            links[(edge, chosen[i])] = links.GetValueOrDefault((edge, chosen[i])) + kbps;
            relays[chosen[i]] += kbps;
        }
        foreach (((int edge, int relay), long load) in links)
            if (First(world, edge, relay) is { Capacity: { } room } link) cost += Steps(load, room.Value, Base(link));
        for (int r = 0; r < relays.Length; r++) cost += Steps(relays[r], world.Relays[r].Capacity.Value, 10_000);
        return cost;
    }

    private static long Upstream(World world, int edge, int relay, int origin) => StreamOracle.Chains(world, edge, origin).Where(c => c.First == relay)
        .Min(c => c.Second < 0
            ? Weight(Last(world, relay, origin))
            : Weight(StreamOracle.Mesh(world, relay, c.Second)!.Value) + Weight(Last(world, c.Second, origin)));

    private static Link First(World world, int edge, int relay) => world.Facts.EdgeRelayLinks.Single(l => (l.From, l.To) == (edge, relay));

    private static Link Last(World world, int relay, int origin) => world.Facts.RelayOriginLinks.Single(l => (l.From, l.To) == (relay, origin));

    private static long Base(Link link) => (long)Math.Round((1 + link.Loss) * link.Rtt.Value * 1000, MidpointRounding.ToEven);

    private static long Weight(Link link) => Base(link) + 2 * (long)Math.Round(link.Jitter.Value * 1000);

    private static Int128 Steps(long load, double gbps, long weight)
    {
        Int128 cost = 0;
        double capacity = gbps * 1_000_000;
        for (int k = 0; k < Begins.Length; k++)
        {
            double from = Math.Floor(Math.Round(capacity * Begins[k], 6)), to = k + 1 < Begins.Length ? Math.Floor(Math.Round(capacity * Begins[k + 1], 6)) : double.MaxValue;
            long inside = (long)Math.Max(0, Math.Min(load, to) - from);
            cost += (Int128)inside * (weight * (Permille[k] - 1000) / 1000 + (k == Begins.Length - 1 ? 10_000_000 : 0));
        }
        return cost;
    }
}
