using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>
/// Replaces a connection that stands but answers nothing, or does not come back. The library waits on such a connection for ever: where a machine
/// in between has forgotten it, what is sent is lost and no end is heard.
/// </summary>
public sealed partial class RedisConnection
{
    // Silence of so many times the longest call: a server that is merely slow for once keeps its connections.
    private const int CallsOfSilence = 3;

    private readonly List<(RedisChannel Channel, Action<RedisChannel, RedisValue> Handler)> _subscriptions = [];
    private long _silentSince, _lookedAt;
    private int _isRenewing, _isDisposed;

    /// <summary>Listens to a channel, also over connections that take the place of this one.</summary>
    internal async Task SubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handler, CancellationToken cancellation)
    {
        lock (_gate) _subscriptions.Add((channel, handler));
        try
        {
            await CallAsync(async _ =>
            {
                await _multiplexer.GetSubscriber().SubscribeAsync(channel, handler).ConfigureAwait(false);
                return true;
            }, cancellation).ConfigureAwait(false);
        }
        catch
        {
            // The library keeps a handler that it could not subscribe with; a caller that tries again would hear everything twice.
            await UnsubscribeAsync(channel, handler).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends to those who listen to a channel.</summary>
    internal Task<long> PublishAsync(RedisChannel channel, RedisValue message, CancellationToken cancellation) =>
        CallAsync(_ => _multiplexer.GetSubscriber().PublishAsync(channel, message), cancellation);

    /// <summary>Listens no longer.</summary>
    internal async Task UnsubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        lock (_gate) _subscriptions.Remove((channel, handler));
        await _multiplexer.GetSubscriber().UnsubscribeAsync(channel, handler).WaitAsync(Settings.CallTimeout, _time).ConfigureAwait(false);
    }

    private void Heard() => Volatile.Write(ref _silentSince, 0);

    /// <summary>Judges a failure: silence that lasts, for whatever reason, has the connection replaced, a node that is no primary has all nodes looked at again.</summary>
    private void Judge(StoreTrouble trouble, string message)
    {
        long now = _time.GetTimestamp();
        if (trouble is not (StoreTrouble.TimedOut or StoreTrouble.Unreachable)) Heard();
        else if (Interlocked.CompareExchange(ref _silentSince, Math.Max(1, now), 0) is var since && since != 0
            && _time.GetElapsedTime(since, now) >= (CallsOfSilence - 1) * Settings.CallTimeout) _ = RenewAsync();
        // Else the library would notice at its next look around, a minute later, that a node is a primary again.
        bool isPassedOver = message.Contains("READONLY", StringComparison.Ordinal) || (trouble == StoreTrouble.Unreachable && _multiplexer.IsConnected);
        if (!isPassedOver || _time.GetElapsedTime(Volatile.Read(ref _lookedAt), now) < Settings.ConnectTimeout) return;
        Volatile.Write(ref _lookedAt, now);
        _ = ReconfigureAsync();
    }

    private async Task RenewAsync()
    {
        if (Interlocked.Exchange(ref _isRenewing, 1) == 1) return;
        try
        {
            StringWriter log = new();
            ConnectionMultiplexer next = await ConnectionMultiplexer.ConnectAsync(RedisOptions.ForData(Settings, _trust), log)
                .WaitAsync(RedisOptions.LongestOpening(Settings), _time).ConfigureAwait(false);
            if (next.IsConnected && Volatile.Read(ref _isDisposed) == 0)
            {
                await PutInPlaceAsync(next).ConfigureAwait(false);
                return;
            }
            // Only a new connection is told why it is refused; one that the library makes again is not.
            if (Faults(log) is { Length: > 0 } faults) Note($"another connection could not be made: {faults}");
            next.Dispose();
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            Note(RedisFailure.Of(e, string.Join(',', Settings.Endpoints)).Message);
        }
        finally
        {
            // Whatever came of it, the silence counts anew.
            Heard();
            Volatile.Write(ref _isRenewing, 0);
        }
    }

    private async Task PutInPlaceAsync(ConnectionMultiplexer next)
    {
        (RedisChannel Channel, Action<RedisChannel, RedisValue> Handler)[] subscriptions;
        Wire(next);
        ConnectionMultiplexer old = Interlocked.Exchange(ref _multiplexer, next);
        lock (_gate) subscriptions = [.. _subscriptions];
        Note("the connection gave no answer; another has taken its place");
        foreach ((RedisChannel channel, Action<RedisChannel, RedisValue> handler) in subscriptions)
            await next.GetSubscriber().SubscribeAsync(channel, handler).WaitAsync(Settings.CallTimeout, _time).ConfigureAwait(false);
        old.Dispose();
    }
}
