using TrafficDispatch.Measure;

namespace TrafficDispatch.Service.Serving;

/// <summary>How the measuring goes, for status and metrics: whoever folds writes, anyone reads. Thread-safe.</summary>
public sealed class TelemetryBoard
{
    private readonly long[] _refused = new long[SampleRules.FaultCount];
    private MeasuredFacts? _facts;
    private TelemetrySummary _summary = TelemetrySummary.Nothing;

    /// <summary>What the last solve began with; null before the first.</summary>
    public MeasuredFacts? Facts => Volatile.Read(ref _facts);

    /// <summary>Figures of the folding.</summary>
    public TelemetrySummary Summary => Volatile.Read(ref _summary);

    /// <summary>Samples that ended so, at the door or in the folding.</summary>
    public long CountOf(SampleFault fault) => Volatile.Read(ref _refused[(int)fault]) + Summary.Counts[(int)fault];

    /// <summary>Notes what a solve begins with.</summary>
    public void Note(MeasuredFacts facts) => Volatile.Write(ref _facts, facts);

    /// <summary>Notes how the folding stands.</summary>
    public void Note(TelemetrySummary summary) => Volatile.Write(ref _summary, summary);

    /// <summary>Counts samples that were refused before they were stored.</summary>
    public void Refuse(SampleFault fault, long samples) => Interlocked.Add(ref _refused[(int)fault], samples);
}

/// <summary>Figures of the folding since the start. Immutable.</summary>
/// <param name="Batches">Batches that counted.</param>
/// <param name="Counts">Samples by how they ended; indexed by <see cref="SampleFault"/>.</param>
/// <param name="Unreadable">Batches in the store that are no batches.</param>
/// <param name="Newest">When the newest sample that counts was taken; null before the first.</param>
/// <param name="Lag">Age of the last batch when it was folded.</param>
/// <param name="Backlog">Batches stored and not folded.</param>
/// <param name="Dropped">Batches that the store trimmed unread.</param>
/// <param name="Use">How full the book is.</param>
/// <param name="LastError">The last trouble with the store in words; empty after a success.</param>
public sealed record TelemetrySummary(
    long Batches, long[] Counts, long Unreadable, DateTimeOffset? Newest, TimeSpan Lag, long Backlog, long Dropped, MeasureUse Use, string LastError)
{
    /// <summary>Nothing was folded yet.</summary>
    public static readonly TelemetrySummary Nothing = new(0, new long[SampleRules.FaultCount], 0, null, TimeSpan.Zero, 0, 0, default, "");
}
