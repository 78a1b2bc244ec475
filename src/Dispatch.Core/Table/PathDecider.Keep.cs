namespace TrafficDispatch.Table;

/// <summary>What is kept of the path in use, and what is left where everything is reported to fail.</summary>
internal sealed partial class PathDecider
{
    /// <summary>
    /// The stored path that the asking node uses now, where it may stay the first: lawful because it is stored, up, not reported to fail, no deeper than
    /// others may be, within the margin of the best, and through a parent that carries the stream where the plan says who does.
    /// </summary>
    private (int Path, KeptPath Fate) Kept(int from, int end, int stream, in Screen screen, ReadOnlySpan<RankedPath> best)
    {
        if (screen.Request.Current.IsEmpty) return (-1, KeptPath.NotAsked);
        if (best.IsEmpty) return (-1, KeptPath.Gone);
        if (IsCurrent(best[0].Path, screen.Request)) return (-1, KeptPath.Best);
        int kept = -1;
        for (int path = from; path < end; path++)
        {
            if (Kind(path) == PathKind.LastResort || !IsCurrent(path, screen.Request) || !IsGood(path, stream, screen)) continue;
            if (kept < 0 || Path(path).WeightMicroseconds < Path(kept).WeightMicroseconds) kept = path;
        }
        if (kept < 0) return (-1, KeptPath.Gone);
        bool isLightEnough = screen.Request.Keep.Holds(Path(kept).WeightMicroseconds, Path(best[0].Path).WeightMicroseconds);
        return isLightEnough ? (kept, KeptPath.Kept) : (-1, KeptPath.TooHeavy);
    }

    private bool IsGood(int path, int stream, in Screen screen)
    {
        int node = screen.Request.Node;
        if (!screen.Lets(path) || (!screen.IsRegistered && IsReserved(path, node)) || _streams.Depth(stream, path, node) > MaxDepth) return false;
        // A parent that the plan no longer has carry the stream would fetch one more copy for this node alone.
        ReadOnlySpan<ushort> relays = Path(path).Relays;
        return _streams.PathOf(stream, node) < 0 || relays.IsEmpty || _streams.PathOf(stream, _content.Edges.Length + relays[0]) >= 0;
    }

    private bool IsCurrent(int path, in PathRequest request)
    {
        UpstreamPath candidate = Path(path);
        int firstOrigin = _content.Edges.Length + _content.Relays.Length;
        if (request.Current.Length > candidate.Relays.Length + 1) return false;
        for (int i = 0; i < request.Current.Length; i++)
        {
            int node = i < candidate.Relays.Length ? _content.Edges.Length + candidate.Relays[i] : firstOrigin + candidate.Origin;
            if (request.Current[i] != node) return false;
        }
        return !request.Current.IsEmpty;
    }

    private RouteDecision Marked(in RouteDecision decision, in Screen screen, Span<RankedPath> room)
    {
        for (int i = 0; i < decision.Count; i++) room[i] = room[i] with { IsCurrent = IsCurrent(room[i].Path, screen.Request) };
        return decision;
    }

    /// <summary>Where all that is left is reported to fail: the last resort, else the lightest path, reported or not. It may work after all.</summary>
    private RankedPath? AmongAvoided(int from, int end, int stream, in Screen screen, Span<RankedPath> room)
    {
        if (!screen.Avoids) return null;
        Screen all = screen.WithoutReports();
        if (LastResort(from, end, stream, all, []) is { } lastResort) return lastResort;
        return Rank(from, end, stream, all, -1, room[..1]).Count > 0 ? room[0] with { IsLastResort = true } : null;
    }

    private int CountAvoided(int from, int end, in Screen screen)
    {
        if (!screen.Avoids) return 0;
        Screen all = screen.WithoutReports();
        int count = 0;
        for (int path = from; path < end; path++) count += Kind(path) == PathKind.Ranked && !screen.Lets(path) && all.Lets(path) ? 1 : 0;
        return count;
    }

    /// <summary>Which stored paths a request lets through: none over a node or hop that is out.</summary>
    private readonly ref struct Screen
    {
        private readonly PathDecider _decider;
        private readonly AvoidedHops? _avoided;
        private readonly ulong _stream;

        public Screen(PathDecider decider, PathRequest request, bool isRegistered)
        {
            _decider = decider;
            Request = request;
            IsRegistered = isRegistered;
            if (request.Avoided is not { IsEmpty: false } avoided) return;
            (_avoided, _stream) = (avoided, AvoidedHops.Hash(request.StreamKey));
        }

        public PathRequest Request { get; }

        /// <summary>True where the stream's origin is known, by the table or by whoever asks.</summary>
        public bool IsRegistered { get; }

        /// <summary>True where there are reports to heed.</summary>
        public bool Avoids => _avoided is not null;

        public Screen WithoutReports() => new(_decider, Request with { Avoided = null }, IsRegistered);

        public bool Lets(int path)
        {
            UpstreamPath candidate = _decider.Path(path);
            int firstRelay = _decider._content.Edges.Length, firstOrigin = firstRelay + _decider._content.Relays.Length, from = Request.Node;
            foreach (ushort relay in candidate.Relays)
            {
                if (!Lets(from, firstRelay + relay)) return false;
                from = firstRelay + relay;
            }
            return Lets(from, firstOrigin + candidate.Origin);
        }

        private bool Lets(int from, int to)
        {
            if (Request.Excluded.Contains(to) || (to >> 6 < Request.Down.Length && (Request.Down[to >> 6] >> (to & 63) & 1) != 0)) return false;
            if (!Request.ExcludedHops.IsEmpty && Request.ExcludedHops.Contains(new HopPair(from, to))) return false;
            return _avoided is null || !_avoided.Avoids(Request.Node, _stream, from, to);
        }
    }
}
