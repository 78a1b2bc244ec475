using System.Buffers;
using System.Collections.Immutable;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// Keeps the book of measurements: batches or parts go in, and a solve begins with what comes out. Thread-safe; those who fold and the one who
/// makes facts take short turns.
/// </summary>
internal sealed class SampleFolder(TelemetrySettings settings, TelemetryBoard board, TimeProvider time)
{
    // Taken before the gate: facts are made in many turns, of one world.
    private readonly Lock _making = new();
    private readonly BookGate _gate = new();
    private readonly SampleBatch _batch = new();
    private MeasureBook? _book;
    private World? _world;
    private long _unreadable;
    private TimeSpan _lag;

    /// <summary>The facts that samples are checked against; null before the first solve.</summary>
    public World? World => Volatile.Read(ref _world);

    /// <summary>What is believed and for how long.</summary>
    public MeasureSettings Measure => settings.Measure;

    /// <summary>
    /// The snapshot with what is measured in place of the facts' own; the very same object where nothing is. The facts are taken for what
    /// follows: samples are checked against them from now on.
    /// </summary>
    public Snapshot Measured(Snapshot facts)
    {
        lock (_making)
        {
            if (!TryTake(facts.World)) return facts;
            MeasuredFacts measured = _book!.Facts(facts, Now(), _gate.Run);
            board.Note(measured, time.GetUtcNow());
            return measured.Snapshot;
        }
    }

    /// <summary>Takes facts where nobody solves here.</summary>
    /// <returns>False where the world is too large for a book; then the one before stays.</returns>
    public bool Take(World world)
    {
        lock (_making) return TryTake(world);
    }

    /// <summary>What each edge carries now by its load reports, Mbit/s by id; edges that nobody reports on are not among them.</summary>
    public IReadOnlyDictionary<string, double> EdgeLoads()
    {
        if (_book is not { } book) return new Dictionary<string, double>(StringComparer.Ordinal);
        World? world = null;
        SortedDictionary<int, double> loads = book.EdgeLoads(Now(), turn => _gate.Run(() =>
        {
            turn();
            world = book.World;
        }));
        return loads.ToDictionary(l => world!.Edges[l.Key].Id, static l => l.Value, StringComparer.Ordinal);
    }

    /// <summary>Who sees edges lose, by edge id; empty before the first solve.</summary>
    /// <param name="lossPercent">A path that loses at least so much of its packets loses, 1 to 100.</param>
    public IReadOnlyList<(string EdgeId, EdgeLosses Losses)> Losses(int lossPercent)
    {
        if (_book is not { } book) return [];
        World world = book.World;
        ImmutableArray<EdgeLosses> losses = book.Losses(Now(), lossPercent, _gate.Run);
        // Where another world was taken between two turns the ordinals speak of two; the next look speaks of one.
        return ReferenceEquals(world, book.World) ? [.. losses.Select(l => (world.Edges[l.Edge].Id, l))] : [];
    }

    /// <summary>Folds a batch from the store. What is no batch is counted and forgotten: it must not stop those behind it.</summary>
    /// <returns>False where there is no world yet; then nothing has happened.</returns>
    public bool TryFold(ReadOnlyMemory<byte> payload)
    {
        if (_book is not { } book) return false;
        if (!BatchReading.TryFill(_batch, payload.Span))
        {
            _unreadable++;
            return true;
        }
        long now = Now();
        // What is too old or in the future is refused, and says nothing about how far behind the folding is.
        if (_gate.Run(() => book.Fold(_batch, now)) == SampleFault.None) _lag = TimeSpan.FromMilliseconds(Math.Max(0, now - _batch.MeasuredAtMs));
        return true;
    }

    /// <summary>Adds what a worker made of batches, or what was kept over a restart.</summary>
    /// <returns>False where the bytes are none of that, or there is no world yet.</returns>
    public bool Merge(ReadOnlyMemory<byte> part, BookKinds kinds) => _book is { } book && _gate.Run(() => book.Merge(part.Span, kinds, Now()));

    /// <summary>Forgets everything that was counted, before all of it is merged anew.</summary>
    public void Forget()
    {
        lock (_making) _gate.Run(() => _book?.Clear());
    }

    /// <summary>What lives longer than its samples, to be kept; null where there is no world yet, or where facts are being made just now.</summary>
    public ReadOnlyMemory<byte>? Lasting()
    {
        // Whoever folds asks, and must not wait until a solve has its facts.
        if (_book is not { } book || !_making.TryEnter()) return null;
        try
        {
            ArrayBufferWriter<byte> output = new();
            book.WriteTo(output, BookKinds.Lasting, _gate.Run);
            return output.WrittenMemory;
        }
        finally
        {
            _making.Exit();
        }
    }

    /// <summary>The region, by its ordinal in the facts of this moment, that most of a resolver's clients are from; −1 where that is not known.</summary>
    public int RegionOf(ClientAddress resolver) => _book is { } book ? _gate.Run(() => book.RegionOf(resolver)) : -1;

    /// <summary>How full the book is, and when the newest sample in it was taken.</summary>
    public (MeasureUse Use, DateTimeOffset? Newest) Standing() => _book is not { } book ? default
        : _gate.Run(() => (book.Use(), book.NewestMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(book.NewestMs) : (DateTimeOffset?)null));

    /// <summary>Figures of what was folded here straight into the book.</summary>
    public TelemetrySummary Summary()
    {
        if (_book is not { } book) return TelemetrySummary.Nothing;
        (MeasureUse use, DateTimeOffset? newest) = Standing();
        long[] counts = new long[SampleRules.FaultCount];
        for (int fault = 0; fault < counts.Length; fault++) counts[fault] = book.CountOf((SampleFault)fault);
        return new(book.Batches, counts, _unreadable, newest, _lag, 0, 0, use, "");
    }

    private bool TryTake(World world)
    {
        if (_book is null && world.Regions.Length <= MeasureBook.MostRegions && world.Edges.Length <= MeasureBook.MostEdges)
            Volatile.Write(ref _book, new MeasureBook(world, settings.Measure));
        if (_book is not { } book || !_gate.Run(() => book.Take(world))) return false;
        Volatile.Write(ref _world, world);
        return true;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
