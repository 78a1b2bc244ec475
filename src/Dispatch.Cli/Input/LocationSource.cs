using System.Collections.Immutable;
using System.CommandLine;
using TrafficDispatch.Geo;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Cli.Input;

/// <summary>Where addresses are: an index whose locations are regions.</summary>
/// <param name="Prefixes">The index.</param>
/// <param name="RegionIds">The region of each of its locations.</param>
internal sealed record LocationIndex(PrefixIndex Prefixes, ImmutableArray<string> RegionIds);

/// <summary>Makes the index from the world's own prefixes, or from MaxMind DB files for a world that has none.</summary>
internal sealed class LocationSource
{
    /// <summary>Databases of places.</summary>
    public Option<string[]> Places { get; } = new("--city-mmdb", "--country-mmdb")
    {
        Description = "MaxMind DB file of cities or countries, for a world without prefix tables; may be repeated, the first that knows decides",
        HelpName = "FILE",
    };

    /// <summary>Databases of networks.</summary>
    public Option<string[]> Networks { get; } = new("--asn-mmdb")
    {
        Description = "MaxMind DB file of autonomous systems, beside those of places; may be repeated",
        HelpName = "FILE",
    };

    /// <summary>Makes the index.</summary>
    /// <returns>Null after the faults are written.</returns>
    public LocationIndex? Read(Terminal terminal, ParseResult parsed, World world)
    {
        List<string> faults = [];
        List<MmdbReader> places = Open(parsed.GetValue(Places) ?? [], faults), networks = Open(parsed.GetValue(Networks) ?? [], faults);
        if (places.Count > 0 && !world.Facts.Prefixes.IsEmpty) faults.Add("the world has prefix tables of its own: --city-mmdb must not stand beside them");
        if (networks.Count > 0 && places.Count == 0 && faults.Count == 0) faults.Add("--asn-mmdb tells no region; give --city-mmdb or --country-mmdb too");
        faults.ForEach(terminal.WriteFault);
        if (faults.Count > 0) return null;
        if (places.Count == 0 && world.Facts.Prefixes.IsEmpty)
            terminal.Error.WriteLine("warning: the world has no prefix tables, so no address is in any region; --city-mmdb can stand in");
        if (places.Count == 0) return new(PrefixIndex.Build(world.Facts.Prefixes.AsSpan()), [.. world.Regions.Select(static r => r.Id)]);
        return Flatten(terminal, parsed, world, places, networks);
    }

    private LocationIndex? Flatten(Terminal terminal, ParseResult parsed, World world, List<MmdbReader> places, List<MmdbReader> networks)
    {
        try
        {
            AddressLocations found = AddressLocations.Flatten(world.Regions, places, networks);
            return new(PrefixIndex.Build(found.Prefixes.AsSpan()), [.. found.Locations.Select(l => world.Regions[l.Region].Id)]);
        }
        catch (MmdbException e)
        {
            terminal.WriteFault($"{string.Join(", ", [.. parsed.GetValue(Places) ?? [], .. parsed.GetValue(Networks) ?? []])}: {e.Message}");
            return null;
        }
    }

    private static List<MmdbReader> Open(string[] paths, List<string> faults)
    {
        List<MmdbReader> opened = [];
        foreach (string path in paths)
        {
            if (MmdbReader.TryOpen(path, out MmdbReader? reader, out string fault)) opened.Add(reader);
            else faults.Add(fault);
        }
        return opened;
    }
}
