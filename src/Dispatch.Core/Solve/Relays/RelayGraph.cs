using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>The relay network of a world as adjacency: who pulls from whom over which link. Failed and drained nodes have none.</summary>
/// <remarks>
/// Links are numbered by the direction in which streams flow: relay → edge, then relay → relay (two numbers a link, since a link carries its
/// capacity each way), then origin → relay. Immutable and thread-safe. O(links + relays²) to build.
/// </remarks>
internal sealed class RelayGraph
{
    /// <summary>Marks a pair of nodes without a link.</summary>
    public const int NoLink = -1;

    private readonly (int Relay, int Link)[][] _fromEdge;
    private readonly (int Relay, int Link)[][] _fromRelay;
    private readonly int[,] _between;
    private readonly int[,] _toOrigin;
    private readonly long[] _base, _jitter, _rtt, _capacity;

    public RelayGraph(World world)
    {
        World = world;
        WorldFacts facts = world.Facts;
        int pairs = facts.EdgeRelayLinks.Length, mesh = facts.RelayRelayLinks.Length;
        Links = pairs + 2 * mesh + facts.RelayOriginLinks.Length;
        (_base, _jitter, _rtt, _capacity) = (new long[Links], new long[Links], new long[Links], new long[Links]);
        RelayCapacity = [.. world.Relays.Select(r => Usable(r.Capacity, world.Health.Of(r)))];
        OriginCapacity = [.. world.Origins.Select(o => Usable(o.Capacity, world.Health.Of(o)))];
        RelayUp = [.. world.Relays.Select(r => world.Health.Of(r).CanServe)];
        OriginUp = [.. world.Origins.Select(o => world.Health.Of(o).CanServe)];
        _between = Filled(world.Relays.Length, world.Relays.Length);
        _toOrigin = Filled(world.Relays.Length, world.Origins.Length);
        List<(int, int)>[] edges = Lists(world.Edges.Length), relays = Lists(world.Relays.Length);
        for (int i = 0; i < pairs; i++)
        {
            Link l = facts.EdgeRelayLinks[i];
            Note(i, l);
            if (RelayUp[l.To]) edges[l.From].Add((l.To, i));
        }
        for (int i = 0; i < mesh; i++) AddMesh(facts.RelayRelayLinks[i], pairs + 2 * i, relays);
        for (int i = 0; i < facts.RelayOriginLinks.Length; i++)
        {
            Link l = facts.RelayOriginLinks[i];
            Note(pairs + 2 * mesh + i, l);
            if (RelayUp[l.From] && OriginUp[l.To]) _toOrigin[l.From, l.To] = pairs + 2 * mesh + i;
        }
        _fromEdge = [.. edges.Select(static l => l.ToArray())];
        _fromRelay = [.. relays.Select(static l => l.ToArray())];
    }

    public World World { get; }

    /// <summary>Number of links, each direction between relays for itself.</summary>
    public int Links { get; }

    /// <summary>What each relay can send, kbit/s, its health counted in.</summary>
    public long[] RelayCapacity { get; }

    /// <summary>What each origin can send, kbit/s, its health counted in.</summary>
    public long[] OriginCapacity { get; }

    /// <summary>Which relays may serve.</summary>
    public bool[] RelayUp { get; }

    /// <summary>Which origins may serve.</summary>
    public bool[] OriginUp { get; }

    /// <summary>Relays next to an edge, with the link from there.</summary>
    public ReadOnlySpan<(int Relay, int Link)> FromEdge(int edge) => _fromEdge[edge];

    /// <summary>Relays next to a relay, with the link from there.</summary>
    public ReadOnlySpan<(int Relay, int Link)> FromRelay(int relay) => _fromRelay[relay];

    /// <summary>The link over which a relay pulls from another, or <see cref="NoLink"/>.</summary>
    public int Between(int relay, int from) => _between[relay, from];

    /// <summary>The link over which a relay pulls from an origin, or <see cref="NoLink"/>.</summary>
    public int ToOrigin(int relay, int origin) => _toOrigin[relay, origin];

    /// <summary>Round trip of a link, microseconds.</summary>
    public long Rtt(int link) => _rtt[link];

    /// <summary>The part of a link's weight that utilisation multiplies, microseconds.</summary>
    public long Base(int link) => _base[link];

    /// <summary>Weight of an idle link, microseconds.</summary>
    public long IdleWeight(int link) => _base[link] + _jitter[link];

    /// <summary>What a link can carry, kbit/s; −1 where nobody says.</summary>
    public long Capacity(int link) => _capacity[link];

    /// <summary>Weight of a link at a load, microseconds.</summary>
    public long Weight(int link, long load) => _base[link] * HopWeight.FactorAt(load, _capacity[link]) / 1000 + _jitter[link];

    private void AddMesh(Link link, int number, List<(int, int)>[] relays)
    {
        Note(number, link);
        Note(number + 1, link);
        if (!RelayUp[link.From] || !RelayUp[link.To]) return;
        relays[link.From].Add((link.To, number));
        relays[link.To].Add((link.From, number + 1));
        (_between[link.From, link.To], _between[link.To, link.From]) = (number, number + 1);
    }

    private void Note(int number, Link link)
    {
        _base[number] = HopWeight.Base(link);
        _jitter[number] = HopWeight.Jitter(link);
        _rtt[number] = link.Rtt.ToMicroseconds().Value;
        _capacity[number] = link.Capacity is { } room ? Kilobits(room.Value) : -1;
    }

    private static long Usable(Gbps capacity, NodeHealth health) => health.CanServe ? Kilobits(capacity.Value * health.Factor) : 0;

    private static long Kilobits(double gbps) => checked((long)Math.Round(gbps * 1_000_000.0, MidpointRounding.ToEven));

    private static int[,] Filled(int rows, int columns)
    {
        int[,] filled = new int[rows, columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) filled[i, j] = NoLink;
        return filled;
    }

    private static List<(int, int)>[] Lists(int count) => [.. Enumerable.Range(0, count).Select(static _ => new List<(int, int)>())];
}
