using System.Buffers;
using System.Collections.Immutable;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Redis;

/// <summary>Published tables in Redis.</summary>
internal sealed class RedisTableStore(RedisArchive archive) : ITableStore
{
    /// <inheritdoc/>
    public async Task<FencedWrite> PutAsync(RoutingTable table, FencingToken token, CancellationToken cancellation)
    {
        ArrayBufferWriter<byte> bytes = new();
        RoutingTableCodec.Write(table, bytes);
        return await archive.PutAsync(table.Version, bytes.WrittenMemory, "", token, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<TableVersion> HighestAsync(CancellationToken cancellation) => archive.HighestAsync(cancellation);

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredTable>> ListAsync(CancellationToken cancellation) =>
        [.. (await archive.ListAsync(cancellation).ConfigureAwait(false)).Select(static e => new StoredTable(e.Version, e.Bytes))];

    /// <inheritdoc/>
    public async Task<TableReading> FetchAsync(TableVersion version, CancellationToken cancellation)
    {
        ImmutableArray<ArchiveEntry> entries = await archive.ListAsync(cancellation).ConfigureAwait(false);
        if (entries.FirstOrDefault(e => e.Version == version) is not { } entry) return new(null, [$"table {version}: is not kept"]);
        (byte[]? content, string fault) = await archive.FetchAsync(entry, cancellation).ConfigureAwait(false);
        if (content is null) return new(null, [$"table {version}: {fault}"]);
        if (!RoutingTableCodec.TryRead(content, out RoutingTable? table, out fault)) return new(null, [$"table {version}: {fault}"]);
        return table.Version == version ? new(table, []) : new(null, [$"table {version}: holds version {table.Version}"]);
    }
}
