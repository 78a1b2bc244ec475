using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// Upstream paths for every node that may ask for a live stream: at most three hops (asking node → relay → relay → origin), up to three
/// ranked paths for each origin, failing apart where the graph and the law allow it, and one last resort.
/// </summary>
/// <remarks>
/// Three paths because paths degrade faster than a controller can update them (LiveNet, SIGCOMM'22 §4.2). Every node on a path binds all
/// nodes upstream of it by the law of its own jurisdiction, which fails closed: a relay that stands under a binding law neither fetches
/// from abroad for others nor would its own question be answered otherwise. Weights count loss, jitter and the present load.
/// </remarks>
public sealed class RelayPlanner
{
    private readonly RelayGraph _graph;
    private readonly RelayLaw _law;
    private readonly RelayLoads _loads;
    private readonly int[] _domainOfRelay;

    /// <summary>Prepares the relay network of a world that carries nothing.</summary>
    public RelayPlanner(World world)
        : this(new RelayLoads(new RelayGraph(world)), new RelayLaw(world))
    {
    }

    /// <summary>Prepares a relay network that carries a load; the loads must not change while the planner is used.</summary>
    internal RelayPlanner(RelayLoads loads, RelayLaw law)
    {
        (_graph, _loads, _law) = (loads.Graph, loads, law);
        World world = _graph.World;
        Dictionary<string, int> domains = new(StringComparer.Ordinal);
        _domainOfRelay = new int[world.Relays.Length];
        for (int r = 0; r < _domainOfRelay.Length; r++)
        {
            domains.TryAdd(world.Relays[r].FaultDomain, domains.Count);
            _domainOfRelay[r] = domains[world.Relays[r].FaultDomain];
        }
    }

    /// <summary>The up to three paths from an edge to an origin, best first; empty where law, failures or the graph leave none.</summary>
    public ImmutableArray<RelayPath> FromEdge(int edge, int origin) => Ranked(EdgePaths(edge, origin));

    /// <summary>The up to three paths from a relay to an origin, best first; the direct link is one of them where it exists.</summary>
    public ImmutableArray<RelayPath> FromRelay(int relay, int origin) => Ranked(RelayPaths(relay, origin));

    /// <summary>The way out when all of <see cref="FromEdge"/> have failed; null where no other lawful path has room.</summary>
    public RelayPath? LastResortFromEdge(int edge, int origin) => EdgePaths(edge, origin).FirstOrDefault(static p => p.IsLastResort);

    /// <summary>The ranked paths, then the last resort where there is one.</summary>
    /// <param name="edge">Ordinal of the edge.</param>
    /// <param name="origin">Ordinal of the origin.</param>
    /// <param name="used">Paths that streams use by plan, so that they are no last resort; null for none.</param>
    internal ImmutableArray<RelayPath> EdgePaths(int edge, int origin, Func<RelayPath, bool>? used = null) => Rank(AllFromEdge(edge, origin), used);

    /// <summary>The same from a relay.</summary>
    internal ImmutableArray<RelayPath> RelayPaths(int relay, int origin, Func<RelayPath, bool>? used = null)
    {
        int law = _law.RelayLawOf[relay];
        if (!_law.Origin(law, origin)) return [];
        List<RelayPath> found = [];
        if (_graph.ToOrigin(relay, origin) is var direct and not RelayGraph.NoLink) found.Add(PathOf(origin, [direct], []));
        foreach ((int next, int link) in _graph.FromRelay(relay))
            if (_law.Relay(law, next)) Continue(law, next, link, origin, found, avoid: relay);
        return Rank(found, used);
    }

    /// <summary>The one way from an edge over these relays (second −1 for none), whatever its rank. The links must be there.</summary>
    internal RelayPath Over(int edge, int first, int second, int origin)
    {
        int link = RelayGraph.NoLink;
        foreach ((int relay, int candidate) in _graph.FromEdge(edge))
            if (relay == first) link = candidate;
        return second < 0
            ? PathOf(origin, [link, _graph.ToOrigin(first, origin)], [first])
            : PathOf(origin, [link, _graph.Between(first, second), _graph.ToOrigin(second, origin)], [first, second]);
    }

    /// <summary>The one way from a relay over another (−1 for none), whatever its rank. The links must be there.</summary>
    internal RelayPath OverRelay(int relay, int parent, int origin) => parent < 0
        ? PathOf(origin, [_graph.ToOrigin(relay, origin)], [])
        : PathOf(origin, [_graph.Between(relay, parent), _graph.ToOrigin(parent, origin)], [parent]);

    /// <summary>Every lawful way from an edge to an origin, in no order.</summary>
    internal List<RelayPath> AllFromEdge(int edge, int origin)
    {
        int law = _law.EdgeLaw[edge];
        List<RelayPath> found = [];
        if (!_law.Origin(law, origin)) return found;
        foreach ((int relay, int link) in _graph.FromEdge(edge))
            if (_law.Relay(law, relay)) Continue(law, relay, link, origin, found);
        return found;
    }

    /// <summary>Adds the ways from the first relay straight to the origin and over one more relay.</summary>
    private void Continue(int law, int first, int firstLink, int origin, List<RelayPath> found, int avoid = -1)
    {
        int firstLaw = _law.RelayLawOf[first];
        if (!_law.Origin(firstLaw, origin)) return;
        if (first != avoid && _graph.ToOrigin(first, origin) is var direct and not RelayGraph.NoLink) found.Add(PathOf(origin, [firstLink, direct], [first]));
        foreach ((int next, int link) in _graph.FromRelay(first))
        {
            bool lawful = _law.Relay(law, next) && _law.Relay(firstLaw, next) && _law.Origin(_law.RelayLawOf[next], origin);
            if (next == avoid || !lawful) continue;
            if (_graph.ToOrigin(next, origin) is var end and not RelayGraph.NoLink) found.Add(PathOf(origin, [firstLink, link, end], [first, next]));
        }
    }

    private RelayPath PathOf(int origin, ReadOnlySpan<int> links, ImmutableArray<int> relays)
    {
        ImmutableArray<long>.Builder rtts = ImmutableArray.CreateBuilder<long>(links.Length);
        long weight = _loads.OriginWeight(origin);
        foreach (int link in links)
        {
            rtts.Add(_graph.Rtt(link));
            weight += _loads.LinkWeight(link);
        }
        foreach (int relay in relays) weight += _loads.RelayWeight(relay);
        return new(relays, origin, rtts.MoveToImmutable(), false) { WeightMicroseconds = weight };
    }

    /// <summary>
    /// The best disjoint set first, by weight; then the lightest others until there are three; then the lightest of the rest whose relays
    /// have room.
    /// </summary>
    private ImmutableArray<RelayPath> Rank(List<RelayPath> found, Func<RelayPath, bool>? used)
    {
        RelayPath[] sorted = [.. found.OrderBy(static p => p.WeightMicroseconds).ThenBy(static p => p.RttMicroseconds)
            .ThenBy(static p => p.Relays.Length).ThenBy(Key, StringComparer.Ordinal)];
        int[] disjoint = DisjointPaths.Choose([.. sorted.Select(AsCandidate)]);
        HashSet<int> taken = [.. disjoint];
        List<RelayPath> ranked = [.. disjoint.Select(i => sorted[i] with { IsDisjoint = true })];
        for (int i = 0; i < sorted.Length && ranked.Count < DisjointPaths.Wanted; i++)
            if (taken.Add(i)) ranked.Add(sorted[i]);
        for (int i = 0; i < sorted.Length; i++)
        {
            if (taken.Contains(i) || !HasRoom(sorted[i]) || used?.Invoke(sorted[i]) == true) continue;
            ranked.Add(sorted[i] with { IsLastResort = true });
            break;
        }
        return [.. ranked];
    }

    private static ImmutableArray<RelayPath> Ranked(ImmutableArray<RelayPath> paths) =>
        !paths.IsEmpty && paths[^1].IsLastResort ? paths[..^1] : paths;

    /// <summary>A last resort must hold when much else has failed: it goes over relays that send at most 80 % of what they can.</summary>
    private bool HasRoom(RelayPath path)
    {
        foreach (int relay in path.Relays)
            if ((Int128)_loads.Relay[relay] * 10 > (Int128)_graph.RelayCapacity[relay] * 8) return false;
        return path.Relays.Length > 0;
    }

    private DisjointPaths.Candidate AsCandidate(RelayPath path) => new(
        path.WeightMicroseconds,
        path.Relays.Length > 0 ? _domainOfRelay[path.Relays[0]] : -1,
        path.Relays.Length > 1 ? _domainOfRelay[path.Relays[1]] : -1);

    private string Key(RelayPath path) => string.Join('\n', path.Relays.Select(r => _graph.World.Relays[r].Id));
}
