using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>A way for a publisher's stream to an origin.</summary>
/// <param name="Origin">Ordinal of the origin.</param>
/// <param name="WeightMicroseconds">Weight of the way, the present loads of relays and origin counted in.</param>
/// <param name="RttMicroseconds">Round trip of the way.</param>
public readonly record struct IngestWay(int Origin, long WeightMicroseconds, long RttMicroseconds);

/// <summary>
/// Tells publishers which origins to send to: lawful at every hop, healthy, with room, by the weight of the way over an edge near the publisher
/// and up to two relays. Not thread-safe: it remembers what it has worked out.
/// </summary>
/// <remarks>
/// An origin in a bound jurisdiction takes streams of that jurisdiction only. An origin has room while the plan leaves it more than 5 % of what it can send: its viewers' copies, not the
/// publisher's, are its load.
/// </remarks>
public sealed class IngestPlanner
{
    /// <summary>Edges near a region that are tried; the relay network evens out the rest.</summary>
    private const int NearEdges = 8;

    private readonly World _world;
    private readonly RelayLoads _loads;
    private readonly RelayLaw _law;
    private readonly RelayPlanner _paths;
    private readonly Dictionary<(int Law, int Edge, int Origin), RelayPath?> _known = [];

    /// <summary>Prepares for a plan's loads.</summary>
    public IngestPlanner(StreamPlan plan)
    {
        (_world, _loads) = (plan.World, plan.Loads);
        _law = new RelayLaw(_world);
        _paths = new RelayPlanner(_loads, _law);
    }

    /// <summary>What an origin can still send, kbit/s, 5 % kept back; 0 where it is down or full.</summary>
    public long RoomKbps(int origin) =>
        Math.Max(0, HopWeight.BeginOf(HopWeight.Steps - 2, _loads.Graph.OriginCapacity[origin]) - _loads.Origin[origin]);

    /// <summary>Origins for a publisher in a region, best first; empty where the law, failures or a lack of room leave none.</summary>
    public IReadOnlyList<IngestWay> FromRegion(int region)
    {
        ClientRegion publisher = _world.Regions[region];
        int law = _law.RegionLaw[region];
        int[] edges = [.. Enumerable.Range(0, _world.Edges.Length)
            .Where(e => _world.Law.Allows(publisher, _world.Edges[e]) && _world.Health.Of(_world.Edges[e]).CanServe)
            .OrderBy(e => _world.Rtt[region, e].Value).ThenBy(static e => e).Take(NearEdges)];
        List<IngestWay> ways = [];
        foreach (int o in Open(publisher.Jurisdiction))
        {
            IngestWay? best = null;
            foreach (int e in edges)
            {
                if (Lightest(law, e, o) is not { } path) continue;
                long access = _world.Rtt[region, e].ToMicroseconds().Value;
                if (best is null || access + path.WeightMicroseconds < best.Value.WeightMicroseconds)
                    best = new(o, access + path.WeightMicroseconds, access + path.RttMicroseconds);
            }
            if (best is { } found) ways.Add(found);
        }
        return Ranked(ways);
    }

    /// <summary>Origins for a publisher behind an edge, best first.</summary>
    public IReadOnlyList<IngestWay> FromEdge(int edge) => Ranked(Open(_world.Edges[edge].Jurisdiction).Select(o => Lightest(_law.EdgeLaw[edge], edge, o)));

    /// <summary>Origins for a publisher behind a relay, best first.</summary>
    public IReadOnlyList<IngestWay> FromRelay(int relay) => Ranked(_loads.Graph.RelayUp[relay]
        ? Open(_world.Relays[relay].Jurisdiction).Select(o => _paths.FromRelay(relay, o).MinBy(static p => p.WeightMicroseconds))
        : []);

    /// <summary>An origin in a bound jurisdiction takes streams of that jurisdiction only: it is there for the traffic that must not leave.</summary>
    private IEnumerable<int> Open(string jurisdiction) => Enumerable.Range(0, _world.Origins.Length)
        .Where(o => !_world.Law.IsBound(_world.Origins[o].Jurisdiction) || _world.Origins[o].Jurisdiction == jurisdiction);

    /// <summary>The lightest way from an edge that the edge's law allows and the publisher's as well.</summary>
    private RelayPath? Lightest(int law, int edge, int origin)
    {
        if (_known.TryGetValue((law, edge, origin), out RelayPath? known)) return known;
        RelayPath? best = null;
        if (_law.Origin(law, origin))
        {
            best = _paths.AllFromEdge(edge, origin).Where(p => p.Relays.All(r => _law.Relay(law, r)))
                .OrderBy(static p => p.WeightMicroseconds).ThenBy(static p => p.RttMicroseconds).FirstOrDefault();
        }
        return _known[(law, edge, origin)] = best;
    }

    private List<IngestWay> Ranked(IEnumerable<RelayPath?> paths) =>
        Ranked(paths.OfType<RelayPath>().Select(static p => new IngestWay(p.Origin, p.WeightMicroseconds, p.RttMicroseconds)));

    private List<IngestWay> Ranked(IEnumerable<IngestWay> ways) =>
        [.. ways.Where(w => RoomKbps(w.Origin) > 0).OrderBy(static w => w.WeightMicroseconds).ThenBy(static w => w.Origin)];
}
