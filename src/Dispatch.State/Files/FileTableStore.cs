using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Files;

/// <summary>Published tables as files <c>table-EPOCH-NUMBER.tdt</c>. The newest is always kept, so its name tells the highest version.</summary>
internal sealed class FileTableStore(StateFiles files, FileLeaseStore lease, FileAnnouncements announcements, int kept) : ITableStore
{
    private const string Prefix = "table-", Suffix = ".tdt";

    /// <inheritdoc/>
    public Task<FencedWrite> PutAsync(RoutingTable table, FencingToken token, CancellationToken cancellation)
    {
        ArrayBufferWriter<byte> bytes = new();
        RoutingTableCodec.Write(table, bytes);
        return files.AloneAsync(() =>
        {
            if (!lease.Holds(token)) return FencedWrite.StaleToken;
            if (List() is [StoredTable newest, ..] && newest.Version >= table.Version) return FencedWrite.NotNewer;
            files.Write(NameOf(table.Version), bytes.WrittenSpan);
            foreach (StoredTable old in List().Skip(kept)) File.Delete(files.PathOf(NameOf(old.Version)));
            announcements.Announce(Topic.Tables, table.Version.ToString());
            return FencedWrite.Stored;
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<TableVersion> HighestAsync(CancellationToken cancellation) =>
        Task.FromResult(StateFiles.Try(() => List() is [StoredTable newest, ..] ? newest.Version : TableVersion.None));

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredTable>> ListAsync(CancellationToken cancellation) => Task.FromResult(StateFiles.Try(List));

    /// <inheritdoc/>
    public Task<TableReading> FetchAsync(TableVersion version, CancellationToken cancellation)
    {
        if (files.Read(NameOf(version)) is not { } bytes) return Task.FromResult(new TableReading(null, [$"table {version}: is not kept"]));
        if (!RoutingTableCodec.TryRead(bytes, out RoutingTable? table, out string fault)) return Task.FromResult(new TableReading(null, [$"table {version}: {fault}"]));
        bool isIt = table.Version == version;
        return Task.FromResult(isIt ? new TableReading(table, []) : new(null, [$"table {version}: holds version {table.Version}"]));
    }

    private static string NameOf(TableVersion version) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{version.Epoch:D12}-{version.Number:D12}{Suffix}");

    private ImmutableArray<StoredTable> List()
    {
        List<StoredTable> found = [];
        foreach (FileInfo file in new DirectoryInfo(files.Folder).EnumerateFiles(Prefix + "*" + Suffix))
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
}
