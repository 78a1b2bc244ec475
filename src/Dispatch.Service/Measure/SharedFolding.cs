using System.Collections.Immutable;
using TrafficDispatch.Measure;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// One of any number of workers: folds batches into a small book, stores it as a part in the step that acknowledges them, and, where this process may
/// lead, reads everybody's parts. A batch counts once although it may be given out often: a part of which one batch was given to another meanwhile
/// is refused and dropped.
/// </summary>
internal sealed class SharedFolding(
    ISampleLog log, ISampleParts parts, PartMaker maker, TailOf of, SampleWorld world, SampleFolder folder, TelemetryBoard board, TimeProvider time,
    ILogger<SharedFolding> logger) : IFolding
{
    private const int AtOnce = 256;
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(1);

    private readonly PartTail? _tail = of.Tail;
    private readonly SampleReader _reader = new(log, time);
    private bool _readsOwn;
    private string _ownAfter = "";
    private long _stored, _refused;
    private DateTimeOffset _told = DateTimeOffset.MinValue;

    /// <inheritdoc/>
    public bool Step(CancellationToken stop)
    {
        world.Look();
        if (folder.World is not { } facts || !maker.Take(facts)) return false;
        bool isNews = _tail?.Step(stop) ?? false;
        ImmutableArray<SampleEntry> entries = _readsOwn ? Own(stop) : _reader.Next(AtOnce, stop);
        foreach (SampleEntry entry in entries)
        {
            maker.Fold(entry);
            if (maker.IsLarge) Store(stop);
        }
        if (maker.IsDue) Store(stop);
        Tell(stop);
        return isNews || !entries.IsEmpty;
    }

    /// <inheritdoc/>
    public void Stumble()
    {
        // Whether the part was stored is not known. What this worker still has in its name was not; all else is no longer its own.
        maker.Drop();
        (_readsOwn, _ownAfter) = (true, "");
    }

    /// <inheritdoc/>
    public void End(CancellationToken patience)
    {
        if (!maker.IsEmpty) Store(patience);
        _tail?.End(patience);
    }

    private ImmutableArray<SampleEntry> Own(CancellationToken stop)
    {
        ImmutableArray<SampleEntry> own = parts.OwnAsync(_reader.Consumer, _ownAfter, AtOnce, stop).GetAwaiter().GetResult();
        if (own.IsEmpty) (_readsOwn, _ownAfter) = (false, "");
        else _ownAfter = own[^1].Id;
        return own;
    }

    private void Store(CancellationToken stop)
    {
        (ImmutableArray<string> batches, ReadOnlyMemory<byte> part) = maker.Make();
        if (parts.StoreAsync(_reader.Consumer, batches, part, stop).GetAwaiter().GetResult() == PartStore.Stored)
        {
            maker.Stored();
            _stored++;
            return;
        }
        _refused++;
        MeasureLog.PartRefused(logger, batches.Length);
        Stumble();
    }

    private void Tell(CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        if ((now - _told).Duration() < TellInterval) return;
        _told = now;
        SampleLogReport report = log.ReportAsync(stop).GetAwaiter().GetResult();
        PartReport kept = parts.ReportAsync(stop).GetAwaiter().GetResult();
        (MeasureUse use, DateTimeOffset? newest) = folder.Standing();
        board.Note(maker.Summary() with
        {
            Newest = newest,
            Use = use,
            Backlog = report.Backlog,
            Pending = report.Pending,
            OldestAge = report.OldestAge,
            Dropped = report.Dropped,
            Parts = new(_stored, _refused, _tail?.Merged ?? 0, _tail?.Behind ?? 0, _tail?.Lost ?? 0, kept.Parts, kept.Bytes, kept.Dropped),
        });
    }
}
