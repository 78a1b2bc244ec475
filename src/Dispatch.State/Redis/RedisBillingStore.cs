using StackExchange.Redis;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.State.Redis;

/// <summary>The billing books in Redis: of each month the book, the copy before it and both checksums.</summary>
internal sealed class RedisBillingStore(RedisConnection connection) : IBillingStore
{
    /// <inheritdoc/>
    public async Task<FencedWrite> SaveAsync(BillingMonth month, FencingToken token, CancellationToken cancellation)
    {
        await RedisSchema.ClaimAsync(connection, cancellation).ConfigureAwait(false);
        byte[] text = BookText.Write(month.Book);
        RedisResult answer = await connection.EvaluateAsync(
            RedisScripts.SaveBilling, [connection.Keys.Lease, connection.Keys.Billing],
            [token.Number, token.Holder, BookText.MonthOf(month.Start), text, BookText.Checksum(text), IBillingStore.KeptMonths], cancellation).ConfigureAwait(false);
        return (int)answer == 1 ? FencedWrite.Stored : FencedWrite.StaleToken;
    }

    /// <inheritdoc/>
    public async Task<BillingReading> LoadAsync(CancellationToken cancellation)
    {
        await RedisSchema.ExistsAsync(connection, cancellation).ConfigureAwait(false);
        HashEntry[] all = await connection.CallAsync(db => db.HashGetAllAsync(connection.Keys.Billing), cancellation).ConfigureAwait(false);
        Dictionary<string, RedisValue> held = all.ToDictionary(static e => (string)e.Name!, static e => e.Value, StringComparer.Ordinal);
        List<string> faults = [];
        // YYYY-MM sorts as the months do.
        foreach (string month in held.Keys.Select(static f => f.Split(':')[0]).Distinct(StringComparer.Ordinal).OrderDescending(StringComparer.Ordinal))
        {
            if (!BookText.TryReadMonth(month, out DateTimeOffset start)) continue;
            BillingBook? book = BookText.Read(Field(month), Field(month + ":sha256"), $"billing book {month}", faults)
                ?? BookText.Read(Field(month + ":before"), Field(month + ":before.sha256"), $"billing book {month} before it", faults);
            if (book is not null) return new(new(start, book), [.. faults]);
        }
        return new(null, [.. faults]);

        RedisValue Field(string name) => held.GetValueOrDefault(name);
    }
}
