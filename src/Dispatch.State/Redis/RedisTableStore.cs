using System.Collections.Immutable;
using System.Globalization;
using StackExchange.Redis;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Redis;

/// <summary>Published tables in Redis.</summary>
internal sealed class RedisTableStore(RedisConnection connection, RedisArchive archive) : ITableStore
{
    /// <inheritdoc/>
    public Task<FencedWrite> PutAsync(EncodedTable table, FencingToken token, CancellationToken cancellation) =>
        archive.PutAsync(table.Version, table.Bytes, token, cancellation);

    /// <inheritdoc/>
    public Task<TableVersion> HighestAsync(CancellationToken cancellation) => archive.HighestAsync(cancellation);

    /// <inheritdoc/>
    public Task<bool> MayHaveForgottenAsync(CancellationToken cancellation) => archive.MayHaveForgottenAsync(cancellation);

    /// <inheritdoc/>
    public async Task<FencedWrite> ConfirmAsync(TableVersion version, FencingToken token, CancellationToken cancellation)
    {
        RedisKey[] keys = [connection.Keys.Lease, connection.Keys.Confirmed, connection.Keys.ArchiveHighest(RedisState.TablesName)];
        RedisResult answer = await connection.EvaluateAsync(
            RedisScripts.Confirm, keys, [token.Number, token.Holder, VersionText.Of(version)], cancellation).ConfigureAwait(false);
        return (int)answer switch
        {
            1 => FencedWrite.Stored,
            2 => FencedWrite.NotNewer,
            _ => FencedWrite.StaleToken,
        };
    }

    /// <inheritdoc/>
    public async Task<TablesStanding> StandingAsync(CancellationToken cancellation)
    {
        await RedisSchema.ExistsAsync(connection, cancellation).ConfigureAwait(false);
        RedisKey[] keys = [connection.Keys.ArchiveHighest(RedisState.TablesName), connection.Keys.Confirmed, connection.Keys.Lease];
        string[] answer = (string[])(await connection.EvaluateAsync(RedisScripts.Standing, keys, [], cancellation).ConfigureAwait(false))!;
        VersionText.TryRead(answer[0], out TableVersion highest);
        string[] confirmed = answer[1].Split(' ');
        bool isKnown = VersionText.TryRead(confirmed[0], out TableVersion held)
            & long.TryParse(confirmed[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long at)
            & long.TryParse(answer[2], NumberStyles.None, CultureInfo.InvariantCulture, out long now);
        return isKnown
            ? new(highest, held, TimeSpan.FromMilliseconds(Math.Max(0, now - at)), answer[3])
            : new(highest, TableVersion.None, TimeSpan.Zero, answer[3]);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredTable>> ListAsync(CancellationToken cancellation) =>
        [.. (await archive.ListAsync(cancellation).ConfigureAwait(false)).Select(static e => new StoredTable(e.Version, e.Bytes))];

    /// <inheritdoc/>
    public async Task<TableFetch> FetchAsync(TableVersion version, CancellationToken cancellation)
    {
        ImmutableArray<ArchiveEntry> entries = await archive.ListAsync(cancellation).ConfigureAwait(false);
        if (entries.FirstOrDefault(e => e.Version == version) is not { } entry) return new(null, "is not kept");
        (byte[]? content, string fault) = await archive.FetchAsync(entry, cancellation).ConfigureAwait(false);
        return content is null ? new(null, fault) : new(new(version, content), "");
    }
}
