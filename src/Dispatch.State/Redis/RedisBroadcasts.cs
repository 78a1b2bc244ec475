using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>Broadcasts over channels of Redis. A Cluster hands them on to every node, so it does not matter which one a process listens at.</summary>
internal sealed class RedisBroadcasts(RedisConnection connection) : IBroadcasts
{
    /// <inheritdoc/>
    public async Task SendAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        BroadcastRules.Check(channel, message);
        await connection.PublishAsync(NameOf(channel), message.ToArray(), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> heard, CancellationToken cancellation)
    {
        BroadcastRules.Check(channel);
        Lock turn = new();
        Subscription subscription = new(connection, NameOf(channel), Hear);
        await connection.SubscribeAsync(NameOf(channel), Hear, cancellation).ConfigureAwait(false);
        return subscription;

        void Hear(RedisChannel _, RedisValue message)
        {
            byte[] bytes = message!;
            lock (turn) heard(bytes);
        }
    }

    private RedisChannel NameOf(string channel) => new(connection.Keys.Broadcast(channel), RedisChannel.PatternMode.Literal);

    private sealed class Subscription(RedisConnection connection, RedisChannel channel, Action<RedisChannel, RedisValue> handler) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await connection.UnsubscribeAsync(channel, handler).ConfigureAwait(false);
            }
            catch (Exception e) when (RedisFailure.Is(e))
            {
                // The connection is gone, and with it the subscription at the server; the handler was taken out before the server was asked.
            }
        }
    }
}
