using System.Collections.Immutable;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>Folds batches straight into the book that this process alone solves with: reads, folds, acknowledges.</summary>
internal sealed class LocalFolding(ISampleLog log, SampleFolder folder, MeasureKeeper keeper, TelemetryBoard board, TimeProvider time) : IFolding
{
    private const int AtOnce = 64;

    private readonly SampleReader _reader = new(log, time);
    private bool _isRecalled;

    /// <inheritdoc/>
    public bool Step(CancellationToken stop)
    {
        if (folder.World is null) return false;
        if (!_isRecalled) keeper.Recall(stop);
        _isRecalled = true;
        keeper.KeepIfDue("", stop);
        ImmutableArray<SampleEntry> entries = _reader.Next(AtOnce, stop);
        if (entries.IsEmpty) return false;
        foreach (SampleEntry entry in entries) folder.TryFold(entry.Payload);
        log.AcknowledgeAsync([.. entries.Select(static e => e.Id)], stop).GetAwaiter().GetResult();
        SampleLogReport report = log.ReportAsync(stop).GetAwaiter().GetResult();
        board.Note(folder.Summary() with { Backlog = report.Backlog, Pending = report.Pending, OldestAge = report.OldestAge, Dropped = report.Dropped });
        return true;
    }

    /// <inheritdoc/>
    public void Stumble()
    {
        // What was read comes again by itself, after it was left for a while; the book knows what it has counted.
    }

    /// <inheritdoc/>
    public void End(CancellationToken patience)
    {
        if (_isRecalled) keeper.Keep("", patience);
    }
}
