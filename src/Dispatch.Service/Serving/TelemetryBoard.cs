using System.Runtime.CompilerServices;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Serving;

/// <summary>How the measuring goes, for status and metrics: whoever folds writes, anyone reads. Thread-safe.</summary>
public sealed class TelemetryBoard
{
    private readonly long[] _refused = new long[SampleRules.FaultCount];
    private MadeFacts? _made;
    private Func<ClientAddress, string?>? _mainRegionOf;
    private StrongBox<SampleAges>? _ages;
    private TelemetrySummary _summary = TelemetrySummary.Nothing;

    /// <summary>What the last solve began with; null before the first.</summary>
    public MeasuredFacts? Facts => Made?.Facts;

    /// <summary>The same, and when it was made.</summary>
    public MadeFacts? Made => Volatile.Read(ref _made);

    /// <summary>How old samples were when the last table solved here with them came into force; null before the first.</summary>
    public SampleAges? Ages => Volatile.Read(ref _ages)?.Value;

    /// <summary>Figures of the folding.</summary>
    public TelemetrySummary Summary => Volatile.Read(ref _summary);

    /// <summary>Samples that ended so, at the door or in the folding.</summary>
    public long CountOf(SampleFault fault) => Volatile.Read(ref _refused[(int)fault]) + Summary.Counts[(int)fault];

    /// <summary>Id of the region that most clients of a resolver are from, by the last solve here or by what the leader keeps; null where that is not known.</summary>
    public string? MainRegionOf(ClientAddress resolver) => Volatile.Read(ref _mainRegionOf)?.Invoke(resolver);

    /// <summary>Notes what a solve begins with.</summary>
    public void Note(MeasuredFacts facts, DateTimeOffset at)
    {
        Volatile.Write(ref _made, new(facts, at));
        Volatile.Write(ref _mainRegionOf, facts.MainRegionOf);
    }

    /// <summary>Notes what another process knows of resolvers.</summary>
    public void Note(ResolverDirectory resolvers) => Volatile.Write(ref _mainRegionOf, resolvers.MainRegionOf);

    /// <summary>Notes how old samples were when a table came into force.</summary>
    public void Note(SampleAges ages) => Volatile.Write(ref _ages, new(ages));

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

    /// <summary>Of the backlog, batches that some worker has in hand.</summary>
    public long Pending { get; init; }

    /// <summary>How long ago the oldest batch of the backlog was stored.</summary>
    public TimeSpan OldestAge { get; init; }

    /// <summary>What workers hand to each other; null where this process folds for itself alone.</summary>
    public PartFigures? Parts { get; init; }
}

/// <summary>What workers hand to each other. Immutable.</summary>
/// <param name="Stored">Parts that this worker stored.</param>
/// <param name="Refused">Parts of this worker that were refused because another had taken a batch over; their batches counted elsewhere or later.</param>
/// <param name="Merged">Parts, of all workers, that are in the book here.</param>
/// <param name="Behind">Parts that are not in it yet.</param>
/// <param name="Lost">Times that the book was made anew because parts left the store unread.</param>
/// <param name="Kept">Parts in the store.</param>
/// <param name="KeptBytes">Bytes of them.</param>
/// <param name="Dropped">Parts that left the store before their time, for the bound on bytes.</param>
public sealed record PartFigures(long Stored, long Refused, long Merged, long Behind, long Lost, long Kept, long KeptBytes, long Dropped);

/// <summary>Facts and when they were made. Immutable.</summary>
/// <param name="Facts">The facts.</param>
/// <param name="At">When.</param>
public sealed record MadeFacts(MeasuredFacts Facts, DateTimeOffset At);
