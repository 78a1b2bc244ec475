using StackExchange.Redis;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.State.Redis;

/// <summary>The billing book in Redis, with the copy before it.</summary>
internal sealed class RedisBillingStore(RedisConnection connection) : IBillingStore
{
    /// <inheritdoc/>
    public async Task<FencedWrite> SaveAsync(BillingBook book, FencingToken token, CancellationToken cancellation)
    {
        await RedisSchema.ClaimAsync(connection, cancellation).ConfigureAwait(false);
        byte[] text = BookText.Write(book);
        RedisResult answer = await connection.EvaluateAsync(
            RedisScripts.SaveBilling, [connection.Keys.Lease, connection.Keys.Billing], [token.Number, token.Holder, text, BookText.Checksum(text)],
            cancellation).ConfigureAwait(false);
        return (int)answer == 1 ? FencedWrite.Stored : FencedWrite.StaleToken;
    }

    /// <inheritdoc/>
    public async Task<BillingReading> LoadAsync(CancellationToken cancellation)
    {
        await RedisSchema.ExistsAsync(connection, cancellation).ConfigureAwait(false);
        RedisValue[] held = await connection.CallAsync(
            db => db.HashGetAsync(connection.Keys.Billing, ["book", "sha256", "before", "before.sha256"]), cancellation).ConfigureAwait(false);
        List<string> faults = [];
        BillingBook? book = BookText.Read(held[0], held[1], "billing book", faults) ?? BookText.Read(held[2], held[3], "billing book before it", faults);
        return new(book, [.. faults]);
    }
}
