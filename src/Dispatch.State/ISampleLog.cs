using System.Collections.Immutable;

namespace TrafficDispatch.State;

/// <summary>What came of appending a batch.</summary>
public enum SampleAppend
{
    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>It was stored before.</summary>
    Known,

    /// <summary>There is no room until something is folded.</summary>
    Full,
}

/// <summary>A batch that waits to be folded.</summary>
/// <param name="Id">Its place in the log.</param>
/// <param name="Payload">The batch as it was appended.</param>
public sealed record SampleEntry(string Id, ReadOnlyMemory<byte> Payload);

/// <summary>How a log stands.</summary>
/// <param name="Backlog">Batches that are not acknowledged.</param>
/// <param name="Pending">Of those, batches that some consumer has been given.</param>
/// <param name="Dropped">Batches that were trimmed unread.</param>
/// <param name="OldestAge">How long ago the oldest batch that is not acknowledged was stored; zero where there is none.</param>
public sealed record SampleLogReport(long Backlog, long Pending, long Dropped, TimeSpan OldestAge = default);

/// <summary>
/// Batches of samples on their way to whoever folds them. Consumers share the work: each batch is given to one, and given again to another
/// where it is not acknowledged, so it arrives at least once. Bounded. Thread-safe.
/// </summary>
public interface ISampleLog
{
    /// <summary>Appends a batch.</summary>
    /// <param name="name">Names the batch; the same name is stored once while the log remembers it.</param>
    /// <param name="payload">The batch.</param>
    /// <param name="cancellation">Gives up; it may still have been stored.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<SampleAppend> AppendAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellation);

    /// <summary>Takes batches that nobody has been given, oldest first; none where there are none now.</summary>
    /// <param name="consumer">Who takes them, unique among consumers.</param>
    /// <param name="most">At least 1.</param>
    /// <param name="cancellation">Gives up; batches already given stay the consumer's until they are claimed.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<ImmutableArray<SampleEntry>> ReadAsync(string consumer, int most, CancellationToken cancellation);

    /// <summary>Takes over batches that a consumer was given so long ago and has not acknowledged.</summary>
    /// <param name="consumer">Who takes them.</param>
    /// <param name="idle">How long ago at least.</param>
    /// <param name="most">At least 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<ImmutableArray<SampleEntry>> ClaimAsync(string consumer, TimeSpan idle, int most, CancellationToken cancellation);

    /// <summary>Says that batches are folded; they leave the log. Unknown ids are passed over.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task AcknowledgeAsync(ImmutableArray<string> ids, CancellationToken cancellation);

    /// <summary>Ends when there may be something to read, or after so long.</summary>
    Task WaitAsync(TimeSpan longest, CancellationToken cancellation);

    /// <summary>How the log stands.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<SampleLogReport> ReportAsync(CancellationToken cancellation);
}
