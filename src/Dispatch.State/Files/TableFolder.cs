using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Files;

/// <summary>What a folder of tables held.</summary>
/// <param name="Table">The newest table that is whole; null where there is none.</param>
/// <param name="Highest">The highest version of any table file, whole or not; <see cref="TableVersion.None"/> where there is none.</param>
/// <param name="Skipped">Files that were passed over and why, a line each.</param>
public sealed record FolderTables(RoutingTable? Table, TableVersion Highest, ImmutableArray<string> Skipped);

/// <summary>
/// The last few tables as files <c>table-EPOCH-NUMBER.tdt</c>: what a process falls back on when nothing else can be had. A table is there
/// wholly or not at all. Safe for one writer and any number of readers.
/// </summary>
/// <param name="folder">Full path of a folder that is there.</param>
/// <param name="kept">How many stay, at least 1.</param>
public sealed class TableFolder(string folder, int kept)
{
    private const string Prefix = "table-", Suffix = ".tdt", Unfinished = ".part";

    /// <summary>Reads the newest whole table. Files that are cut off, altered or named for another version are skipped with the reason.</summary>
    public FolderTables Load()
    {
        ImmutableArray<StoredTable> files = List();
        TableVersion highest = files.IsEmpty ? TableVersion.None : files[0].Version;
        ImmutableArray<string>.Builder skipped = ImmutableArray.CreateBuilder<string>();
        foreach (StoredTable file in files)
        {
            (EncodedTable? bytes, string fault) = Fetch(file.Version);
            if (bytes is not null && bytes.TryRead(null, out RoutingTable? table, out fault)) return new(table, highest, skipped.ToImmutable());
            skipped.Add($"{NameOf(file.Version)}: {fault}");
        }
        return new(null, highest, skipped.ToImmutable());
    }

    /// <summary>Writes a table, forced to disk before it gets its name, and removes those beyond the kept number.</summary>
    /// <exception cref="IOException">The disk fails or is full; what was there stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may no longer be written.</exception>
    public void Save(EncodedTable table)
    {
        string final = Path.Combine(folder, NameOf(table.Version)), part = final + Unfinished;
        using (FileStream file = new(part, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(table.Bytes.Span);
            file.Flush(flushToDisk: true);
        }
        File.Move(part, final, overwrite: true);
        FolderFlush.Flush(folder);
        foreach (StoredTable old in List().Skip(kept)) File.Delete(Path.Combine(folder, NameOf(old.Version)));
        foreach (string left in Directory.EnumerateFiles(folder, Prefix + "*" + Unfinished)) File.Delete(left);
    }

    /// <summary>The table files, newest version first.</summary>
    public ImmutableArray<StoredTable> List()
    {
        List<StoredTable> found = [];
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles(Prefix + "*" + Suffix))
        {
            string[] numbers = file.Name[Prefix.Length..^Suffix.Length].Split('-');
            if (numbers.Length == 2 && long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
                && long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                found.Add(new(new(epoch, number), file.Length));
            }
        }
        return [.. found.OrderByDescending(static t => t.Version)];
    }

    /// <summary>Reads the bytes of one table.</summary>
    internal TableFetch Fetch(TableVersion version)
    {
        try
        {
            return new(new(version, File.ReadAllBytes(Path.Combine(folder, NameOf(version)))), "");
        }
        catch (FileNotFoundException)
        {
            return new(null, "is not kept");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, e.Message);
        }
    }

    private static string NameOf(TableVersion version) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{version.Epoch:D12}-{version.Number:D12}{Suffix}");
}
