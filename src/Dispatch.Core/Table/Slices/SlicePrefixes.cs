using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>The prefixes of a slice: those of the whole table, pointing at the slice's own locations. Immutable and thread-safe.</summary>
public sealed class SlicePrefixes
{
    private readonly int[]? _map;
    private readonly int _elsewhere;

    internal SlicePrefixes(PrefixIndex index, int[]? map, ImmutableArray<ClientLocation> locations, int elsewhere) =>
        (Index, _map, Locations, _elsewhere) = (index, map, locations, elsewhere);

    /// <summary>The whole table's index.</summary>
    public PrefixIndex Index { get; }

    /// <summary>What the slice's prefixes point at.</summary>
    public ImmutableArray<ClientLocation> Locations { get; }

    /// <summary>True where both are made from one index in one way: then they say the same.</summary>
    public bool IsSame(SlicePrefixes other) => ReferenceEquals(Index, other.Index) && Locations.AsSpan().SequenceEqual(other.Locations.AsSpan())
        && (_map ?? []).AsSpan().SequenceEqual(other._map ?? []);

    /// <summary>The slice's location in the place of the whole table's.</summary>
    public int Map(int location) => _map is null || location < 0 ? location : _map[location];

    /// <summary>Length of the longest prefix that contains a range; 0 for those elsewhere, whose answers are not made here, so that neighbours grow together.</summary>
    public int MatchedLength(PrefixRanges ranges, int range) =>
        _elsewhere >= 0 && Map(ranges.Location(range)) == _elsewhere ? 0 : ranges.MatchedLength(range);

    /// <summary>
    /// True where a range of the whole table begins one of the slice; false where it only goes on with the answer of the one before, as
    /// neighbours that are both elsewhere do.
    /// </summary>
    /// <param name="ranges">Ranges of <see cref="Index"/>.</param>
    /// <param name="range">Which one.</param>
    public bool Begins(PrefixRanges ranges, int range) => range == 0
        || Map(ranges.Location(range)) != Map(ranges.Location(range - 1)) || MatchedLength(ranges, range) != MatchedLength(ranges, range - 1);

    /// <summary>SHA-256 that names them, see <see cref="SliceHash"/>. O(ranges).</summary>
    /// <param name="v4">Ranges of <see cref="Index"/>.</param>
    /// <param name="v6">Ranges of <see cref="Index"/>.</param>
    public ImmutableArray<byte> Hash(PrefixRanges v4, PrefixRanges v6) => SliceHash.OfPrefixes(this, v4, v6);
}
