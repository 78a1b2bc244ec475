using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>A relay's own copy of a stream.</summary>
/// <param name="Stream">Ordinal of the stream in the registry.</param>
/// <param name="Relay">Ordinal of the relay.</param>
/// <param name="Parent">Ordinal of the relay that it pulls from; −1 where it pulls from the stream's origin.</param>
public readonly record struct StreamFeed(int Stream, int Relay, int Parent);

/// <summary>
/// Where every edge fetches every stream that is watched there, and how relays come by it: each stream is carried once per link. Immutable and
/// thread-safe.
/// </summary>
public sealed class StreamPlan
{
    private readonly int[] _first;
    private readonly int[] _second;

    internal StreamPlan(StreamAudience audience, RelayLoads loads, int[] first, int[] second, ImmutableArray<StreamFeed> feeds)
    {
        (Audience, Loads, _first, _second, Feeds) = (audience, loads, first, second, feeds);
    }

    /// <summary>Who watches what where.</summary>
    public StreamAudience Audience { get; }

    /// <summary>The relays' own copies, by stream, then relay.</summary>
    public ImmutableArray<StreamFeed> Feeds { get; }

    /// <summary>How edges were given their relays; null for plans that follow a fixed rule.</summary>
    public StreamStage? EdgeStage { get; init; }

    /// <summary>How relays were given their parents; null for plans that follow a fixed rule.</summary>
    public StreamStage? TrunkStage { get; init; }

    /// <summary>Second copies that relays carry because edges under different laws may not share one; 0 in most worlds.</summary>
    public int CopiesForLaw { get; init; }

    /// <summary>The world.</summary>
    public World World => Loads.Graph.World;

    /// <summary>What links and nodes carry.</summary>
    internal RelayLoads Loads { get; }

    /// <summary>The relay next to the edge for a want (numbered as in <see cref="StreamAudience.Start"/>); −1 where no lawful path exists.</summary>
    public int First(int want) => _first[want];

    /// <summary>The relay that <see cref="First"/> pulls from; −1 where that is the origin.</summary>
    public int Second(int want) => _second[want];

    /// <summary>Hops from the edge to the origin as streams really flow: 2 or 3; 0 where no lawful path exists.</summary>
    public int Depth(int want) => _first[want] < 0 ? 0 : _second[want] < 0 ? 2 : 3;
}
