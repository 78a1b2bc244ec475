namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// Chooses the relays that fetch a stream from its origin: each costs a copy from the origin, each saves the others a longer way. Greedy, one
/// relay after the other while it pays, with the loads of the streams chosen before.
/// </summary>
internal sealed class RootSearch
{
    /// <summary>Stands for no lawful way; far above any weight, and a hundred thousand of them still fit.</summary>
    private const long NoWay = long.MaxValue / 200_000;

    private readonly RelayLaw _law;
    private readonly RelayGraph _graph;
    private readonly RelayLoads _edgeLoads;
    private readonly long _copy;
    private readonly RelayLoads _trial;
    private bool _started;

    public RootSearch(RelayLoads loads, RelayLaw law, long originCopyMicroseconds)
    {
        (_edgeLoads, _graph, _law, _copy) = (loads, loads.Graph, law, originCopyMicroseconds);
        _trial = new RelayLoads(loads.Graph);
    }

    /// <summary>The relays to open, in the order in which they were found to pay.</summary>
    public List<int> Open(List<TrunkMember> members, int origin, long kbps)
    {
        Start();
        long[] way = new long[members.Count];
        int[] from = new int[members.Count];
        Array.Fill(way, NoWay);
        List<int> roots = [];
        while (Best(members, origin, way, roots) is >= 0 and int root)
        {
            roots.Add(root);
            for (int m = 0; m < way.Length; m++)
            {
                long next = Way(members[m], root, origin);
                if (next < way[m]) (way[m], from[m]) = (next, root);
            }
        }
        foreach (int root in roots) _trial.AddFeed(root, -1, origin, kbps);
        for (int m = 0; m < way.Length; m++)
            if (way[m] < NoWay && from[m] != members[m].Relay) _trial.AddFeed(members[m].Relay, from[m], origin, kbps);
        return roots;
    }

    /// <summary>True where a relay may pull a stream from another that fetches it from the origin, by all laws it serves.</summary>
    public bool MayPull(TrunkMember member, int root, int origin)
    {
        if (root == member.Relay || _graph.Between(member.Relay, root) == RelayGraph.NoLink || !_law.Feed(member.Relay, root, origin)) return false;
        for (int law = 0; law < _law.Count; law++)
            if ((member.Laws >> Math.Min(law, 63) & 1) != 0 && !_law.Relay(law, root)) return false;
        return true;
    }

    // The search starts from what the edges load; the flow afterwards counts anew.
    private void Start()
    {
        if (_started) return;
        _started = true;
        _edgeLoads.Link.CopyTo(_trial.Link, 0);
        _edgeLoads.Relay.CopyTo(_trial.Relay, 0);
    }

    /// <summary>The relay whose opening saves most beyond its price; −1 where none does.</summary>
    private int Best(List<TrunkMember> members, int origin, long[] way, List<int> roots)
    {
        (int best, long most) = (-1, 0);
        for (int p = 0; p < _graph.RelayCapacity.Length; p++)
        {
            if (_graph.ToOrigin(p, origin) == RelayGraph.NoLink || roots.Contains(p) || !_law.Feed(p, -1, origin)) continue;
            long saved = -_copy;
            for (int m = 0; m < way.Length; m++) saved += Math.Max(0, way[m] - Way(members[m], p, origin));
            if (saved > most) (best, most) = (p, saved);
        }
        return best;
    }

    /// <summary>Weight of a relay's way to the origin over an opened relay, or over none where it is that relay itself.</summary>
    private long Way(TrunkMember member, int root, int origin)
    {
        long end = _trial.LinkWeight(_graph.ToOrigin(root, origin)) + _trial.OriginWeight(origin);
        if (member.Relay == root) return end;
        return MayPull(member, root, origin) ? end + _trial.LinkWeight(_graph.Between(member.Relay, root)) + _trial.RelayWeight(root) : NoWay;
    }
}
