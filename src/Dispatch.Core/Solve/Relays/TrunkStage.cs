using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// Brings every stream to the relays that need it: opens relays that fetch it from the origin, then lets the others pull from one of these
/// or from the origin, by a flow with what capacity the edges left.
/// </summary>
internal sealed class TrunkStage
{
    private const int NoParent = -2;

    private readonly StreamAudience _audience;
    private readonly RelayLaw _law;
    private readonly RelayLoads _loads;
    private readonly RelayGraph _graph;
    private readonly StreamPlanOptions _options;
    private readonly int[] _first;
    private readonly RootSearch _search;

    /// <summary>Of each stream, the relays that need it.</summary>
    private readonly List<TrunkMember>[] _members;
    private readonly List<int>[] _roots;

    /// <summary>The open relays of each stream, rising, as a text to compare.</summary>
    private readonly string[] _rootsKey;

    public TrunkStage(StreamAudience audience, RelayLaw law, RelayLoads loads, int[] first, StreamPlanOptions options)
    {
        (_audience, _law, _loads, _graph, _first, _options) = (audience, law, loads, loads.Graph, first, options);
        _search = new RootSearch(loads, law, options.OriginCopyMicroseconds);
        int streams = audience.Registry.Streams.Length;
        _members = new List<TrunkMember>[streams];
        _roots = new List<int>[streams];
        _rootsKey = new string[streams];
        for (int s = 0; s < streams; s++) (_members[s], _roots[s]) = ([], []);
        Gather();
    }

    /// <summary>Opens, solves, rounds.</summary>
    public StreamStage Solve(CancellationToken budget)
    {
        OpenRoots();
        BundleFlow flow = new(_loads);
        List<(int Stream, int Member, int Bundle, int[] Parents)> placed = [];
        foreach (IGrouping<(int, int, ulong, string), (int Stream, int Member)> group in Joining().GroupBy(KeyOf)) AddClass(flow, group, placed);
        StreamStage stage = flow.Solve(budget);
        foreach ((int stream, int member, int bundle, int[] parents) in placed)
            _members[stream][member] = _members[stream][member] with { Parent = parents[flow.Chosen(bundle)] };
        foreach (List<TrunkMember> members in _members) members.RemoveAll(static m => m.Parent == NoParent);
        CloseUnused();
        return stage;
    }

    /// <summary>The parent of each want's relay: the one the relay has, or one of its own where the edge's law does not allow that.</summary>
    public int[] Seconds(out int copiesForLaw)
    {
        int[] second = new int[_audience.Wants];
        copiesForLaw = 0;
        for (int e = 0; e < _audience.Edges; e++)
        {
            for (int want = _audience.Start(e); want < _audience.Start(e + 1); want++)
            {
                if (_first[want] >= 0) second[want] = SecondOf(want, _law.EdgeLaw[e], ref copiesForLaw);
            }
        }
        return second;
    }

    /// <summary>All copies, by stream, then relay, then parent.</summary>
    public ImmutableArray<StreamFeed> Feeds()
    {
        ImmutableArray<StreamFeed>.Builder feeds = ImmutableArray.CreateBuilder<StreamFeed>();
        for (int s = 0; s < _members.Length; s++)
            foreach (TrunkMember m in _members[s].OrderBy(static m => m.Relay).ThenBy(static m => m.Parent)) feeds.Add(new(s, m.Relay, m.Parent));
        return feeds.DrainToImmutable();
    }

    /// <summary>Recomputes each relay's distinct streams from what its edges ask for.</summary>
    private void Gather()
    {
        // Where each relay stands in the list of each stream, plus one.
        int[] held = new int[_members.Length * _loads.Relay.Length];
        for (int e = 0; e < _audience.Edges; e++)
        {
            ulong bit = LawBit(_law.EdgeLaw[e]);
            for (int want = _audience.Start(e); want < _audience.Start(e + 1); want++)
            {
                if (_first[want] < 0) continue;
                List<TrunkMember> members = _members[_audience.StreamOf(want)];
                ref int at = ref held[_audience.StreamOf(want) * _loads.Relay.Length + _first[want]];
                if (at > 0)
                {
                    members[at - 1] = members[at - 1] with { Laws = members[at - 1].Laws | bit };
                    continue;
                }
                members.Add(new(_first[want], bit, -1));
                at = members.Count;
            }
        }
    }

    /// <summary>Widest streams first: they gain most from a relay with room.</summary>
    private void OpenRoots()
    {
        StreamRegistry registry = _audience.Registry;
        int[] order = [.. Enumerable.Range(0, _members.Length).Where(s => _members[s].Count > 0)
            .OrderByDescending(s => registry.Kbps(s) * _members[s].Count).ThenBy(static s => s)];
        List<RelayCopy>[] copies = new List<RelayCopy>[_members.Length];
        for (int round = 0; round <= _options.ReopenRounds; round++)
        {
            foreach (int s in order)
            {
                if (round > 0) _search.Close(copies[s], registry.Origin(s), registry.Kbps(s));
                copies[s] = _search.Open(_members[s], registry.Origin(s), registry.Kbps(s));
            }
        }
        foreach (int s in order)
        {
            _roots[s] = [.. copies[s].Where(static c => c.From < 0).Select(static c => c.Relay)];
            _roots[s].Sort();
            _rootsKey[s] = new string([.. _roots[s].Select(static r => (char)r)]);
            foreach (int root in _roots[s]) _loads.AddFeed(root, -1, registry.Origin(s), registry.Kbps(s));
            // A root that nobody watches at needs a copy too, and every root's parent is the origin.
            foreach (int root in _roots[s].Where(r => !_members[s].Exists(m => m.Relay == r))) _members[s].Add(new(root, 0, -1));
        }
    }

    private IEnumerable<(int Stream, int Member)> Joining()
    {
        for (int s = 0; s < _members.Length; s++)
            for (int m = 0; m < _members[s].Count; m++)
                if (!_roots[s].Contains(_members[s][m].Relay)) yield return (s, m);
    }

    /// <summary>Copies with the same relay, origin, laws and open roots cost alike everywhere.</summary>
    private (int Relay, int Origin, ulong Laws, string Roots) KeyOf((int Stream, int Member) joining)
    {
        TrunkMember member = _members[joining.Stream][joining.Member];
        return (member.Relay, _audience.Registry.Origin(joining.Stream), member.Laws, _rootsKey[joining.Stream]);
    }

    private void AddClass(BundleFlow flow, IEnumerable<(int Stream, int Member)> group, List<(int, int, int, int[])> placed)
    {
        (int stream, int at) = group.First();
        TrunkMember member = _members[stream][at];
        int origin = _audience.Registry.Origin(stream);
        List<int> parents = [];
        if (_graph.ToOrigin(member.Relay, origin) is var direct and not RelayGraph.NoLink && _law.Feed(member.Relay, -1, origin))
            Add(direct, -1, _graph.IdleWeight(direct) + _options.OriginCopyMicroseconds);
        foreach (int root in _roots[stream])
        {
            if (!_search.MayPull(member, root, origin)) continue;
            int link = _graph.Between(member.Relay, root);
            Add(link, root, _graph.IdleWeight(link) + _graph.IdleWeight(_graph.ToOrigin(root, origin)));
        }
        int[] all = [.. parents];
        foreach ((int s, int m) in group)
        {
            // Laws that share no way at all cannot share a copy: each edge gets its own, see SecondOf.
            if (all.Length == 0) _members[s][m] = _members[s][m] with { Parent = NoParent };
            else placed.Add((s, m, flow.AddBundle(_audience.Registry.Kbps(s)), all));
        }

        void Add(int link, int parent, long cost)
        {
            if (parents.Count == 0) flow.BeginClass();
            flow.AddTarget(link, parent, origin, cost);
            parents.Add(parent);
        }
    }

    /// <summary>A relay that was opened only to feed others, and feeds none after all, is closed again.</summary>
    private void CloseUnused()
    {
        for (int s = 0; s < _members.Length; s++)
        {
            List<TrunkMember> members = _members[s];
            for (int m = members.Count - 1; m >= 0; m--)
            {
                TrunkMember member = members[m];
                if (member.Laws != 0 || members.Exists(other => other.Parent == member.Relay)) continue;
                _loads.AddFeed(member.Relay, -1, _audience.Registry.Origin(s), -_audience.Registry.Kbps(s));
                members.RemoveAt(m);
            }
        }
    }

    private int SecondOf(int want, int edgeLaw, ref int copiesForLaw)
    {
        int stream = _audience.StreamOf(want), relay = _first[want], origin = _audience.Registry.Origin(stream);
        List<TrunkMember> members = _members[stream];
        foreach (TrunkMember m in members)
            if (m.Relay == relay && _law.Chain(edgeLaw, relay, m.Parent, origin)) return m.Parent;
        int parent = LawfulParent(edgeLaw, relay, origin, members);
        copiesForLaw++;
        long kbps = _audience.Registry.Kbps(stream);
        if (parent >= 0 && !members.Exists(m => m.Relay == parent && m.Parent < 0)) AddCopy(parent, -1);
        AddCopy(relay, parent);
        return parent;

        void AddCopy(int at, int from)
        {
            members.Add(new(at, LawBit(edgeLaw), from));
            _loads.AddFeed(at, from, origin, kbps);
        }
    }

    /// <summary>The lightest parent that an edge's law allows; one that already fetches the stream from the origin counts as nearer by a copy.</summary>
    private int LawfulParent(int edgeLaw, int relay, int origin, List<TrunkMember> members)
    {
        (int best, long weight) = (-1, long.MaxValue);
        if (_graph.ToOrigin(relay, origin) is var direct and not RelayGraph.NoLink && _law.Chain(edgeLaw, relay, -1, origin))
            weight = _loads.LinkWeight(direct) + _options.OriginCopyMicroseconds;
        foreach ((int next, int link) in _graph.FromRelay(relay))
        {
            if (_graph.ToOrigin(next, origin) is not (not RelayGraph.NoLink and int end) || !_law.Chain(edgeLaw, relay, next, origin)) continue;
            bool carries = members.Exists(m => m.Relay == next && m.Parent < 0);
            long way = _loads.LinkWeight(link) + _loads.LinkWeight(end) + (carries ? 0 : _options.OriginCopyMicroseconds);
            if (way < weight) (best, weight) = (next, way);
        }
        return best;
    }

    /// <summary>One bit a law; beyond 63 laws the last bit stands for all the rest, and <see cref="RootSearch"/> asks each of them.</summary>
    private static ulong LawBit(int law) => 1UL << Math.Min(law, 63);
}

/// <summary>A relay that needs a stream.</summary>
/// <param name="Relay">Ordinal of the relay.</param>
/// <param name="Laws">The laws of the edges that it serves the stream to, a bit each; 0 where it only feeds other relays.</param>
/// <param name="Parent">The relay that it pulls from; −1 for the origin.</param>
internal readonly record struct TrunkMember(int Relay, ulong Laws, int Parent);
