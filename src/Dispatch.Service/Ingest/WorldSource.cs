using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Geo;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Ingest;

/// <summary>Keeps the last good world and loads the folder again when its files change. Used by one thread at a time.</summary>
internal sealed class WorldSource(WorldSettings settings)
{
    private LoadedWorld? _current;
    private string _stamp = "";

    /// <summary>The last good world; null before the first.</summary>
    public LoadedWorld? Current => Volatile.Read(ref _current);

    /// <summary>
    /// Looks at the files and loads them where their names, lengths or times of writing differ from the last good load. A refused load
    /// keeps the last good world and is tried again at the next look.
    /// </summary>
    public WorldReading Read()
    {
        // Stamped before reading: files that change meanwhile differ from the stamp and are loaded again at the next look.
        string stamp = Stamp();
        if (_current is not null && stamp == _stamp) return new(_current, false, [], []);
        WorldLoadResult result = WorldFolder.Load(settings.Path);
        ImmutableArray<string> warnings = Lines(result.Warnings, result.WarningCount);
        if (!result.IsLoaded) return new(_current, false, Lines(result.Faults, result.FaultCount), warnings);
        if (!TryLocate(result.World, out AddressLocations addresses, out string fault)) return new(_current, false, [fault], warnings);
        _current = new(result.World, addresses.Prefixes, IndexOf(addresses.Prefixes), addresses.Locations);
        _stamp = stamp;
        return new(_current, true, [], warnings);
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

    private string Stamp()
    {
        IEnumerable<FileInfo> files = Directory.Exists(settings.Path) ? new DirectoryInfo(settings.Path).EnumerateFiles() : [];
        files = files.OrderBy(static f => f.Name, StringComparer.Ordinal);
        foreach (string database in (ReadOnlySpan<string>)[settings.CountryMmdb, settings.AsnMmdb])
            if (File.Exists(database)) files = files.Append(new FileInfo(database));
        return string.Join('|', files.Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.Name}/{f.Length}/{f.LastWriteTimeUtc.Ticks}")));
    }

    private static ImmutableArray<string> Lines(ImmutableArray<WorldFault> listed, int count)
    {
        IEnumerable<string> lines = listed.Select(static f => f.ToString());
        return count > listed.Length ? [.. lines, string.Create(CultureInfo.InvariantCulture, $"and {count - listed.Length} more")] : [.. lines];
    }
}
