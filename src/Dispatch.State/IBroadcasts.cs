namespace TrafficDispatch.State;

/// <summary>
/// Small messages to every process that shares the store, at once and kept nowhere: one may be lost, late or doubled, so a sender says the same again
/// while it holds. Messages of one sender that arrive keep their order. Thread-safe.
/// </summary>
/// <remarks>A store in a folder has listeners in the process that opened it only.</remarks>
public interface IBroadcasts
{
    /// <summary>Most bytes of a message.</summary>
    const int MostBytes = 64 * 1024;

    /// <summary>Sends a message to whoever listens on the channel now, the sender itself among them.</summary>
    /// <param name="channel">1 to 64 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, all ASCII.</param>
    /// <param name="message">At most <see cref="MostBytes"/>; may be empty.</param>
    /// <param name="cancellation">Gives up; it may still be sent.</param>
    /// <exception cref="ArgumentException">A part breaks its rule.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer; it may still have been sent.</exception>
    Task SendAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellation);

    /// <summary>Calls back on every message from now on, one at a time, on a thread of the store or of a sender; the callback must be quick, must not throw and must not write to the bytes.</summary>
    /// <param name="channel">As in <see cref="SendAsync"/>.</param>
    /// <param name="heard">Takes the bytes as they were sent.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Ends the subscription. It outlives lost connections; what is sent meanwhile is lost.</returns>
    /// <exception cref="ArgumentException">The channel breaks its rule.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer; then nothing is subscribed.</exception>
    Task<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> heard, CancellationToken cancellation);
}
