using System.Buffers;
using System.Collections.Immutable;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// The small book of what one worker has folded since its last part, and the batches that are in it. Counts only what was stored. Used by the
/// fold thread alone.
/// </summary>
internal sealed class PartMaker(TelemetrySettings settings, SampleFolder folder, TelemetryBoard board, TimeProvider time)
{
    // A part of so many entries is about half a megabyte; a batch adds a thousand at most.
    private const int MostEntries = 16_384, Room = 4 * MostEntries, MostOfReporter = 100;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly SampleBatch _batch = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly long[] _counts = new long[SampleRules.FaultCount];
    private MeasureBook? _book;
    private DateTimeOffset _since;
    private long _batches, _unreadable, _unreadableNow;
    private TimeSpan _lag;

    /// <summary>True where a part must be stored before more is folded.</summary>
    public bool IsLarge => _ids.Count >= ISampleParts.MostBatches || Entries() >= MostEntries;

    /// <summary>True where there is something to store and it has waited long enough, or is large.</summary>
    public bool IsDue => _ids.Count > 0 && (IsLarge || (time.GetUtcNow() - _since).Duration() >= Longest);

    /// <summary>True where nothing waits.</summary>
    public bool IsEmpty => _ids.Count == 0;

    /// <summary>Goes on with another state of the facts.</summary>
    /// <returns>False where the world is too large for a book.</returns>
    public bool Take(World world)
    {
        if (_book is { } book) return book.Take(world);
        if (world.Regions.Length > MeasureBook.MostRegions || world.Edges.Length > MeasureBook.MostEdges) return false;
        _book = new(world, settings.Measure with { PathCells = Room, ReporterCellPercent = MostOfReporter }, RegionOf, isForParts: true);
        return true;
    }

    /// <summary>Folds a batch unless it is in this part already: it may be given again while it waits.</summary>
    public void Fold(SampleEntry entry)
    {
        if (!_ids.Add(entry.Id)) return;
        DateTimeOffset now = time.GetUtcNow();
        if (_ids.Count == 1) _since = now;
        if (!BatchReading.TryFill(_batch, entry.Payload.Span)) _unreadableNow++;
        else if (_book!.Fold(_batch, now.ToUnixTimeMilliseconds()) == SampleFault.None)
            _lag = TimeSpan.FromMilliseconds(Math.Max(0, now.ToUnixTimeMilliseconds() - _batch.MeasuredAtMs));
    }

    /// <summary>The part, and the batches that it is made of.</summary>
    public (ImmutableArray<string> Batches, ReadOnlyMemory<byte> Part) Make()
    {
        ArrayBufferWriter<byte> output = new();
        _book!.WriteTo(output, BookKinds.Part);
        return ([.. _ids], output.WrittenMemory);
    }

    /// <summary>The part is stored: counts it and begins the next.</summary>
    public void Stored()
    {
        for (int fault = 0; fault < _counts.Length; fault++) _counts[fault] += _book!.CountOf((SampleFault)fault);
        (_batches, _unreadable) = (_batches + _book!.Batches, _unreadable + _unreadableNow);
        Drop();
    }

    /// <summary>Begins again with nothing.</summary>
    public void Drop()
    {
        _ids.Clear();
        _book?.Clear();
        _unreadableNow = 0;
    }

    /// <summary>Figures of what this worker has stored.</summary>
    public TelemetrySummary Summary() => TelemetrySummary.Nothing with { Batches = _batches, Counts = [.. _counts], Unreadable = _unreadable, Lag = _lag };

    private int Entries() => _book?.Use() is { } use ? use.PathCells + use.Loads + use.Resolvers : 0;

    private int RegionOf(ClientAddress resolver) => folder.RegionOf(resolver) is >= 0 and int known ? known
        : board.MainRegionOf(resolver) is { } id ? _book!.World.RegionOrdinal(id) : -1;
}
