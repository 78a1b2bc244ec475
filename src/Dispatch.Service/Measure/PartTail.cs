using TrafficDispatch.Measure;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// Reads what all workers made of batches into the book that this process solves from, or will when it leads. It begins with what was kept and the
/// oldest part, and begins so again where parts were lost to it. Used by the fold thread alone.
/// </summary>
internal sealed class PartTail(ISampleParts parts, SampleFolder folder, MeasureKeeper keeper, TimeProvider time, ILogger<PartTail> logger)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private string _after = "";
    private string? _kept;
    private DateTimeOffset _looked = DateTimeOffset.MinValue;

    /// <summary>Parts in the book.</summary>
    public long Merged { get; private set; }

    /// <summary>Parts that wait to be read.</summary>
    public long Behind { get; private set; }

    /// <summary>Times that parts left before they were read, and the book was made anew.</summary>
    public long Lost { get; private set; }

    /// <summary>Parts that could not be read.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Reads what has come; some parts at a time.</summary>
    /// <returns>False where there was nothing.</returns>
    public bool Step(CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (Behind == 0 && (now - _looked).Duration() < Interval) return false;
        _looked = now;
        _kept ??= keeper.Recall(stop);
        PartReading reading = parts.ReadAsync(_after, AtOnce, stop).GetAwaiter().GetResult();
        if (reading.Lost) return BeginAgain();
        foreach (SampleEntry part in reading.Parts) Merge(part);
        Behind = reading.Behind;
        keeper.KeepIfDue(_after, stop);
        return !reading.Parts.IsEmpty;
    }

    /// <summary>Keeps what lives longer than its samples, at the end of the process.</summary>
    public void End(CancellationToken patience)
    {
        if (_kept is not null) keeper.Keep(_after, patience);
    }

    private void Merge(SampleEntry part)
    {
        // What was kept has the resolvers of these parts in it; paths and loads are in the parts alone.
        BookKinds kinds = parts.IsNotAfter(part.Id, _kept!) ? BookKinds.Paths | BookKinds.Loads : BookKinds.Part;
        if (folder.Merge(part.Payload, kinds)) Merged++;
        else if (Unreadable++ == 0) MeasureLog.UnreadablePart(logger, part.Id);
        _after = part.Id;
    }

    private bool BeginAgain()
    {
        MeasureLog.PartsLost(logger, _after);
        folder.Forget();
        (_after, _kept, Behind) = ("", null, 1);
        Lost++;
        return true;
    }
}
