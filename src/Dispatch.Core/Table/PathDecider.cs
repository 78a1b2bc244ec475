namespace TrafficDispatch.Table;

/// <summary>Ranks upstream paths. Invariant: it only ever answers with stored paths, so what the builder kept out of them stays out.</summary>
internal sealed partial class PathDecider
{
    /// <summary>Ranked paths stored per asking node and origin, and paths in an answer.</summary>
    public const int MaxPaths = 3;

    /// <summary>Hops from the asking node to the origin beyond which a chain is not joined while anything shorter is left.</summary>
    public const int MaxDepth = 3;

    private readonly TableContent _content;
    private readonly StreamIndex _streams;
    private readonly int[] _relayDomain;

    public PathDecider(TableContent content)
    {
        _content = content;
        _streams = new StreamIndex(content);
        Dictionary<string, int> domains = new(StringComparer.Ordinal);
        _relayDomain = new int[content.Relays.Length];
        for (int r = 0; r < _relayDomain.Length; r++)
        {
            string domain = content.Relays[r].FaultDomain;
            if (!domains.TryGetValue(domain, out _relayDomain[r])) domains.Add(domain, _relayDomain[r] = domains.Count);
        }
    }

    public RouteDecision Route(in PathRequest request, Span<RankedPath> ranked)
    {
        int stream = _streams.Find(request.StreamKey);
        int origin = stream >= 0 ? _content.Streams[stream].Origin : -1;
        // Newer word of where, or that it is still on air: what the table has of it no longer holds.
        bool isOutdated = request.OriginNumber > 0 && (request.OriginNumber - 1 != origin || _streams.HasExpired(stream, request.NowUnixMilliseconds));
        if (isOutdated) (stream, origin) = (-1, request.OriginNumber - 1);
        (int from, int end) = Stored(request.Node, origin);
        RouteDecision decision = new()
        {
            Reason = DecisionReason.NoPath,
            Count = 0,
            Node = request.Node,
            StreamOrigin = origin,
            Planned = Count(from, end, PathKind.Ranked),
            TtlSeconds = _streams.Ttl(stream, request.NowUnixMilliseconds, _content.RouteTtlSeconds),
            Stream = stream,
        };
        if (_streams.HasExpired(stream, request.NowUnixMilliseconds)) return decision with { Reason = DecisionReason.StreamExpired };
        Span<RankedPath> room = ranked[..Math.Min(ranked.Length, MaxPaths)];
        Screen screen = new(this, request, isRegistered: origin >= 0);
        (int count, int tooDeep) = Rank(from, end, stream, screen, -1, room);
        (int kept, KeptPath fate) = Kept(from, end, stream, screen, room[..count]);
        if (fate == KeptPath.Kept) (count, tooDeep) = Rank(from, end, stream, screen, kept, room);
        RankedPath? lastResort = LastResort(from, end, stream, screen, room[..count]);
        decision = decision with { TooDeep = tooDeep, Kept = fate, Avoided = CountAvoided(from, end, screen) };
        DecisionReason found = origin >= 0 ? DecisionReason.StreamOrigin : DecisionReason.NearestOrigin;
        if (count > 0) return Marked(decision with { Reason = found, Count = count, LastResort = lastResort }, screen, room);
        if ((lastResort ?? AmongAvoided(from, end, stream, screen, room)) is not { } only) return decision;
        room[0] = only;
        return Marked(decision with { Reason = DecisionReason.LastResort, Count = 1, IsAvoidedToo = lastResort is null }, screen, room);
    }

    private (int Count, int TooDeep) Rank(int from, int end, int stream, in Screen screen, int first, Span<RankedPath> room)
    {
        int tooDeep = 0;
        int count = screen.IsRegistered
            ? TakeInOrder(from, end, stream, screen, first, room, out tooDeep)
            : TakeNearest(from, end, screen, first, room);
        return (count, tooDeep);
    }

    public int StreamOrdinal(ReadOnlySpan<char> key) => _streams.Find(key);

    public UpstreamPath Path(int path)
    {
        PathRows rows = _content.Paths;
        int start = rows.HopStart[path], length = rows.HopStart[path + 1] - start;
        uint? weight = rows.WeightMicroseconds.IsEmpty ? null : rows.WeightMicroseconds[path];
        return new(rows.HopNode.AsSpan(start, length), rows.HopRttMicroseconds.AsSpan(start, length), weight);
    }

    private PathKind Kind(int path) => _content.Paths.Kind.IsEmpty ? PathKind.Ranked : _content.Paths.Kind[path];

    private int Count(int from, int end, PathKind kind)
    {
        int count = 0;
        for (int path = from; path < end; path++) count += Kind(path) == kind ? 1 : 0;
        return count;
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

    /// <summary>
    /// The path that is kept, the path that the plan has this node use for the stream, then the ranked ones that share nothing with those taken,
    /// then the other ranked ones; those that would be too deep only if all are.
    /// </summary>
    private int TakeInOrder(int from, int end, int stream, in Screen screen, int first, Span<RankedPath> ranked, out int tooDeep)
    {
        PathRequest request = screen.Request;
        int planned = _streams.PathOf(stream, request.Node);
        int count = first >= 0 ? Take(first, stream, request.Node, ranked, 0) : 0;
        bool wantsPlanned = planned >= 0 && planned != first && screen.Lets(planned);
        tooDeep = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            if (wantsPlanned && count < ranked.Length && !IsTaken(planned, ranked[..count]) && (pass > 0 || IsDisjoint(planned, ranked[..count])))
                count = Take(planned, stream, request.Node, ranked, count);
            for (int path = from; path < end; path++)
            {
                if (Kind(path) != PathKind.Ranked || IsTaken(path, ranked[..count]) || !screen.Lets(path)) continue;
                if (_streams.Depth(stream, path, request.Node) > MaxDepth) tooDeep += pass;
                else if (count < ranked.Length && (pass > 0 || IsDisjoint(path, ranked[..count]))) count = Take(path, stream, request.Node, ranked, count);
            }
        }
        for (int path = from; path < end && tooDeep > 0 && count == 0; path++)
            if (Kind(path) == PathKind.Ranked && screen.Lets(path)) count = Take(path, stream, request.Node, ranked, count);
        return count;
    }

    private int Take(int path, int stream, int node, Span<RankedPath> ranked, int count)
    {
        ranked[count] = new(path, IsDisjoint(path, ranked[..count]))
        {
            Depth = _streams.Depth(stream, path, node),
            IsPlanned = stream >= 0 && _streams.PathOf(stream, node) == path,
        };
        return count + 1;
    }

    /// <summary>
    /// The path that is kept, else the lightest; then again and again the lightest of those that share nothing with the ones taken, else the lightest.
    /// </summary>
    private int TakeNearest(int from, int end, in Screen screen, int first, Span<RankedPath> ranked)
    {
        PathRequest request = screen.Request;
        int count = first >= 0 ? Take(first, -1, request.Node, ranked, 0) : 0;
        while (count < ranked.Length)
        {
            RankedPath best = new(-1, false);
            uint least = uint.MaxValue;
            for (int path = from; path < end; path++)
            {
                if (Kind(path) != PathKind.Ranked || IsTaken(path, ranked[..count]) || IsReserved(path, request.Node) || !screen.Lets(path)) continue;
                RankedPath next = new(path, IsDisjoint(path, ranked[..count])) { Depth = _streams.Depth(-1, path, request.Node) };
                uint weight = Path(path).WeightMicroseconds;
                bool better = next.IsDisjoint != best.IsDisjoint ? next.IsDisjoint : weight < least;
                if (best.Path < 0 || better) (best, least) = (next, weight);
            }
            if (best.Path < 0) break;
            ranked[count++] = best;
        }
        return count;
    }

    /// <summary>The lightest last resort that is left, to the stream's origin or, for one that is not registered, to any.</summary>
    private RankedPath? LastResort(int from, int end, int stream, in Screen screen, ReadOnlySpan<RankedPath> taken)
    {
        PathRequest request = screen.Request;
        int best = -1;
        for (int path = from; path < end; path++)
        {
            if (Kind(path) != PathKind.LastResort || IsTaken(path, taken) || !screen.Lets(path)) continue;
            if (!screen.IsRegistered && IsReserved(path, request.Node)) continue;
            if (!taken.IsEmpty && _streams.Depth(stream, path, request.Node) > MaxDepth) continue;
            if (best < 0 || Path(path).WeightMicroseconds < Path(best).WeightMicroseconds) best = path;
        }
        return best < 0 ? null : new RankedPath(best, IsDisjoint(best, taken)) { Depth = _streams.Depth(stream, best, request.Node), IsLastResort = true };
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
