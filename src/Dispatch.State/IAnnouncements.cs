namespace TrafficDispatch.State;

/// <summary>What an announcement is about.</summary>
public enum Topic
{
    /// <summary>A world was written; the text is its generation.</summary>
    World,

    /// <summary>A table was published; the text is its version.</summary>
    Tables,

    /// <summary>The overrides changed; the text is their revision.</summary>
    Overrides,

    /// <summary>The registry of streams changed; the text is its revision.</summary>
    Streams,

    /// <summary>Publishing was stopped or let go on; the text is the revision.</summary>
    Freeze,
}

/// <summary>Something that others may want to look at now.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="Sequence">Grows by one with each announcement of the topic, from 1; 0 where there was none.</param>
/// <param name="Text">What changed, as <see cref="State.Topic"/> says.</param>
public sealed record Announcement(Topic Topic, long Sequence, string Text);

/// <summary>
/// Tells others that something changed. An announcement may be lost, late or doubled; what it speaks of is stored before it, so whoever
/// also polls misses nothing. Thread-safe.
/// </summary>
public interface IAnnouncements
{
    /// <summary>The last announcement of a topic, for polling.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<Announcement> LatestAsync(Topic topic, CancellationToken cancellation);

    /// <summary>Calls back on every announcement from now on, on a thread of the store; the callback must be quick and must not throw.</summary>
    /// <returns>Ends the subscription. It outlives lost connections; announcements made meanwhile are not brought up.</returns>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<IAsyncDisposable> SubscribeAsync(Action<Announcement> heard, CancellationToken cancellation);
}
