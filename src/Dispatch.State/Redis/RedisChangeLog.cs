using System.Collections.Immutable;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>Changes as a capped Redis stream.</summary>
internal sealed class RedisChangeLog(RedisConnection connection) : IChangeLog
{
    /// <summary>KEYS stream; ARGV most, line.</summary>
    private const string Append = "return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'line', ARGV[2])";

    /// <summary>KEYS stream; ARGV most. Gives lines, newest first.</summary>
    private const string Latest = """
        local lines = {}
        for _, entry in ipairs(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[1])) do lines[#lines + 1] = entry[2][2] end
        return lines
        """;

    /// <inheritdoc/>
    public async Task AppendAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation)
    {
        await RedisSchema.ClaimAsync(connection, cancellation).ConfigureAwait(false);
        await connection.EvaluateAsync(Append, [connection.Keys.Changes], [IChangeLog.Kept, line.ToArray()], cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<byte[]>?> LatestAsync(int most, CancellationToken cancellation)
    {
        await RedisSchema.ExistsAsync(connection, cancellation).ConfigureAwait(false);
        RedisResult[] lines = (RedisResult[])(await connection.EvaluateAsync(Latest, [connection.Keys.Changes], [most], cancellation).ConfigureAwait(false))!;
        return [.. lines.Select(static l => (byte[])l!)];
    }
}
