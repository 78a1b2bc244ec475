using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>
/// Folds samples into what is believed of paths, demand and resolvers. Deterministic: the same batches and clock readings give the same
/// facts. Memory is bounded by the settings' caps. Not thread-safe.
/// </summary>
/// <remarks>
/// A batch counts once, whoever delivers it how often (reporter and sequence name it, and the newest 1,024 of each reporter are
/// remembered). Within four half-lives neither the order of batches nor how they are spread over books that are merged later changes a count,
/// as long as no cap is reached and no bucket holds more than 4,095 fresh samples of one reporter.
/// </remarks>
public sealed partial class MeasureBook
{
    /// <summary>Regions and edges of the largest world that a book has room for.</summary>
    public const int MostRegions = PathKey.MostRegions, MostEdges = PathKey.MostEdges;

    private const double KilometresAllowed = 1000, MicrosecondsPerKilometre = 10;

    private readonly PathCells _cells;
    private readonly ReporterTable _reporters;
    private readonly NameTable _networks;
    private readonly ResolverMixes _mixes;
    private readonly DemandBook _demand;
    private readonly FactsLadder _ladder;
    private readonly long[] _counts = new long[SampleRules.FaultCount];
    private readonly int _cellsOfReporter;
    private readonly Func<ClientAddress, int>? _regionOf;
    private readonly bool _isForParts;
    private readonly SampleTimes _times, _unsolved;

    /// <param name="world">The facts that samples are checked against.</param>
    /// <param name="settings">Caps and rules.</param>
    /// <param name="regionOf">
    /// The region, by its ordinal, that a resolver's clients are from where this book itself does not know; null (default) for nobody to ask.
    /// </param>
    /// <param name="isForParts">
    /// True for a book that is only handed on: its caller sees to it that each batch comes once, in whatever order; false (default) to count each
    /// sequence of a reporter once and none that is far behind.
    /// </param>
    /// <exception cref="ArgumentException">The world has more than 262,144 regions or 65,536 edges, or a cap is out of its range.</exception>
    public MeasureBook(World world, MeasureSettings settings, Func<ClientAddress, int>? regionOf = null, bool isForParts = false)
    {
        if (!Fits(world)) throw new ArgumentException("A book has room for 262,144 regions and 65,536 edges.", nameof(world));
        if (settings.Reporters is < 1 or >= PathKey.MostReporters || settings.Networks is < 1 or >= PathKey.MostNetworks
            || settings.PathCells < 1 || settings.Loads < 1 || settings.Resolvers < 1)
            throw new ArgumentException("A cap is out of its range.", nameof(settings));
        (World, Settings, _regionOf, _isForParts) = (world, settings, regionOf, isForParts);
        (_times, _unsolved) = (new(HalfLifeMs), new(HalfLifeMs));
        _cellsOfReporter = Math.Max(1, (int)(settings.PathCells * (long)settings.ReporterCellPercent / 100));
        _reporters = new ReporterTable(settings.Reporters, (PathCells.Lifetimes + 1) * HalfLifeMs);
        _cells = new PathCells(settings.PathCells, reporter => _reporters.Cells(reporter)--);
        _networks = new NameTable(settings.Networks);
        _mixes = new ResolverMixes(settings.Resolvers, (long)settings.ResolverHalfLife.TotalMilliseconds);
        _demand = new DemandBook(settings);
        _ladder = new FactsLadder(_cells, settings, _networks);
    }

    /// <summary>The facts that samples are checked against.</summary>
    public World World { get; private set; }

    /// <summary>Caps and rules.</summary>
    public MeasureSettings Settings { get; }

    /// <summary>When the newest sample that counted was taken, milliseconds since 1970 UTC; 0 before the first.</summary>
    public long NewestMs { get; private set; }

    /// <summary>Batches that counted.</summary>
    public long Batches { get; private set; }

    private long HalfLifeMs => (long)Settings.HalfLife.TotalMilliseconds;

    /// <summary>Samples so far that ended so; <see cref="SampleFault.None"/> for those that count.</summary>
    public long CountOf(SampleFault fault) => _counts[(int)fault];

    /// <summary>How full the book is and what it had to forget.</summary>
    public MeasureUse Use() => new(_reporters.Count, _cells.Count, _demand.Count, _mixes.Count, _reporters.Evictions, _cells.Evictions, _mixes.Evictions, _networks.Refusals, _passedOver);

    /// <summary>The region, by its ordinal, that most of a resolver's clients are from; −1 where none dominates or too few were seen. O(1).</summary>
    public int RegionOf(ClientAddress resolver) => _mixes.Dominant(resolver) is >= 0 and int own ? own : _regionOf?.Invoke(resolver) ?? -1;

    /// <summary>The middle age of the samples that still count, each weighted as it counts; null where there are none. To a second or more.</summary>
    /// <param name="nowMs">Our clock, milliseconds since 1970 UTC.</param>
    public TimeSpan? MedianAge(long nowMs) => _times.MedianAge(nowMs, isWeighted: true) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>Goes on with another state of the facts. What is known of regions and edges that stay is kept.</summary>
    /// <returns>False where the world is too large for a book; then nothing has changed.</returns>
    public bool Take(World world)
    {
        if (ReferenceEquals(world, World)) return true;
        if (!Fits(world)) return false;
        int[] regions = [.. World.Regions.Select(r => world.RegionOrdinal(r.Id))], edges = [.. World.Edges.Select(e => world.EdgeOrdinal(e.Id))];
        World = world;
        bool same = IsIdentity(regions) && IsIdentity(edges);
        if (same) return true;
        Renumber(regions, edges);
        return true;
    }

    /// <summary>Counts a batch unless it was counted before. Allocates nothing once its reporter, paths and resolvers are known.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="nowMs">Our clock, milliseconds since 1970 UTC.</param>
    /// <returns>None where the batch was taken (single samples may still have been refused); else why all of it was refused.</returns>
    public SampleFault Fold(SampleBatch batch, long nowMs)
    {
        SampleFault fault = SampleRules.Check(Settings, batch.MeasuredAtMs, nowMs);
        int reporter = 0;
        if (fault == SampleFault.None) fault = Enter(batch, nowMs, out reporter);
        if (fault != SampleFault.None)
        {
            _counts[(int)fault] += batch.Count;
            return fault;
        }
        Batches++;
        // A clock that was ahead for a while has left what is dated in the future: it must not stand above all that comes now.
        long latest = nowMs + (long)Settings.ClockSkew.TotalMilliseconds;
        NewestMs = NewestMs > latest ? batch.MeasuredAtMs : Math.Max(NewestMs, batch.MeasuredAtMs);
        _latestEpoch = EpochOf(latest);
        // Pairings first: paths of the same batch may be known by their resolver alone.
        long counted = CountOf(SampleFault.None);
        foreach (ResolverSample sample in batch.Resolvers) _counts[(int)Fold(sample, batch.MeasuredAtMs)]++;
        foreach (PathSample sample in batch.Paths) _counts[(int)Fold(sample, reporter, batch.MeasuredAtMs)]++;
        foreach (LoadSample sample in batch.Loads) _counts[(int)Fold(sample, reporter, batch.MeasuredAtMs)]++;
        Date(_times.StepOf(batch.MeasuredAtMs), CountOf(SampleFault.None) - counted, latest);
        return SampleFault.None;
    }

    private int _latestEpoch;

    private int EpochOf(long atMs) => (int)(atMs / HalfLifeMs);

    private SampleFault Enter(SampleBatch batch, long nowMs, out int reporter)
    {
        if (!_isForParts) return _reporters.Enter(batch.Reporter, batch.Sequence, nowMs, out reporter);
        return _reporters.TryNumber(batch.Reporter, nowMs, out reporter) ? SampleFault.None : SampleFault.NoRoom;
    }

    private SampleFault Fold(in ResolverSample sample, long atMs)
    {
        SampleFault fault = SampleRules.Check(World, sample);
        if (fault == SampleFault.None) _mixes.Add(sample.Resolver, World.RegionOrdinal(sample.Region), sample.Clients, atMs);
        return fault;
    }

    private SampleFault Fold(in LoadSample sample, int reporter, long atMs)
    {
        SampleFault fault = SampleRules.Check(World, sample);
        if (fault != SampleFault.None) return fault;
        PathKey key = PathKey.Of(World.RegionOrdinal(sample.Region), World.EdgeOrdinal(sample.Edge), reporter, 0);
        return _demand.TryAdd(key, sample.Mbps, atMs) ? SampleFault.None : SampleFault.NoRoom;
    }

    private SampleFault Fold(in PathSample sample, int reporter, long atMs)
    {
        SampleFault fault = SampleRules.Check(World, sample);
        if (fault != SampleFault.None) return fault;
        int region = string.IsNullOrEmpty(sample.Region) ? RegionOf(sample.Resolver!.Value) : World.RegionOrdinal(sample.Region);
        if (region < 0) return SampleFault.UnknownClients;
        PathKey key = PathKey.Of(region, World.EdgeOrdinal(sample.Edge), reporter, _networks.NumberOf(sample.Network));
        int epoch = EpochOf(atMs), cell = CellOf(key, epoch);
        if (cell < 0) return SampleFault.NoRoom;
        if (_cells[cell].Epoch > _latestEpoch) _cells.Restart(cell, epoch);
        _cells.Age(cell, epoch);
        int behind = _cells[cell].Epoch - epoch, unit = behind >= PathCells.Lifetimes ? 0 : PathCells.Unit >> behind;
        return unit == 0 ? SampleFault.Old : Count(cell, sample, unit);
    }

    private void Date(long step, long samples, long latestMs)
    {
        if (samples == 0) return;
        _times.Add(step, samples, _times.StepOf(latestMs));
        _unsolved.Add(step, samples, _times.StepOf(latestMs));
    }

    private SampleFault Count(int cell, in PathSample sample, int unit)
    {
        ref PathCell c = ref _cells[cell];
        if (sample.RttMilliseconds is { } milliseconds)
        {
            long microseconds = (long)(milliseconds * 1000);
            if (microseconds < c.FloorMicroseconds) return SampleFault.FasterThanLight;
            ref ushort bin = ref _cells.Bins(cell)[LogBuckets.IndexOf(microseconds)];
            bin = (ushort)Math.Min(ushort.MaxValue, bin + unit);
        }
        c.Sent16 += sample.PacketsSent * unit;
        c.Lost16 += sample.PacketsLost * unit;
        if (sample.ThroughputMbps is { } mbps && c.KbpsCount16 < int.MaxValue - unit)
        {
            c.KbpsSum16 += (long)(mbps * 1000) * unit;
            c.KbpsCount16 += unit;
        }
        return SampleFault.None;
    }

    private int CellOf(PathKey key, int epoch)
    {
        int cell = _cells.Find(key);
        if (cell >= 0) return cell;
        if (_reporters.Cells(key.Reporter) >= _cellsOfReporter) return -1;
        cell = _cells.Take(key, epoch);
        _reporters.Cells(key.Reporter)++;
        double km = World.Regions[key.Region].Place.Point.DistanceKm(World.Edges[key.Edge].Place.Point) - KilometresAllowed;
        _cells[cell].FloorMicroseconds = km > 0 ? (int)(km * MicrosecondsPerKilometre) : 0;
        return cell;
    }

    private static bool Fits(World world) => world.Regions.Length <= PathKey.MostRegions && world.Edges.Length <= PathKey.MostEdges;

    private static bool IsIdentity(int[] map)
    {
        for (int i = 0; i < map.Length; i++)
            if (map[i] != i) return false;
        return true;
    }

    /// <summary>Forgets everything that was counted; world and memory stay.</summary>
    public void Clear()
    {
        _cells.Clear();
        _reporters.Clear();
        _networks.Clear();
        _mixes.Clear();
        _demand.Clear();
        _ladder.Forget();
        _times.Clear();
        _unsolved.Clear();
        Array.Clear(_counts);
        (NewestMs, Batches) = (0, 0);
    }

    private void Renumber(int[] regions, int[] edges)
    {
        _cells.Renumber(regions, edges);
        _demand.Renumber(regions, edges);
        _mixes.Renumber(regions);
        _ladder.Forget();
    }
}

/// <summary>How full a book is.</summary>
/// <param name="Reporters">Reporters known.</param>
/// <param name="PathCells">Path cells in use.</param>
/// <param name="Loads">Loads known.</param>
/// <param name="Resolvers">Resolvers known.</param>
/// <param name="ReportersForgotten">Reporters that made room.</param>
/// <param name="PathCellsEvicted">Path cells that made room.</param>
/// <param name="ResolversEvicted">Resolvers that made room.</param>
/// <param name="NetworksRefused">Samples whose network found no room and that count for their region alone.</param>
/// <param name="PassedOver">Path cells and loads of other books that found no room, or were too old, when they were merged.</param>
public readonly record struct MeasureUse(
    int Reporters, int PathCells, int Loads, int Resolvers, long ReportersForgotten, long PathCellsEvicted, long ResolversEvicted, long NetworksRefused, long PassedOver);
