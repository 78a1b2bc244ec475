using System.Collections.Immutable;
using Google.Protobuf;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Measure;

/// <summary>Keeps the book of measurements: batches go in, and a solve begins with what comes out. Thread-safe; both sides take turns.</summary>
internal sealed class SampleFolder(TelemetrySettings settings, TelemetryBoard board, TimeProvider time)
{
    private readonly Lock _gate = new();
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
        lock (_gate)
        {
            if (!Take(facts.World)) return facts;
            MeasuredFacts measured = _book!.Facts(facts, Now());
            board.Note(measured);
            return measured.Snapshot;
        }
    }

    /// <summary>What each edge carries now by its load reports, Mbit/s by id; edges that nobody reports on are not among them.</summary>
    public IReadOnlyDictionary<string, double> EdgeLoads()
    {
        lock (_gate)
        {
            return _book is not { } book ? new Dictionary<string, double>(StringComparer.Ordinal)
                : book.EdgeLoads(Now()).ToDictionary(l => book.World.Edges[l.Key].Id, static l => l.Value, StringComparer.Ordinal);
        }
    }

    /// <summary>Who sees edges lose, by edge id; empty before the first solve.</summary>
    /// <param name="lossPercent">A path that loses at least so much of its packets loses, 1 to 100.</param>
    public IReadOnlyList<(string EdgeId, EdgeLosses Losses)> Losses(int lossPercent)
    {
        MeasureBook? book;
        lock (_gate) book = _book;
        if (book is null) return [];
        World world = book.World;
        ImmutableArray<EdgeLosses> losses = book.Losses(Now(), lossPercent, InTurn);
        // Where another world was taken between two turns the ordinals speak of two; the next look speaks of one.
        return ReferenceEquals(world, book.World) ? [.. losses.Select(l => (world.Edges[l.Edge].Id, l))] : [];

        void InTurn(Action work)
        {
            lock (_gate) work();
        }
    }

    /// <summary>Folds a batch from the store. What is no batch is counted and forgotten: it must not stop those behind it.</summary>
    /// <returns>False where there is no world yet; then nothing has happened.</returns>
    public bool TryFold(ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            if (_book is null) return false;
            ReportBatch report;
            try
            {
                report = ReportBatch.Parser.ParseFrom(payload.Span);
            }
            catch (InvalidProtocolBufferException)
            {
                _unreadable++;
                return true;
            }
            BatchReading.Fill(_batch, report);
            long now = Now();
            // What is too old or in the future is refused, and says nothing about how far behind the folding is.
            if (_book.Fold(_batch, now) == SampleFault.None) _lag = TimeSpan.FromMilliseconds(Math.Max(0, now - _batch.MeasuredAtMs));
            return true;
        }
    }

    /// <summary>Puts the figures on the board.</summary>
    /// <param name="backlog">Batches that wait.</param>
    /// <param name="dropped">Batches that the store trimmed.</param>
    /// <param name="error">The store's trouble in words; empty for none.</param>
    public void Tell(long backlog, long dropped, string error)
    {
        lock (_gate)
        {
            if (_book is not { } book)
            {
                board.Note(TelemetrySummary.Nothing with { Backlog = backlog, Dropped = dropped, LastError = error });
                return;
            }
            long[] counts = new long[SampleRules.FaultCount];
            for (int fault = 0; fault < counts.Length; fault++) counts[fault] = book.CountOf((SampleFault)fault);
            DateTimeOffset? newest = book.NewestMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(book.NewestMs) : null;
            board.Note(new TelemetrySummary(book.Batches, counts, _unreadable, newest, _lag, backlog, dropped, book.Use(), error));
        }
    }

    private bool Take(World world)
    {
        if (_book is null && world.Regions.Length <= MeasureBook.MostRegions && world.Edges.Length <= MeasureBook.MostEdges) _book = new MeasureBook(world, settings.Measure);
        if (_book is null || !_book.Take(world)) return false;
        Volatile.Write(ref _world, world);
        return true;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
