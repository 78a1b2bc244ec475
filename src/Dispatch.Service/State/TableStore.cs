using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.State;

/// <summary>What the folder held at the start.</summary>
/// <param name="Table">The newest table that is whole; null where there is none.</param>
/// <param name="Highest">The highest version of any table file, whole or not; <see cref="TableVersion.None"/> where there is none.</param>
/// <param name="Skipped">Files that were passed over and why, a line each.</param>
internal sealed record StoredTables(RoutingTable? Table, TableVersion Highest, ImmutableArray<string> Skipped);

/// <summary>
/// Keeps the last few tables as files <c>table-EPOCH-NUMBER.tdt</c>. A table is there wholly or not at all: it is written beside, forced
/// to disk and renamed. Used by one thread at a time.
/// </summary>
internal sealed class TableStore(StateFolder folder, int kept)
{
    private const string Prefix = "table-", Suffix = ".tdt", Unfinished = ".part";

    /// <summary>Reads the newest whole table. Files that are cut off, altered or named for another version are skipped with the reason.</summary>
    public StoredTables Load()
    {
        List<(TableVersion Version, string Path)> files = Files();
        TableVersion highest = files.Count > 0 ? files[0].Version : TableVersion.None;
        ImmutableArray<string>.Builder skipped = ImmutableArray.CreateBuilder<string>();
        foreach ((TableVersion version, string path) in files)
        {
            if (TryRead(version, path, out RoutingTable? table, out string fault)) return new(table, highest, skipped.ToImmutable());
            skipped.Add($"{Path.GetFileName(path)}: {fault}");
        }
        return new(null, highest, skipped.ToImmutable());
    }

    /// <summary>Writes a table and removes those beyond the kept number.</summary>
    /// <exception cref="IOException">The disk fails or is full; what was there stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may no longer be written.</exception>
    public void Save(RoutingTable table)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{table.Version.Epoch:D12}-{table.Version.Number:D12}{Suffix}");
        string final = Path.Combine(folder.Path, name), part = final + Unfinished;
        using (FileStream file = new(part, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            RoutingTableCodec.Write(table, file);
            file.Flush(flushToDisk: true);
        }
        File.Move(part, final, overwrite: true);
        FolderFlush.Flush(folder.Path);
        foreach ((_, string old) in Files().Skip(kept)) File.Delete(old);
        foreach (string left in Directory.EnumerateFiles(folder.Path, Prefix + "*" + Unfinished)) File.Delete(left);
    }

    private static bool TryRead(TableVersion version, string path, out RoutingTable? table, out string fault)
    {
        table = null;
        try
        {
            if (!RoutingTableCodec.TryRead(File.ReadAllBytes(path), out table, out fault)) return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = e.Message;
            return false;
        }
        fault = table.Version == version ? "" : $"holds version {table.Version}";
        return fault.Length == 0;
    }

    /// <summary>The table files, newest version first.</summary>
    private List<(TableVersion Version, string Path)> Files()
    {
        List<(TableVersion Version, string Path)> files = [];
        foreach (string path in Directory.EnumerateFiles(folder.Path, Prefix + "*" + Suffix))
        {
            string[] numbers = Path.GetFileName(path)[Prefix.Length..^Suffix.Length].Split('-');
            if (numbers.Length == 2 && long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
                && long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                files.Add((new(epoch, number), path));
            }
        }
        files.Sort(static (a, b) => b.Version.CompareTo(a.Version));
        return files;
    }
}
