using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// The two-level hierarchy of someone who counts: an edge pulls through the nearest relay with room, that one from the relay next to the origin
/// with room, where it does not carry the stream already. Who finds no room anywhere takes the plain rule's way and overloads it. Used once.
/// </summary>
/// <remarks>Wants in the order of edges, then streams; nothing placed is ever moved. O(wants × relays²) at worst, where everything is full.</remarks>
internal sealed class SpillingHierarchy(World world, StreamAudience audience)
{
    private const int Origin = -1, None = -2;

    private readonly RelayGraph _graph = new(world);
    private readonly RelayLaw _law = new(world);
    private readonly Dictionary<(int Stream, int Relay), int> _parent = [];
    private RelayLoads _loads = null!;
    private int[][] _central = [];

    /// <summary>Places every want.</summary>
    public StreamPlan Build()
    {
        _loads = new RelayLoads(_graph);
        _central = [.. Enumerable.Range(0, _loads.Origin.Length).Select(o => Enumerable.Range(0, _loads.Relay.Length)
            .Where(p => _graph.ToOrigin(p, o) != RelayGraph.NoLink).OrderBy(p => _graph.Rtt(_graph.ToOrigin(p, o))).ThenBy(static p => p).ToArray())];
        int[] first = new int[audience.Wants], second = new int[audience.Wants];
        for (int e = 0; e < audience.Edges; e++)
        {
            (int Relay, int Link)[] near = [.. _graph.FromEdge(e).ToArray().OrderBy(r => _graph.Rtt(r.Link)).ThenBy(static r => r.Relay)];
            for (int want = audience.Start(e); want < audience.Start(e + 1); want++) (first[want], second[want]) = Place(e, audience.StreamOf(want), near);
        }
        StreamFeed[] feeds = [.. _parent.Select(static p => new StreamFeed(p.Key.Stream, p.Key.Relay, p.Value)).OrderBy(static f => f.Stream).ThenBy(static f => f.Relay)];
        return new(audience, _loads, first, second, [.. feeds]);
    }

    private (int First, int Second) Place(int edge, int stream, (int Relay, int Link)[] near)
    {
        int origin = audience.Registry.Origin(stream), law = _law.EdgeLaw[edge];
        long kbps = audience.Registry.Kbps(stream);
        foreach (bool strict in (bool[])[true, false])
        {
            foreach ((int relay, int link) in near)
            {
                if (strict && !(Fits(_loads.Link[link], _graph.Capacity(link), kbps) && Fits(_loads.Relay[relay], _graph.RelayCapacity[relay], kbps))) continue;
                int parent = ParentOf(law, stream, relay, origin, kbps, strict);
                if (parent == None) continue;
                _loads.AddToEdge(relay, link, kbps);
                Feed(stream, relay, parent, origin, kbps);
                if (parent >= 0) Feed(stream, parent, Origin, origin, kbps);
                return (relay, parent);
            }
        }
        return (-1, -1);
    }

    /// <summary>Where the relay has the stream from, or would get it: the relay nearest to the origin that fits; none where nothing does.</summary>
    private int ParentOf(int law, int stream, int relay, int origin, long kbps, bool strict)
    {
        if (_parent.TryGetValue((stream, relay), out int known)) return _law.Chain(law, relay, known, origin) ? known : None;
        foreach (int p in _central[origin])
        {
            bool carries = _parent.TryGetValue((stream, p), out int from), isSelf = p == relay;
            // A relay that itself pulls from another would make the chain too long.
            if ((carries && from != Origin) || !_law.Chain(law, relay, isSelf ? Origin : p, origin)) continue;
            if (!isSelf && _graph.Between(relay, p) == RelayGraph.NoLink) continue;
            if (!strict || ((carries || OriginFits(p, origin, kbps)) && (isSelf || HopFits(relay, p, kbps)))) return isSelf ? Origin : p;
        }
        return None;
    }

    private bool OriginFits(int relay, int origin, long kbps)
    {
        int link = _graph.ToOrigin(relay, origin);
        return Fits(_loads.Link[link], _graph.Capacity(link), kbps) && Fits(_loads.Origin[origin], _graph.OriginCapacity[origin], kbps);
    }

    private bool HopFits(int relay, int from, long kbps)
    {
        int link = _graph.Between(relay, from);
        return Fits(_loads.Link[link], _graph.Capacity(link), kbps) && Fits(_loads.Relay[from], _graph.RelayCapacity[from], kbps);
    }

    private void Feed(int stream, int relay, int parent, int origin, long kbps)
    {
        if (_parent.TryAdd((stream, relay), parent)) _loads.AddFeed(relay, parent, origin, kbps);
    }

    private static bool Fits(long load, long capacity, long kbps) => capacity < 0 || load + kbps <= capacity;
}
