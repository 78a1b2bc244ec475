using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// Upstream paths for every node that may ask for a live stream: at most three hops (asking node → relay → relay → origin), up to three
/// ranked paths for each origin, failing apart where the graph and the law allow it.
/// </summary>
/// <remarks>
/// Three paths because paths degrade faster than a controller can update them (LiveNet, SIGCOMM'22 §4.2). Every node on a path binds all
/// nodes upstream of it by the law of its own jurisdiction, which fails closed: a relay that stands under a binding law neither fetches
/// from abroad for others nor would its own question be answered otherwise. Round trip is the weight; link load is not counted here.
/// </remarks>
public sealed class RelayPlanner
{
    private readonly RelayGraph _graph;
    private readonly int[] _domainOfRelay;

    /// <summary>Prepares the relay network of a world.</summary>
    public RelayPlanner(World world)
    {
        _graph = new RelayGraph(world);
        Dictionary<string, int> domains = new(StringComparer.Ordinal);
        _domainOfRelay = new int[world.Relays.Length];
        for (int r = 0; r < _domainOfRelay.Length; r++)
        {
            domains.TryAdd(world.Relays[r].FaultDomain, domains.Count);
            _domainOfRelay[r] = domains[world.Relays[r].FaultDomain];
        }
    }

    /// <summary>Paths from an edge to an origin, best first; empty where law, failures or the graph leave none.</summary>
    public ImmutableArray<RelayPath> FromEdge(int edge, int origin)
    {
        string law = _graph.World.Edges[edge].Jurisdiction;
        if (!MayUse(law, origin)) return [];
        List<RelayPath> found = [];
        foreach ((int relay, long rtt) in _graph.FromEdge(edge))
            if (MayUseRelay(law, relay)) Continue(law, relay, rtt, origin, found);
        return Rank(found);
    }

    /// <summary>Paths from a relay to an origin, best first; the direct link is one of them where it exists.</summary>
    public ImmutableArray<RelayPath> FromRelay(int relay, int origin)
    {
        string law = _graph.World.Relays[relay].Jurisdiction;
        if (!MayUse(law, origin)) return [];
        List<RelayPath> found = [];
        if (_graph.ToOrigin(relay, origin) is var direct and not RelayGraph.NoLink) found.Add(new([], origin, [direct], false));
        foreach ((int next, long rtt) in _graph.FromRelay(relay))
            if (MayUseRelay(law, next)) Continue(law, next, rtt, origin, found, avoid: relay);
        return Rank(found);
    }

    /// <summary>Adds the ways from the first relay straight to the origin and over one more relay.</summary>
    private void Continue(string law, int first, long firstRtt, int origin, List<RelayPath> found, int avoid = -1)
    {
        string firstLaw = _graph.World.Relays[first].Jurisdiction;
        if (!MayUse(firstLaw, origin)) return;
        if (_graph.ToOrigin(first, origin) is var direct and not RelayGraph.NoLink) found.Add(new([first], origin, [firstRtt, direct], false));
        foreach ((int next, long rtt) in _graph.FromRelay(first))
        {
            bool lawful = MayUseRelay(law, next) && MayUseRelay(firstLaw, next) && MayUse(_graph.World.Relays[next].Jurisdiction, origin);
            if (next == avoid || !lawful) continue;
            if (_graph.ToOrigin(next, origin) is var end and not RelayGraph.NoLink)
                found.Add(new([first, next], origin, [firstRtt, rtt, end], false));
        }
    }

    /// <summary>The best disjoint set first, by round trip; then the shortest others until there are three.</summary>
    private ImmutableArray<RelayPath> Rank(List<RelayPath> found)
    {
        RelayPath[] sorted = [.. found.OrderBy(static p => p.RttMicroseconds).ThenBy(static p => p.Relays.Length).ThenBy(Key, StringComparer.Ordinal)];
        int[] disjoint = DisjointPaths.Choose([.. sorted.Select(AsCandidate)]);
        List<RelayPath> ranked = [.. disjoint.Select(i => sorted[i] with { IsDisjoint = true })];
        for (int i = 0; i < sorted.Length && ranked.Count < DisjointPaths.Wanted; i++)
            if (!disjoint.Contains(i)) ranked.Add(sorted[i]);
        return [.. ranked];
    }

    private DisjointPaths.Candidate AsCandidate(RelayPath path) => new(
        path.RttMicroseconds,
        path.Relays.Length > 0 ? _domainOfRelay[path.Relays[0]] : -1,
        path.Relays.Length > 1 ? _domainOfRelay[path.Relays[1]] : -1);

    private string Key(RelayPath path) => string.Join('\n', path.Relays.Select(r => _graph.World.Relays[r].Id));

    // Health is not asked here: the graph has no link to or from a node that is out.
    private bool MayUse(string law, int origin) =>
        _graph.World.Law.Allows(law, NodeKind.Origin, _graph.World.Origins[origin].Jurisdiction);

    private bool MayUseRelay(string law, int relay) =>
        _graph.World.Law.Allows(law, NodeKind.Relay, _graph.World.Relays[relay].Jurisdiction);
}
