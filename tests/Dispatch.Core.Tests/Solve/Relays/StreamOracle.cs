using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;

namespace TrafficDispatch.Core.Tests.Solve.Relays;

/// <summary>What a stream plan must satisfy, worked out from the facts alone: links, laws, loads. Shares no code with the planner.</summary>
internal static class StreamOracle
{
    /// <summary>Every lawful chain of at most three hops from an edge: relay, second relay or −1.</summary>
    public static IEnumerable<(int First, int Second)> Chains(World world, int edge, int origin)
    {
        foreach (Link first in world.Facts.EdgeRelayLinks.Where(l => l.From == edge))
        {
            if (IsLawful(world, edge, first.To, -1, origin) && Ends(first.To)) yield return (first.To, -1);
            for (int p = 0; p < world.Relays.Length; p++)
                if (p != first.To && Mesh(world, first.To, p) is not null && Ends(p) && IsLawful(world, edge, first.To, p, origin)) yield return (first.To, p);
        }

        bool Ends(int relay) => world.Facts.RelayOriginLinks.Any(l => l.From == relay && l.To == origin) && world.Health.Of(world.Relays[relay]).CanServe
            && world.Health.Of(world.Origins[origin]).CanServe;
    }

    /// <summary>True where every node of a chain lets every node upstream of it be touched.</summary>
    public static bool IsLawful(World world, int edge, int first, int second, int origin)
    {
        string end = world.Origins[origin].Jurisdiction;
        string[] asking = second < 0
            ? [world.Edges[edge].Jurisdiction, world.Relays[first].Jurisdiction]
            : [world.Edges[edge].Jurisdiction, world.Relays[first].Jurisdiction, world.Relays[second].Jurisdiction];
        int[] relays = second < 0 ? [first] : [first, second];
        bool lawful = true;
        for (int i = 0; i < asking.Length; i++)
        {
            lawful &= world.Law.Allows(asking[i], NodeKind.Origin, end);
            foreach (int relay in relays[i..]) lawful &= world.Law.Allows(asking[i], NodeKind.Relay, world.Relays[relay].Jurisdiction);
        }
        return lawful;
    }

    public static Link? Mesh(World world, int a, int b)
    {
        foreach (Link l in world.Facts.RelayRelayLinks)
            if ((l.From, l.To) == (a, b) || (l.From, l.To) == (b, a)) return l;
        return null;
    }

    /// <summary>Checks a plan; the first thing that is wrong, or an empty text.</summary>
    public static string Fault(StreamPlan plan)
    {
        World world = plan.World;
        StreamAudience audience = plan.Audience;
        HashSet<StreamFeed> feeds = [.. plan.Feeds], used = [];
        if (feeds.Count != plan.Feeds.Length) return "a feed is listed twice";
        for (int e = 0; e < audience.Edges; e++)
        {
            for (int i = 0; i < audience.Streams(e).Length; i++)
            {
                int want = audience.Start(e) + i, stream = audience.Streams(e)[i], origin = audience.Registry.Origin(stream);
                (int First, int Second)[] chains = [.. Chains(world, e, origin)];
                (int first, int second) = (plan.First(want), plan.Second(want));
                if (first < 0 && chains.Length > 0) return $"edge {e} does not get stream {stream}, yet {chains[0]} would do";
                if (first < 0) continue;
                if (!chains.Contains((first, second))) return $"edge {e} gets stream {stream} over {first} and {second}: no lawful chain";
                if (plan.Depth(want) != (second < 0 ? 2 : 3)) return $"edge {e}: depth {plan.Depth(want)} of ({first}, {second})";
                used.Add(new(stream, first, second));
                if (second >= 0) used.Add(new(stream, second, -1));
            }
        }
        if (!used.SetEquals(feeds)) return $"feeds {string.Join(' ', feeds)} are not those used {string.Join(' ', used)}";
        return LoadFault(plan, feeds);
    }

    /// <summary>Counts every copy once per link and compares with what the plan says it loads.</summary>
    private static string LoadFault(StreamPlan plan, HashSet<StreamFeed> feeds)
    {
        World world = plan.World;
        StreamAudience audience = plan.Audience;
        long[] relays = new long[world.Relays.Length], origins = new long[world.Origins.Length];
        Dictionary<(char Kind, int To, int From), long> links = [];
        for (int e = 0; e < audience.Edges; e++)
        {
            for (int i = 0; i < audience.Streams(e).Length; i++)
            {
                int first = plan.First(audience.Start(e) + i);
                if (first < 0) continue;
                long kbps = audience.Registry.Kbps(audience.Streams(e)[i]);
                relays[first] += kbps;
                Add('e', e, first, kbps);
            }
        }
        foreach (StreamFeed feed in feeds)
        {
            long kbps = audience.Registry.Kbps(feed.Stream);
            int origin = audience.Registry.Origin(feed.Stream);
            if (feed.Parent >= 0) relays[feed.Parent] += kbps;
            else origins[origin] += kbps;
            Add(feed.Parent >= 0 ? 'm' : 'o', feed.Relay, feed.Parent >= 0 ? feed.Parent : origin, kbps);
        }
        long beyond = 0;
        for (int r = 0; r < relays.Length; r++) beyond += Math.Max(0, relays[r] - (long)Math.Round(world.Relays[r].Capacity.Value * 1_000_000));
        for (int o = 0; o < origins.Length; o++) beyond += Math.Max(0, origins[o] - (long)Math.Round(world.Origins[o].Capacity.Value * 1_000_000));
        foreach (((char kind, int to, int from), long load) in links)
            if (LinkOf(kind, to, from).Capacity is { } room) beyond += Math.Max(0, load - (long)Math.Round(room.Value * 1_000_000));
        StreamFigures figures = StreamFigures.Of(plan);
        if (figures.Overload.Value != (beyond + 500) / 1000) return $"beyond capacity are {beyond} kbit/s, the plan says {figures.Overload.Value} Mbit/s";
        if (figures.FromOrigins.Value != (origins.Sum() + 500) / 1000) return $"origins send {origins.Sum()} kbit/s, the plan says {figures.FromOrigins.Value} Mbit/s";
        return "";

        void Add(char kind, int to, int from, long kbps) => links[(kind, to, from)] = links.GetValueOrDefault((kind, to, from)) + kbps;

        Link LinkOf(char kind, int to, int from) => kind switch
        {
            'e' => world.Facts.EdgeRelayLinks.Single(l => (l.From, l.To) == (to, from)),
            'm' => Mesh(world, to, from)!.Value,
            _ => world.Facts.RelayOriginLinks.Single(l => (l.From, l.To) == (to, from)),
        };
    }
}
