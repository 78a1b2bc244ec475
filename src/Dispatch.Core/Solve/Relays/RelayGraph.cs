using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>The relay network of a world as adjacency: who has a link to whom. Failed and drained nodes have none.</summary>
/// <remarks>Immutable and thread-safe. O(links) to build.</remarks>
internal sealed class RelayGraph
{
    private readonly (int Relay, long Rtt)[][] _fromEdge;
    private readonly (int Relay, long Rtt)[][] _fromRelay;
    private readonly long[,] _toOrigin;

    public RelayGraph(World world)
    {
        World = world;
        bool[] relayUp = [.. world.Relays.Select(r => world.Health.Of(r).CanServe)];
        bool[] originUp = [.. world.Origins.Select(o => world.Health.Of(o).CanServe)];
        List<(int, long)>[] edges = Lists(world.Edges.Length), relays = Lists(world.Relays.Length);
        foreach (Link l in world.Facts.EdgeRelayLinks)
            if (relayUp[l.To]) edges[l.From].Add((l.To, Rtt(l)));
        foreach (Link l in world.Facts.RelayRelayLinks)
        {
            if (!relayUp[l.From] || !relayUp[l.To]) continue;
            relays[l.From].Add((l.To, Rtt(l)));
            relays[l.To].Add((l.From, Rtt(l)));
        }
        _toOrigin = new long[world.Relays.Length, world.Origins.Length];
        for (int r = 0; r < world.Relays.Length; r++)
            for (int o = 0; o < world.Origins.Length; o++) _toOrigin[r, o] = NoLink;
        foreach (Link l in world.Facts.RelayOriginLinks)
            if (relayUp[l.From] && originUp[l.To]) _toOrigin[l.From, l.To] = Rtt(l);
        _fromEdge = [.. edges.Select(static l => l.ToArray())];
        _fromRelay = [.. relays.Select(static l => l.ToArray())];
    }

    /// <summary>Marks a pair of relay and origin without a link.</summary>
    public const long NoLink = long.MaxValue;

    public World World { get; }

    /// <summary>Relays next to an edge.</summary>
    public ReadOnlySpan<(int Relay, long Rtt)> FromEdge(int edge) => _fromEdge[edge];

    /// <summary>Relays next to a relay.</summary>
    public ReadOnlySpan<(int Relay, long Rtt)> FromRelay(int relay) => _fromRelay[relay];

    /// <summary>Round trip from a relay to an origin in microseconds, or <see cref="NoLink"/>.</summary>
    public long ToOrigin(int relay, int origin) => _toOrigin[relay, origin];

    private static long Rtt(Link link) => link.Rtt.ToMicroseconds().Value;

    private static List<(int, long)>[] Lists(int count) => [.. Enumerable.Range(0, count).Select(static _ => new List<(int, long)>())];
}
