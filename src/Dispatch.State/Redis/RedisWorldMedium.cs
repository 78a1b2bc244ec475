using StackExchange.Redis;
using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State.Redis;

/// <summary>A world's tables as hashes of rows, put in force by one script.</summary>
internal sealed class RedisWorldMedium(RedisConnection connection, WorldPlace place) : IWorldMedium
{
    /// <summary>Called before each batch is sent; tests end the writer there.</summary>
    public Action? BeforeStep { get; init; }

    private RedisKeys Keys => connection.Keys;

    /// <inheritdoc/>
    public async Task<byte[]?> StampAsync(CancellationToken cancellation)
    {
        if (!await RedisSchema.ExistsAsync(connection, cancellation).ConfigureAwait(false)) return null;
        return await connection.CallAsync(db => db.StringGetAsync(Keys.WorldStamp(place)), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<long> NextGenerationAsync(CancellationToken cancellation)
    {
        await RedisSchema.ClaimAsync(connection, cancellation).ConfigureAwait(false);
        return await connection.CallAsync(db => db.StringIncrementAsync(Keys.WorldGeneration(place)), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<long> WriteAsync(long generation, string table, int rows, Func<int, byte[]> row, CancellationToken cancellation) =>
        new RedisRows(connection) { BeforeStep = BeforeStep }.WriteAsync(Keys.WorldTable(place, generation, table), rows, row, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<byte[]?> ReadAsync(TableStamp table, CancellationToken cancellation) =>
        new RedisRows(connection).ReadAsync(Keys.WorldTable(place, table.Generation, table.Name), table.Rows, table.Bytes, cancellation);

    /// <inheritdoc/>
    public async Task<(PublishOutcome Outcome, string Detail)> PublishAsync(WorldStamp stamp, long? basis, CancellationToken cancellation)
    {
        RedisKey[] keys = [Keys.WorldStamp(place), Keys.SchemaKey, Keys.Announced, .. stamp.Tables.Select(t => Keys.WorldTable(place, t.Generation, t.Name))];
        RedisValue[] values =
        [
            RedisKeys.Schema, stamp.Generation, basis is { } from ? from : "", StampText.Write(stamp), (long)place.Grace.TotalMilliseconds, Keys.WorldTables(place),
            place.IsAnnounced ? Keys.Channel : "", .. stamp.Tables.Select(static t => (RedisValue)t.Rows),
        ];
        RedisResult[] answer = (RedisResult[])(await connection.EvaluateAsync(RedisScripts.PublishWorld, keys, values, cancellation).ConfigureAwait(false))!;
        string detail = answer.Length > 1 ? (string)answer[1]! : "";
        return (string)answer[0]! switch
        {
            "stored" => (PublishOutcome.Stored, detail),
            "changed" => (PublishOutcome.Changed, detail),
            "newer" => (PublishOutcome.Newer, detail),
            "missing" => (PublishOutcome.Missing, detail),
            _ => throw new StoreUnavailableException(StoreTrouble.ForeignSchema,
                $"Key {Keys.SchemaKey} was changed or deleted while the world was written; nothing was put in force. Write it again."),
        };
    }
}
