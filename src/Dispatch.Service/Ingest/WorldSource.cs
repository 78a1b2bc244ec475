using System.Collections.Immutable;
using TrafficDispatch.Geo;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Ingest;

/// <summary>Keeps the last good world and loads the facts again when they change. Thread-safe: looks take turns.</summary>
internal sealed class WorldSource(WorldSettings settings, IFacts facts)
{
    private readonly Lock _looking = new();
    private LoadedWorld? _current;
    private string _stamp = "";

    /// <summary>The last good world; null before the first.</summary>
    public LoadedWorld? Current => Volatile.Read(ref _current);

    /// <summary>
    /// Looks at the facts and loads them where they differ from the last good load. A refused load keeps the last good world and is tried
    /// again at the next look.
    /// </summary>
    public WorldReading Read()
    {
        try
        {
            // The solve and, where another leads, the folding of samples look.
            lock (_looking) return Look();
        }
        catch (StoreUnavailableException e)
        {
            return new(_current, false, [e.Message], []);
        }
    }

    private WorldReading Look()
    {
        // Stamped before reading: facts that change meanwhile differ from the stamp and are loaded again at the next look.
        string place = facts.Stamp(), stamp = place + Databases();
        if (_current is not null && stamp == _stamp) return new(_current, false, [], []);
        if (place.Length == 0 && _current is { } last && facts.GiveBack(last.World) is { Length: > 0 } done) return new(last, false, [], [done]);
        FactsReading read = facts.Read();
        if (read.World is not { } world) return new(_current, false, read.Faults, read.Warnings);
        if (!TryLocate(world, out AddressLocations addresses, out string fault)) return new(_current, false, [fault], read.Warnings);
        Volatile.Write(ref _current, new(world, addresses.Prefixes, IndexOf(addresses.Prefixes), addresses.Locations));
        _stamp = stamp;
        return new(_current, true, [], read.Warnings);
    }

    private PrefixIndex IndexOf(ImmutableArray<PrefixEntry> entries) =>
        _current is { } held && held.Entries.AsSpan().SequenceEqual(entries.AsSpan()) ? held.Prefixes : PrefixIndex.Build(entries.AsSpan());

    /// <summary>The world's own prefix tables, or the databases where it has none.</summary>
    private bool TryLocate(World world, out AddressLocations addresses, out string fault)
    {
        addresses = new(TableBuilder.RegionLocations(world), world.Facts.Prefixes);
        fault = "";
        if (!world.Facts.Prefixes.IsEmpty || settings.CountryMmdb.Length == 0) return true;
        if (!MmdbReader.TryOpen(settings.CountryMmdb, out MmdbReader? places, out fault)) return false;
        MmdbReader? networks = null;
        if (settings.AsnMmdb.Length > 0 && !MmdbReader.TryOpen(settings.AsnMmdb, out networks, out fault)) return false;
        try
        {
            addresses = AddressLocations.Flatten(world.Regions, [places], networks is null ? [] : [networks]);
            return true;
        }
        catch (MmdbException e)
        {
            fault = $"{settings.CountryMmdb} or {settings.AsnMmdb}: {e.Message}";
            return false;
        }
    }

    private string Databases() => string.Concat(new[] { settings.CountryMmdb, settings.AsnMmdb }.Where(File.Exists).Select(static f => "|" + FolderFacts.Of(new(f))));
}
