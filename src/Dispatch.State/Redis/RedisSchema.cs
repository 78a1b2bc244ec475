using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>Sees to it that nobody reads or writes keys of a schema that he does not know.</summary>
internal static class RedisSchema
{
    /// <summary>Checks the schema before a read.</summary>
    /// <returns>False where there is nothing under the prefix yet.</returns>
    /// <exception cref="StoreUnavailableException">It is another schema, or there is no answer.</exception>
    public static async Task<bool> ExistsAsync(RedisConnection connection, CancellationToken cancellation)
    {
        RedisValue found = await connection.CallAsync(db => db.StringGetAsync(connection.Keys.SchemaKey), cancellation).ConfigureAwait(false);
        if (found.IsNull || found == RedisKeys.Schema) return !found.IsNull;
        throw new StoreUnavailableException(StoreTrouble.ForeignSchema,
            $"Redis holds schema '{found}' under the prefix '{connection.Settings.Prefix}' (key {connection.Keys.SchemaKey}); this build knows schema " +
            $"{RedisKeys.Schema} only. Use a build of that schema, or another prefix.");
    }

    /// <summary>Claims the prefix for our schema before a write.</summary>
    /// <exception cref="StoreUnavailableException">It holds another schema, or there is no answer.</exception>
    public static async Task ClaimAsync(RedisConnection connection, CancellationToken cancellation)
    {
        await connection.CallAsync(db => db.StringSetAsync(connection.Keys.SchemaKey, RedisKeys.Schema, when: When.NotExists), cancellation).ConfigureAwait(false);
        await ExistsAsync(connection, cancellation).ConfigureAwait(false);
    }
}
