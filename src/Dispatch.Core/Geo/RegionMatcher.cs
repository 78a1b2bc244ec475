using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Geo;

/// <summary>Finds the region that stands for a place: by country, then by distance.</summary>
internal sealed class RegionMatcher
{
    private readonly ImmutableArray<ClientRegion> _regions;
    private readonly Dictionary<string, int[]> _byCountry;
    private readonly int[] _all;

    public RegionMatcher(ImmutableArray<ClientRegion> regions)
    {
        _regions = regions;
        _all = [.. Enumerable.Range(0, regions.Length)];
        _byCountry = _all.GroupBy(o => regions[o].Place.Iso2, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static g => g.Key, static g => g.ToArray(), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// With coordinates the nearest region of the country, or of the world where the country has none; without them the region of the
    /// country with the greatest peak demand. Of equals the one that comes first in the world.
    /// </summary>
    /// <returns>The region's ordinal, or −1 where the record tells nothing that helps.</returns>
    public int Find(in GeoRecord record)
    {
        bool known = _byCountry.TryGetValue(record.Iso2, out int[]? ofCountry);
        if (record.Point is { } point) return Least(known ? ofCountry! : _all, o => _regions[o].Place.Point.DistanceKm(point));
        return known ? Least(ofCountry!, o => -_regions[o].Peak.Value) : -1;
    }

    private static int Least(int[] ordinals, Func<int, double> measure)
    {
        (int best, double least) = (-1, double.PositiveInfinity);
        foreach (int ordinal in ordinals)
        {
            double value = measure(ordinal);
            if (value < least) (best, least) = (ordinal, value);
        }
        return best;
    }
}
