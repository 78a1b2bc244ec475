using System.Collections.Immutable;

namespace TrafficDispatch.State;

/// <summary>What became of a part.</summary>
public enum PartStore
{
    /// <summary>It is stored, and its batches are acknowledged.</summary>
    Stored,

    /// <summary>Refused: one of its batches is no longer the consumer's. Nothing changed.</summary>
    NotOwned,
}

/// <summary>What came of looking for parts.</summary>
/// <param name="Parts">Parts, oldest first.</param>
/// <param name="Behind">Parts stored after the last of them.</param>
/// <param name="Lost">True where parts left the store between the place looked from and the first of these: what they held is not to be had.</param>
public sealed record PartReading(ImmutableArray<SampleEntry> Parts, long Behind, bool Lost);

/// <summary>How the parts stand.</summary>
/// <param name="Parts">Parts kept.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="Dropped">Parts that left before their time because there were too many bytes, since the store was last empty.</param>
public sealed record PartReport(long Parts, long Bytes, long Dropped);

/// <summary>
/// What workers made of batches: small books that whoever solves adds up. A part is stored in the same step that acknowledges its batches, so
/// each batch is in exactly one part, however often it was given out. Parts are kept for as long as a sample counts. Thread-safe.
/// </summary>
public interface ISampleParts
{
    /// <summary>Most batches that make a part.</summary>
    const int MostBatches = 4000;

    /// <summary>Longest part, bytes.</summary>
    const int LongestPart = 16 << 20;

    /// <summary>Stores a part and acknowledges its batches, or neither.</summary>
    /// <param name="consumer">Who folded them.</param>
    /// <param name="batches">Their ids in the log, at most <see cref="MostBatches"/>; every one must still be the consumer's.</param>
    /// <param name="part">The part, at most <see cref="LongestPart"/> long.</param>
    /// <param name="cancellation">Gives up; it may still have been stored.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer, so it may or may not be stored: read one's own batches again.</exception>
    Task<PartStore> StoreAsync(string consumer, ImmutableArray<string> batches, ReadOnlyMemory<byte> part, CancellationToken cancellation);

    /// <summary>The batches that a consumer was given and has not acknowledged, oldest first.</summary>
    /// <param name="consumer">Who was given them.</param>
    /// <param name="after">Only those after this id; empty for all.</param>
    /// <param name="most">At least 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<ImmutableArray<SampleEntry>> OwnAsync(string consumer, string after, int most, CancellationToken cancellation);

    /// <summary>The parts after a place.</summary>
    /// <param name="after">Id of the last part that is known; empty for none: then all that are kept.</param>
    /// <param name="most">At least 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<PartReading> ReadAsync(string after, int most, CancellationToken cancellation);

    /// <summary>Whether a part was stored no later than another.</summary>
    /// <param name="part">Id of a part.</param>
    /// <param name="place">Id of the other; empty for the beginning, before which there is none.</param>
    bool IsNotAfter(string part, string place);

    /// <summary>How the parts stand.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    Task<PartReport> ReportAsync(CancellationToken cancellation);
}
