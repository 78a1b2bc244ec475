namespace TrafficDispatch.Table;

/// <summary>Ranks upstream paths. Invariant: it only ever answers with stored paths, so what the builder kept out of them stays out.</summary>
internal sealed class PathDecider
{
    /// <summary>Paths stored per asking node and origin, and paths in an answer.</summary>
    public const int MaxPaths = 3;

    private readonly TableContent _content;
    private readonly int[] _relayDomain;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _originOfStream;

    public PathDecider(TableContent content)
    {
        _content = content;
        Dictionary<string, int> domains = new(StringComparer.Ordinal), streams = new(content.Streams.Length, StringComparer.Ordinal);
        _relayDomain = new int[content.Relays.Length];
        for (int r = 0; r < _relayDomain.Length; r++)
        {
            string domain = content.Relays[r].FaultDomain;
            if (!domains.TryGetValue(domain, out _relayDomain[r])) domains.Add(domain, _relayDomain[r] = domains.Count);
        }
        foreach (TableStream stream in content.Streams) streams.Add(stream.Key, stream.Origin);
        _originOfStream = streams.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public RouteDecision Route(in PathRequest request, Span<RankedPath> ranked)
    {
        int origin = _originOfStream.TryGetValue(request.StreamKey, out int registered) ? registered : -1;
        (int from, int end) = Stored(request.Node, origin);
        Span<RankedPath> room = ranked[..Math.Min(ranked.Length, MaxPaths)];
        int count = origin >= 0 ? TakeInOrder(from, end, request, room) : TakeNearest(from, end, request, room);
        DecisionReason found = origin >= 0 ? DecisionReason.StreamOrigin : DecisionReason.NearestOrigin;
        return new RouteDecision
        {
            Reason = count > 0 ? found : DecisionReason.NoPath,
            Count = count,
            Node = request.Node,
            StreamOrigin = origin,
            Planned = end - from,
            TtlSeconds = _content.RouteTtlSeconds,
        };
    }

    public UpstreamPath Path(int path)
    {
        int start = _content.Paths.HopStart[path], length = _content.Paths.HopStart[path + 1] - start;
        return new(_content.Paths.HopNode.AsSpan(start, length), _content.Paths.HopRttMicroseconds.AsSpan(start, length));
    }

    /// <summary>The paths of a node to one origin, or to all of them where the origin is −1: rows of one node are neighbours.</summary>
    private (int From, int End) Stored(int node, int origin)
    {
        if (_content.Paths.Start.IsEmpty) return (0, 0);
        int origins = _content.Origins.Length, row = node * origins;
        return origin >= 0
            ? (_content.Paths.Start[row + origin], _content.Paths.Start[row + origin + 1])
            : (_content.Paths.Start[row], _content.Paths.Start[row + origins]);
    }

    private int TakeInOrder(int from, int end, in PathRequest request, Span<RankedPath> ranked)
    {
        int count = 0;
        for (int path = from; path < end && count < ranked.Length; path++)
        {
            if (!IsUsable(path, request)) continue;
            ranked[count] = new(path, IsDisjoint(path, ranked[..count]));
            count++;
        }
        return count;
    }

    /// <summary>The nearest path first, then again and again the nearest of those that share nothing with the ones taken, else the nearest.</summary>
    private int TakeNearest(int from, int end, in PathRequest request, Span<RankedPath> ranked)
    {
        int count = 0;
        while (count < ranked.Length)
        {
            RankedPath best = new(-1, false);
            uint bestRtt = uint.MaxValue;
            for (int path = from; path < end; path++)
            {
                if (IsTaken(path, ranked[..count]) || IsReserved(path, request.Node) || !IsUsable(path, request)) continue;
                RankedPath next = new(path, IsDisjoint(path, ranked[..count]));
                uint rtt = Path(path).RttMicroseconds;
                bool better = next.IsDisjoint != best.IsDisjoint ? next.IsDisjoint : rtt < bestRtt;
                if (best.Path < 0 || better) (best, bestRtt) = (next, rtt);
            }
            if (best.Path < 0) break;
            ranked[count++] = best;
        }
        return count;
    }

    /// <summary>True where the path ends at an origin that keeps its unregistered streams inside a jurisdiction other than the asking node's.</summary>
    private bool IsReserved(int path, int node)
    {
        TableOrigin origin = _content.Origins[Path(path).Origin];
        if (!origin.IsReserved) return false;
        int relay = node - _content.Edges.Length;
        string asking = relay < 0 ? _content.Edges[node].Jurisdiction : _content.Relays[relay].Jurisdiction;
        return !string.Equals(asking, origin.Jurisdiction, StringComparison.Ordinal);
    }

    private static bool IsTaken(int path, ReadOnlySpan<RankedPath> taken)
    {
        foreach (RankedPath t in taken)
        {
            if (t.Path == path) return true;
        }
        return false;
    }

    private bool IsUsable(int path, in PathRequest request)
    {
        UpstreamPath candidate = Path(path);
        int firstRelay = _content.Edges.Length, firstOrigin = firstRelay + _content.Relays.Length;
        if (IsOut(firstOrigin + candidate.Origin, request)) return false;
        foreach (ushort relay in candidate.Relays)
        {
            if (IsOut(firstRelay + relay, request)) return false;
        }
        return true;
    }

    private static bool IsOut(int node, in PathRequest request) =>
        request.Excluded.Contains(node) || (node >> 6 < request.Down.Length && (request.Down[node >> 6] >> (node & 63) & 1) != 0);

    private bool IsDisjoint(int path, ReadOnlySpan<RankedPath> before)
    {
        foreach (RankedPath other in before)
        {
            if (SharesDomain(Path(path).Relays, Path(other.Path).Relays)) return false;
        }
        return true;
    }

    /// <summary>True where the paths share a relay or a relay's fault domain; the former implies the latter.</summary>
    private bool SharesDomain(ReadOnlySpan<ushort> relays, ReadOnlySpan<ushort> others)
    {
        foreach (ushort relay in relays)
        {
            foreach (ushort other in others)
            {
                if (_relayDomain[relay] == _relayDomain[other]) return true;
            }
        }
        return false;
    }
}
