namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// Chooses the relays that fetch a stream from its origin: each costs a copy from the origin, each saves the others a longer way. Greedy, one
/// relay after the other while it pays, with the loads of the streams chosen so far. A stream may be closed and opened anew once all others are known.
/// </summary>
/// <remarks>Weights of links and relays are kept as tables and renewed where a load changed, because they are read a hundred times a change.</remarks>
internal sealed class RootSearch
{
    /// <summary>Stands for no lawful way; far above any weight, and a hundred thousand of them still fit.</summary>
    private const long NoWay = long.MaxValue / 200_000;

    private readonly RelayLaw _law;
    private readonly RelayGraph _graph;
    private readonly long _copy;
    private readonly RelayLoads _trial;
    private readonly int _relays;

    /// <summary>Entry r · relays + p: weight of relay r's pull from relay p, the sender's own utilisation counted in.</summary>
    private readonly long[] _hop;
    private readonly bool[]?[] _mayFeed;
    private readonly Dictionary<ulong, bool[]> _allowedTo = [];
    private readonly long[] _end;

    /// <summary>Starts from what links and relays carry towards the edges, which must be loaded by now.</summary>
    public RootSearch(RelayLoads loads, RelayLaw law, long originCopyMicroseconds)
    {
        (_graph, _law, _copy) = (loads.Graph, law, originCopyMicroseconds);
        _trial = new RelayLoads(loads.Graph);
        loads.Link.CopyTo(_trial.Link, 0);
        loads.Relay.CopyTo(_trial.Relay, 0);
        _relays = loads.Relay.Length;
        (_hop, _end) = (new long[_relays * _relays], new long[_relays]);
        _mayFeed = new bool[]?[loads.Origin.Length];
        for (int p = 0; p < _relays; p++) Renew(p);
    }

    /// <summary>Takes a stream's copies off the loads again, so that it may be opened anew.</summary>
    /// <param name="copies">As <see cref="Open"/> gave them.</param>
    /// <param name="origin">The stream's origin.</param>
    /// <param name="kbps">Its bitrate.</param>
    public void Close(List<RelayCopy> copies, int origin, long kbps)
    {
        foreach (RelayCopy copy in copies) _trial.AddFeed(copy.Relay, copy.From, origin, -kbps);
        foreach (RelayCopy copy in copies)
            if (copy.From < 0) Renew(copy.Relay);
    }

    /// <summary>The copies of a stream: of the relays to open, in the order in which they were found to pay, then of those that pull from them.</summary>
    public List<RelayCopy> Open(List<TrunkMember> members, int origin, long kbps)
    {
        for (int p = 0; p < _relays; p++) _end[p] = End(p, origin);
        long[] way = new long[members.Count];
        int[] from = new int[members.Count];
        bool[][] allowed = [.. members.Select(m => AllowedTo(m.Laws))];
        Array.Fill(way, NoWay);
        List<int> roots = [];
        while (Best(members, allowed, origin, way, roots) is >= 0 and int root)
        {
            roots.Add(root);
            for (int m = 0; m < way.Length; m++)
            {
                long next = Way(members[m].Relay, allowed[m], root, origin);
                if (next < way[m]) (way[m], from[m]) = (next, root);
            }
        }
        List<RelayCopy> copies = [.. roots.Select(static r => new RelayCopy(r, -1))];
        for (int m = 0; m < way.Length; m++)
            if (way[m] < NoWay && from[m] != members[m].Relay) copies.Add(new(members[m].Relay, from[m]));
        foreach (RelayCopy copy in copies) _trial.AddFeed(copy.Relay, copy.From, origin, kbps);
        foreach (int root in roots) Renew(root);
        return copies;
    }

    /// <summary>True where a relay may pull a stream from another that fetches it from the origin, by all laws it serves.</summary>
    public bool MayPull(TrunkMember member, int root, int origin) =>
        root != member.Relay && _graph.Between(member.Relay, root) != RelayGraph.NoLink && MayFeed(origin)[member.Relay * _relays + root] && AllowedTo(member.Laws)[root];

    /// <summary>The relay whose opening saves most beyond its price; −1 where none does.</summary>
    private int Best(List<TrunkMember> members, bool[][] allowed, int origin, long[] way, List<int> roots)
    {
        (int best, long most) = (-1, 0);
        for (int p = 0; p < _relays; p++)
        {
            if (_end[p] == NoWay || roots.Contains(p)) continue;
            long saved = -_copy;
            for (int m = 0; m < way.Length; m++) saved += Math.Max(0, way[m] - Way(members[m].Relay, allowed[m], p, origin));
            if (saved > most) (best, most) = (p, saved);
        }
        return best;
    }

    /// <summary>Weight of a relay's way to the origin over an opened relay, or over none where it is that relay itself.</summary>
    private long Way(int relay, bool[] allowed, int root, int origin)
    {
        if (relay == root) return _end[root];
        int at = relay * _relays + root;
        return allowed[root] && _hop[at] < NoWay && MayFeed(origin)[at] ? _end[root] + _hop[at] : NoWay;
    }

    private long End(int relay, int origin) => _graph.ToOrigin(relay, origin) is var link and not RelayGraph.NoLink && _law.Feed(relay, -1, origin)
        ? _trial.LinkWeight(link) + _trial.OriginWeight(origin)
        : NoWay;

    /// <summary>Weighs again what a relay sends.</summary>
    private void Renew(int sender)
    {
        long own = _trial.RelayWeight(sender);
        for (int r = 0; r < _relays; r++)
        {
            int link = _graph.Between(r, sender);
            _hop[r * _relays + sender] = link == RelayGraph.NoLink ? NoWay : _trial.LinkWeight(link) + own;
        }
    }

    private bool[] MayFeed(int origin)
    {
        if (_mayFeed[origin] is { } known) return known;
        bool[] made = new bool[_relays * _relays];
        for (int i = 0; i < made.Length; i++) made[i] = _law.Feed(i / _relays, i % _relays, origin);
        return _mayFeed[origin] = made;
    }

    /// <summary>Relays that every law of a set allows; beyond 63 laws the last bit stands for all the rest.</summary>
    private bool[] AllowedTo(ulong laws)
    {
        if (_allowedTo.TryGetValue(laws, out bool[]? known)) return known;
        bool[] made = new bool[_relays];
        Array.Fill(made, true);
        for (int law = 0; law < _law.Count; law++)
        {
            if ((laws >> Math.Min(law, 63) & 1) == 0) continue;
            for (int p = 0; p < _relays; p++) made[p] &= _law.Relay(law, p);
        }
        return _allowedTo[laws] = made;
    }
}

/// <summary>A copy of a stream as the search has it.</summary>
/// <param name="Relay">The relay that gets it.</param>
/// <param name="From">The relay that it comes from; −1 for the origin.</param>
internal readonly record struct RelayCopy(int Relay, int From);
