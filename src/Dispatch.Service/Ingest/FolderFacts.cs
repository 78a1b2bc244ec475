using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Service.Ingest;

/// <summary>The world folder.</summary>
/// <param name="folder">Full path.</param>
internal sealed class FolderFacts(string folder) : IFacts
{
    /// <inheritdoc/>
    public string Stamp()
    {
        IEnumerable<FileInfo> files = Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles() : [];
        return string.Join('|', files.OrderBy(static f => f.Name, StringComparer.Ordinal).Select(Of));
    }

    /// <summary>A file's name, length and time of writing.</summary>
    public static string Of(FileInfo file) => string.Create(CultureInfo.InvariantCulture, $"{file.Name}/{file.Length}/{file.LastWriteTimeUtc.Ticks}");

    /// <inheritdoc/>
    public FactsReading Read()
    {
        WorldLoadResult result = WorldFolder.Load(folder);
        ImmutableArray<string> warnings = Lines(result.Warnings, result.WarningCount);
        return result.IsLoaded ? new(result.World, [], warnings) : new(null, Lines(result.Faults, result.FaultCount), warnings);
    }

    /// <summary>Whoever empties the folder means it.</summary>
    public string GiveBack(World last) => "";

    private static ImmutableArray<string> Lines(ImmutableArray<WorldFault> listed, int count)
    {
        IEnumerable<string> lines = listed.Select(static f => f.ToString());
        return count > listed.Length ? [.. lines, string.Create(CultureInfo.InvariantCulture, $"and {count - listed.Length} more")] : [.. lines];
    }
}
