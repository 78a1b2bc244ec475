using System.Collections.Immutable;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>Small entries under one key that anyone may put and take; each change counts up the topic's revision and is announced.</summary>
internal sealed class RedisEntries(RedisConnection connection, RedisKey key, Topic topic) : IEntries
{
    private readonly string _topic = RedisAnnouncements.Word(topic);
    private readonly RedisKey[] _keys = [key, connection.Keys.Announced, RedisKeys.TakenOut(key)];

    /// <inheritdoc/>
    public async Task<long> PutAsync(string field, byte[] value, CancellationToken cancellation)
    {
        await RedisSchema.ClaimAsync(connection, cancellation).ConfigureAwait(false);
        return (long)await connection.EvaluateAsync(
            RedisScripts.PutEntry, _keys, [connection.Keys.Channel, _topic, field, value], cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> GiveBackAsync(string field, byte[] value, CancellationToken cancellation)
    {
        await RedisSchema.ClaimAsync(connection, cancellation).ConfigureAwait(false);
        return (long)await connection.EvaluateAsync(
            RedisScripts.GiveBackEntry, _keys, [connection.Keys.Channel, _topic, field, value], cancellation).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(string field, CancellationToken cancellation) => (long)await connection.EvaluateAsync(
        RedisScripts.RemoveEntry, _keys, [connection.Keys.Channel, _topic, field], cancellation).ConfigureAwait(false) > 0;

    /// <inheritdoc/>
    public async Task<(long Revision, ImmutableArray<(string Field, byte[] Value)> Entries)> ListAsync(CancellationToken cancellation)
    {
        await RedisSchema.ExistsAsync(connection, cancellation).ConfigureAwait(false);
        RedisResult[] listed = (RedisResult[])(await connection.EvaluateAsync(
            RedisScripts.ListEntries, [key, connection.Keys.Announced], [_topic], cancellation).ConfigureAwait(false))!;
        ImmutableArray<(string, byte[])>.Builder entries = ImmutableArray.CreateBuilder<(string, byte[])>(listed.Length / 2);
        for (int i = 1; i + 1 < listed.Length; i += 2) entries.Add(((string)listed[i]!, (byte[])listed[i + 1]!));
        return ((long)listed[0], entries.ToImmutable());
    }
}
