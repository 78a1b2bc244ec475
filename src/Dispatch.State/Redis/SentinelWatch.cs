using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>
/// Listens to Sentinels and has the data connection look for the new primary when one was named. The library has no Sentinel support of
/// its own: without this it would find the new primary only at its next look around, a minute later.
/// </summary>
internal sealed class SentinelWatch : IAsyncDisposable
{
    private const string Switched = "+switch-master";
    private readonly Task<ConnectionMultiplexer?> _opening;

    private SentinelWatch(Task<ConnectionMultiplexer?> opening) => _opening = opening;

    /// <summary>Starts to listen in the background: Sentinels that are down must not keep the data connection waiting.</summary>
    public static SentinelWatch Start(RedisSettings settings, RedisTrust? trust, RedisConnection data) => new(OpenAsync(settings, trust, data));

    public async ValueTask DisposeAsync()
    {
        if (await _opening.ConfigureAwait(false) is { } multiplexer) multiplexer.Dispose();
    }

    private static async Task<ConnectionMultiplexer?> OpenAsync(RedisSettings settings, RedisTrust? trust, RedisConnection data)
    {
        try
        {
            ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(RedisOptions.ForSentinels(settings, trust)).ConfigureAwait(false);
            await multiplexer.GetSubscriber().SubscribeAsync(Switched, (_, _) => _ = data.ReconfigureAsync()).ConfigureAwait(false);
            return multiplexer;
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            data.Note($"Sentinel: {RedisFailure.Of(e, string.Join(',', settings.Sentinels)).Message}");
            return null;
        }
    }
}
