using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>
/// Moves rows to and from a hash, a field a row, in batches of about a megabyte of which a few are under way at a time: neither side ever
/// holds more than these, and Redis is never busy with one command for long.
/// </summary>
internal sealed class RedisRows(RedisConnection connection)
{
    /// <summary>How long a draft lives that nobody publishes: a writer that died leaves nothing for longer.</summary>
    public static readonly TimeSpan DraftLife = TimeSpan.FromHours(1);

    private const int BatchBytes = 1 << 20, BatchRows = 512, UnderWay = 3;

    /// <summary>Called before each batch is sent; tests end the writer there.</summary>
    public Action? BeforeStep { get; init; }

    /// <summary>Writes rows as a draft, which is gone after <see cref="DraftLife"/> unless it is published.</summary>
    /// <returns>Bytes of the rows.</returns>
    /// <exception cref="StoreUnavailableException">A batch failed; the draft must not be published.</exception>
    public async Task<long> WriteAsync(RedisKey key, int rows, Func<int, byte[]> row, CancellationToken cancellation)
    {
        Queue<Task<RedisResult>> sent = [];
        List<RedisValue> batch = [];
        long bytes = 0, batched = 0;
        for (int i = 0; i < rows; i++)
        {
            byte[] made = row(i);
            batch.AddRange([i, made]);
            bytes += made.Length;
            batched += made.Length;
            if (i < rows - 1 && batched < BatchBytes && batch.Count < 2 * BatchRows) continue;
            if (sent.Count == UnderWay) await sent.Dequeue().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            BeforeStep?.Invoke();
            sent.Enqueue(SendAsync(key, batch, cancellation));
            batch.Clear();
            batched = 0;
        }
        await Task.WhenAll(sent).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Reads rows in order; null for one that is not there.</summary>
    /// <exception cref="StoreUnavailableException">A batch failed.</exception>
    public async IAsyncEnumerable<byte[]?> ReadAsync(RedisKey key, int rows, long bytes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        int step = (int)Math.Clamp(BatchBytes / Math.Max(1, bytes / Math.Max(1, rows)), 1, BatchRows);
        Queue<Task<RedisValue[]>> asked = [];
        for (int next = 0; next < rows || asked.Count > 0;)
        {
            for (; next < rows && asked.Count < UnderWay; next += step) asked.Enqueue(AskAsync(key, next, Math.Min(step, rows - next), cancellation));
            foreach (RedisValue value in await asked.Dequeue().ConfigureAwait(false)) yield return value.IsNull ? null : (byte[]?)value ?? [];
        }
    }

    private Task<RedisResult> SendAsync(RedisKey key, List<RedisValue> batch, CancellationToken cancellation) =>
        connection.EvaluateAsync(RedisScripts.DraftRows, [key], [(long)DraftLife.TotalMilliseconds, .. batch], cancellation);

    private Task<RedisValue[]> AskAsync(RedisKey key, int first, int count, CancellationToken cancellation)
    {
        RedisValue[] fields = new RedisValue[count];
        for (int i = 0; i < count; i++) fields[i] = first + i;
        return connection.CallAsync(db => db.HashGetAsync(key, fields), cancellation);
    }
}
