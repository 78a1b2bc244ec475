using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Relays;

/// <summary>A way for a live stream from an origin up to the node that asks for it.</summary>
/// <param name="Relays">Ordinals of the relays, first the one next to the asking node; 0 to 2.</param>
/// <param name="Origin">Ordinal of the origin at the end.</param>
/// <param name="HopRttMicroseconds">Round trip of each hop, one more than there are relays.</param>
/// <param name="IsDisjoint">True where it shares no relay and no relay's fault domain with the paths ranked before it.</param>
public sealed record RelayPath(ImmutableArray<int> Relays, int Origin, ImmutableArray<long> HopRttMicroseconds, bool IsDisjoint)
{
    /// <summary>Sum of the hops.</summary>
    public long RttMicroseconds => HopRttMicroseconds.Sum();

    /// <summary>What the path is ranked by: the hops' (1 + loss) · RTT · f(utilisation) + 2 · jitter, and what loaded relays add.</summary>
    public required long WeightMicroseconds { get; init; }

    /// <summary>True for the way out when every ranked path has failed: it has room, and may share relays and fault domains with them.</summary>
    public bool IsLastResort { get; init; }
}
