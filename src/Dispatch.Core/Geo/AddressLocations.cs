using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Geo;

/// <summary>Which location each address prefix belongs to: what a prefix index is built from.</summary>
/// <param name="Locations">
/// The locations. The first ones are the regions of the world in its order, without a network; those with a network follow, by region,
/// then by number of the network.
/// </param>
/// <param name="Prefixes">Disjoint prefixes in address order, IPv4 first, with ordinals into <paramref name="Locations"/>.</param>
public sealed record AddressLocations(ImmutableArray<ClientLocation> Locations, ImmutableArray<PrefixEntry> Prefixes)
{
    /// <summary>
    /// Flattens MaxMind DB files onto the regions of a world, for worlds without a prefix table. Knows the schemas GeoIP2 Country, City
    /// and ASN (nested) and flat ones (<c>country_code</c>, <c>latitude</c>, <c>longitude</c>, <c>asn</c>).
    /// </summary>
    /// <param name="regions">The world's regions.</param>
    /// <param name="places">
    /// Country or city databases. With coordinates an address belongs to the nearest region of its country, or of the world where the
    /// country has none; without, to the region of its country with the greatest peak demand; of equals to the first. Where several
    /// databases have a record that leads to a region, the first database decides.
    /// </param>
    /// <param name="networks">Databases of autonomous systems, or none; the first that knows an address decides.</param>
    /// <remarks>
    /// Neighbours with the same location are merged, so the prefixes are the fewest that cover each location's addresses without nesting.
    /// O(networks of all databases); each record is decoded once. Deterministic: the same files and regions give the same rows.
    /// </remarks>
    /// <exception cref="MmdbException">A tree or record breaks a rule of the format.</exception>
    public static AddressLocations Flatten(
        ImmutableArray<ClientRegion> regions, IReadOnlyList<MmdbReader> places, IReadOnlyList<MmdbReader> networks)
    {
        RegionMatcher matcher = new(regions);
        (AddressRuns v4, AddressRuns v6) = Overlay(places, record => matcher.Find(GeoRecord.From(record)));
        // AS numbers are 32 bits wide, runs hold 31: they are numbered as they come instead.
        List<uint> numbers = [];
        Dictionary<uint, int> seen = [];
        (AddressRuns as4, AddressRuns as6) = Overlay(networks, record => Number(GeoRecord.From(record).Asn));
        LocationList locations = new(regions.Length, numbers);
        v4 = AddressRuns.Combine(v4, as4, locations.Ordinal);
        v6 = AddressRuns.Combine(v6, as6, locations.Ordinal);
        (ImmutableArray<ClientLocation> list, int[] order) = locations.Sorted();
        List<PrefixEntry> prefixes = [];
        v4.Select(o => o < 0 ? o : order[o]).Prefixes(false, prefixes);
        v6.Select(o => o < 0 ? o : order[o]).Prefixes(true, prefixes);
        return new(list, [.. prefixes]);

        int Number(uint asn)
        {
            if (asn == 0) return AddressRuns.Nothing;
            if (seen.TryGetValue(asn, out int ordinal)) return ordinal;
            numbers.Add(asn);
            return seen[asn] = numbers.Count - 1;
        }
    }

    private static (AddressRuns V4, AddressRuns V6) Overlay(IReadOnlyList<MmdbReader> databases, Func<MmdbValue, int> read)
    {
        (AddressRuns v4, AddressRuns v6) = (new(), new());
        foreach (MmdbReader database in databases)
        {
            (AddressRuns next4, AddressRuns next6) = Runs(database, read);
            v4 = AddressRuns.Combine(v4, next4, static (first, second) => first >= 0 ? first : second);
            v6 = AddressRuns.Combine(v6, next6, static (first, second) => first >= 0 ? first : second);
        }
        return (v4, v6);
    }

    private static (AddressRuns V4, AddressRuns V6) Runs(MmdbReader database, Func<MmdbValue, int> read)
    {
        (AddressRuns v4, AddressRuns v6) = (new(), new());
        Dictionary<int, int> byOffset = [];
        foreach (MmdbNetwork network in database.Networks())
        {
            if (!byOffset.TryGetValue(network.DataOffset, out int value))
            {
                value = read(database.Decode(network.DataOffset));
                byOffset.Add(network.DataOffset, value);
            }
            (network.Prefix.Address.IsIPv6 ? v6 : v4).Add(network.Prefix, value);
        }
        return (v4, v6);
    }

    /// <summary>Numbers pairs of region and network as they come, then in an order that does not depend on where they lie.</summary>
    private sealed class LocationList(int regions, List<uint> numbers)
    {
        private readonly List<(int Region, int Network)> _pairs = [.. Enumerable.Range(0, regions).Select(static r => (r, AddressRuns.Nothing))];
        private readonly Dictionary<(int Region, int Network), int> _ordinals = [];

        public int Ordinal(int region, int network)
        {
            if (region < 0 || network < 0) return region;
            if (_ordinals.TryGetValue((region, network), out int ordinal)) return ordinal;
            _pairs.Add((region, network));
            return _ordinals[(region, network)] = _pairs.Count - 1;
        }

        public (ImmutableArray<ClientLocation> List, int[] Order) Sorted()
        {
            int[] sorted = [.. Enumerable.Range(0, _pairs.Count)
                .OrderBy(i => i < regions ? 0 : 1).ThenBy(i => _pairs[i].Region).ThenBy(i => Asn(_pairs[i].Network))];
            int[] order = new int[sorted.Length];
            for (int i = 0; i < sorted.Length; i++) order[sorted[i]] = i;
            return ([.. sorted.Select(i => new ClientLocation(_pairs[i].Region, Name(_pairs[i].Network)))], order);
        }

        private uint Asn(int network) => network < 0 ? 0 : numbers[network];

        private string Name(int network) => network < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"AS{numbers[network]}");
    }
}
