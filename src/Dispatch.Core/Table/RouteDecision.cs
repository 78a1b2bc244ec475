namespace TrafficDispatch.Table;

/// <summary>Which node asks for which stream's upstream paths, and which nodes are out of the question just now.</summary>
/// <param name="node">Ordinal of the asking node: edges first, then relays.</param>
/// <param name="streamKey">The stream's key.</param>
public readonly ref struct PathRequest(int node, ReadOnlySpan<char> streamKey)
{
    /// <summary>Ordinal of the asking node: edges first, then relays.</summary>
    public int Node { get; } = node;

    /// <summary>The stream's key.</summary>
    public ReadOnlySpan<char> StreamKey { get; } = streamKey;

    /// <summary>Node ordinals (edges, then relays, then origins) that no path may touch.</summary>
    public ReadOnlySpan<int> Excluded { get; init; }

    /// <summary>Bit <c>n % 64</c> of word <c>n / 64</c> is set where node n (edges, relays, origins) is down. May be shorter: the rest is up.</summary>
    public ReadOnlySpan<ulong> Down { get; init; }

    /// <summary>The present moment, milliseconds since 1970 UTC, against which streams expire; 0, the default, lets none expire.</summary>
    public long NowUnixMilliseconds { get; init; }

    /// <summary>
    /// One more than the ordinal of the origin that ingests the stream, where something newer than the table says so; 0, the default, where the
    /// table's word holds. A stream that the table knows at another origin, or as
    /// expired, is not routed by its plan.
    /// </summary>
    public int OriginNumber { get; init; }

    /// <summary>Hops that no path may take, in any order.</summary>
    public ReadOnlySpan<HopPair> ExcludedHops { get; init; }

    /// <summary>Hops that are reported to fail: kept away from while anything else is left. Default: <see cref="AvoidedHops.None"/>.</summary>
    public AvoidedHops? Avoided { get; init; }

    /// <summary>
    /// Ordinals of the nodes over which the asking node fetches the stream now, the first relay first; the whole path with its origin, or its
    /// beginning. Empty, the default, where it does not fetch it yet.
    /// </summary>
    public ReadOnlySpan<int> Current { get; init; }

    /// <summary>What the path in use may weigh above the lightest and stay the first.</summary>
    public KeepMargin Keep { get; init; }
}

/// <summary>What a path in use may weigh above the best one and stay: weight ≤ best · (100 + percent) / 100 + microseconds.</summary>
/// <param name="Percent">0 to 1000.</param>
/// <param name="Microseconds">0 to 10,000,000.</param>
public readonly record struct KeepMargin(int Percent, uint Microseconds)
{
    /// <summary>True where a weight stays within the margin.</summary>
    public bool Holds(uint weight, uint best) => weight * 100UL <= best * (100UL + (uint)Percent) + 100UL * Microseconds;
}

/// <summary>What became of the path in use.</summary>
public enum KeptPath
{
    /// <summary>The request names none.</summary>
    NotAsked,

    /// <summary>It is the best one anyhow.</summary>
    Best,

    /// <summary>It comes first though another one is lighter or planned.</summary>
    Kept,

    /// <summary>Another one comes first: it weighs more than the margin lets it.</summary>
    TooHeavy,

    /// <summary>Another one comes first: it is down, excluded, reported to fail, too deep, or no longer among those that the law and the plan leave.</summary>
    Gone,
}

/// <summary>An upstream path of an answer.</summary>
/// <param name="Path">Ordinal of the path in the table that answered; see <see cref="RoutingTable.Path"/>.</param>
/// <param name="IsDisjoint">True where it shares no relay and no relay's fault domain with the paths ranked before it.</param>
public readonly record struct RankedPath(int Path, bool IsDisjoint)
{
    /// <summary>
    /// Hops that the stream really takes from the asking node to the origin: where a relay on the path already carries the stream, it comes
    /// the way it comes to that relay.
    /// </summary>
    public int Depth { get; init; }

    /// <summary>True where the plan has the asking node fetch the stream over this very path.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>True where it is the last resort: it may share relays and fault domains with the others.</summary>
    public bool IsLastResort { get; init; }

    /// <summary>True where it begins as <see cref="PathRequest.Current"/> does: the asking node fetches the stream over it, or over its first hops, now.</summary>
    public bool IsCurrent { get; init; }
}

/// <summary>What the table decided about upstream paths, apart from the paths themselves.</summary>
public readonly record struct RouteDecision
{
    /// <summary>Why.</summary>
    public required DecisionReason Reason { get; init; }

    /// <summary>How many paths the answer has.</summary>
    public required int Count { get; init; }

    /// <summary>Ordinal of the asking node.</summary>
    public required int Node { get; init; }

    /// <summary>Ordinal of the origin that ingests the stream; −1 where it is not registered.</summary>
    public required int StreamOrigin { get; init; }

    /// <summary>How many paths the table ranks for the question before failures and exclusions.</summary>
    public required int Planned { get; init; }

    /// <summary>Seconds the answer holds; never beyond the stream's expiry, but for the last second.</summary>
    public required int TtlSeconds { get; init; }

    /// <summary>Ordinal of the stream in <see cref="TableContent.Streams"/>; −1 where it is not registered.</summary>
    public int Stream { get; init; }

    /// <summary>Paths left out because joining relays that carry the stream already would make chains of more than three hops.</summary>
    public int TooDeep { get; init; }

    /// <summary>The way out when all paths of the answer fail; null where there is none, or where it is already the answer.</summary>
    public RankedPath? LastResort { get; init; }

    /// <summary>Ranked paths that would be lawful and up, and are left out for <see cref="PathRequest.Avoided"/>.</summary>
    public int Avoided { get; init; }

    /// <summary>True where every path has a hop that is reported to fail and the answer is one of them all the same.</summary>
    public bool IsAvoidedToo { get; init; }

    /// <summary>What became of the path in use.</summary>
    public KeptPath Kept { get; init; }
}

/// <summary>A stored upstream path, seen from the node that asks for it.</summary>
public readonly ref struct UpstreamPath
{
    internal UpstreamPath(ReadOnlySpan<ushort> hops, ReadOnlySpan<uint> rtts, uint? weight)
    {
        Relays = hops[..^1];
        Origin = hops[^1];
        HopRttMicroseconds = rtts;
        foreach (uint rtt in rtts) RttMicroseconds += rtt;
        WeightMicroseconds = weight ?? RttMicroseconds;
    }

    /// <summary>Relay ordinals from the asking node on; 0 to 3.</summary>
    public ReadOnlySpan<ushort> Relays { get; }

    /// <summary>Ordinal of the origin at the end.</summary>
    public int Origin { get; }

    /// <summary>Round trip of each hop from the node before, in microseconds; one more than relays, the last to the origin.</summary>
    public ReadOnlySpan<uint> HopRttMicroseconds { get; }

    /// <summary>Sum of the hops' round trips, in microseconds.</summary>
    public uint RttMicroseconds { get; }

    /// <summary>What the path is ranked by, in microseconds: round trips with loss, jitter and the load when the table was made.</summary>
    public uint WeightMicroseconds { get; }
}
