using System.Collections.Immutable;

namespace TrafficDispatch.State;

/// <summary>Broadcasts within one process: listeners are called on the sender's thread. Thread-safe.</summary>
public sealed class LocalBroadcasts : IBroadcasts
{
    private readonly Lock _gate = new();
    private ImmutableArray<Listener> _listeners = [];

    /// <inheritdoc/>
    public Task SendAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        BroadcastRules.Check(channel, message);
        cancellation.ThrowIfCancellationRequested();
        ImmutableArray<Listener> listeners;
        lock (_gate) listeners = _listeners;
        // The sender may use its bytes again.
        byte[] sent = message.ToArray();
        foreach (Listener listener in listeners)
            if (listener.Channel == channel) listener.Hear(sent);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> heard, CancellationToken cancellation)
    {
        BroadcastRules.Check(channel);
        cancellation.ThrowIfCancellationRequested();
        Listener listener = new(this, channel, heard);
        lock (_gate) _listeners = _listeners.Add(listener);
        return Task.FromResult<IAsyncDisposable>(listener);
    }

    private sealed class Listener(LocalBroadcasts source, string channel, Action<ReadOnlyMemory<byte>> heard) : IAsyncDisposable
    {
        private readonly Lock _turn = new();

        public string Channel => channel;

        public void Hear(ReadOnlyMemory<byte> message)
        {
            lock (_turn) heard(message);
        }

        public ValueTask DisposeAsync()
        {
            lock (source._gate) source._listeners = source._listeners.Remove(this);
            return ValueTask.CompletedTask;
        }
    }
}
