using System.Runtime.InteropServices;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>What the edges carry for each region by their own reports, and what each region will ask for. Bounded. Not thread-safe.</summary>
/// <remarks>
/// A region's actual is the sum, over edges, of the median of the reporters that speak of this edge (the greater of two). Its level, what it
/// would carry at its local peak, follows the actual with a half-life; the forecast is the level at the hour's part of the day, and never
/// below the last actual (XRON, SIGCOMM'23, §5.1).
/// </remarks>
internal sealed class DemandBook(MeasureSettings settings)
{
    private const double LeastFraction = 0.05;

    private readonly long _lifeMs = (long)settings.LoadLife.TotalMilliseconds;
    private readonly Dictionary<ulong, Load> _loads = [];
    private readonly Dictionary<int, Level> _levels = [];

    /// <summary>Loads known.</summary>
    public int Count => _loads.Count;

    /// <summary>Notes what an edge carries for a region; an older report than the one known changes nothing.</summary>
    /// <returns>False where there is no room.</returns>
    public bool TryAdd(PathKey key, double mbps, long measuredAtMs)
    {
        ref Load load = ref CollectionsMarshal.GetValueRefOrNullRef(_loads, key.Packed);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref load))
        {
            if (_loads.Count >= settings.Loads) return false;
            _loads.Add(key.Packed, new Load(mbps, measuredAtMs));
            return true;
        }
        // Equal times: the greater, so that the order of arrival decides nothing.
        if (measuredAtMs > load.AtMs || (measuredAtMs == load.AtMs && mbps > load.Mbps)) load = new Load(mbps, measuredAtMs);
        return true;
    }

    /// <summary>What each region asks for, in Mbit/s; regions without a live report and without a level are not among them.</summary>
    /// <param name="snapshot">World and hour that it is wanted for.</param>
    /// <param name="nowMs">Our clock. Each call moves the levels on.</param>
    /// <param name="turn">Loads are taken in one turn and levels moved on in another; adding up runs between.</param>
    public SortedDictionary<int, DemandEstimate> Forecast(Snapshot snapshot, long nowMs, BookTurn turn)
    {
        SortedDictionary<int, double> actual = Sums(nowMs, static key => key.Region, turn);
        SortedDictionary<int, DemandEstimate> forecast = [];
        turn(() => Advance(forecast, actual, snapshot, nowMs));
        return forecast;
    }

    /// <summary>What each edge carries now, Mbit/s, by the reports that live; edges that nobody reports on are not among them.</summary>
    public SortedDictionary<int, double> EdgeLoads(long nowMs, BookTurn turn) => Sums(nowMs, static key => key.Edge, turn);

    /// <summary>The loads, for a part.</summary>
    public void WriteLoads(BookWriter writer) => writer.Loads(_loads);

    /// <summary>The levels, for a part.</summary>
    public void WriteLevels(BookWriter writer) => writer.Levels(_levels);

    /// <summary>Takes a level in that another book has; the newer of the two holds, of equally new ones the greater.</summary>
    public void Take(int region, double peakMbps, long atMs)
    {
        ref Level level = ref CollectionsMarshal.GetValueRefOrAddDefault(_levels, region, out bool known);
        if (!known || atMs > level.AtMs || (atMs == level.AtMs && peakMbps > level.PeakMbps)) level = new Level(peakMbps, atMs);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _loads.Clear();
        _levels.Clear();
    }

    private void Advance(SortedDictionary<int, DemandEstimate> forecast, SortedDictionary<int, double> sums, Snapshot snapshot, long nowMs)
    {
        foreach ((int region, double actual) in sums)
        {
            double fraction = Math.Max(LeastFraction, snapshot.DiurnalFraction(region));
            ref Level level = ref CollectionsMarshal.GetValueRefOrAddDefault(_levels, region, out bool known);
            double peak = actual / fraction, passed = Math.Max(0, nowMs - level.AtMs), half = settings.DemandHalfLife.TotalMilliseconds;
            // A rational weight in place of 1 − 2^(−t/h): no transcendental function may decide a byte of a table.
            double next = known ? level.PeakMbps + (peak - level.PeakMbps) * (passed / (passed + half)) : peak;
            level = new Level(next, nowMs);
            forecast[region] = new DemandEstimate(region, actual, Math.Max(actual, next * fraction));
        }
    }

    /// <summary>Moves everything to a world whose regions and edges have other ordinals; what is gone is dropped.</summary>
    public void Renumber(int[] regions, int[] edges)
    {
        KeyValuePair<ulong, Load>[] loads = [.. _loads];
        KeyValuePair<int, Level>[] levels = [.. _levels];
        _loads.Clear();
        _levels.Clear();
        foreach ((ulong packed, Load load) in loads)
        {
            PathKey key = new(packed);
            if (regions[key.Region] < 0 || edges[key.Edge] < 0) continue;
            _loads.Add(PathKey.Of(regions[key.Region], edges[key.Edge], key.Reporter, key.Network).Packed, load);
        }
        foreach ((int region, Level level) in levels)
            if (regions[region] >= 0) _levels.Add(regions[region], level);
    }

    /// <summary>The sum by region or by edge of the middle reports on each pair; forgets the reports that are too old.</summary>
    private SortedDictionary<int, double> Sums(long nowMs, Func<PathKey, int> by, BookTurn turn)
    {
        (ulong[] keys, double[] mbps) = ([], []);
        turn(() => (keys, mbps) = Living(nowMs));
        Array.Sort(keys, mbps);
        SortedDictionary<int, double> sums = [];
        List<double> reports = [];
        for (int at = 0; at < keys.Length;)
        {
            PathKey first = new(keys[at]);
            reports.Clear();
            for (; at < keys.Length && new PathKey(keys[at]).Pair == first.Pair; at++) reports.Add(mbps[at]);
            reports.Sort();
            sums[by(first)] = sums.GetValueOrDefault(by(first)) + reports[reports.Count / 2];
        }
        return sums;
    }

    private (ulong[] Keys, double[] Mbps) Living(long nowMs)
    {
        // Bounds both ways: a clock that was set back must not keep reports for ever.
        foreach ((ulong key, Load load) in _loads)
            if (Math.Abs(nowMs - load.AtMs) > _lifeMs) _loads.Remove(key);
        (ulong[] keys, double[] mbps, int at) = (new ulong[_loads.Count], new double[_loads.Count], 0);
        foreach ((ulong key, Load load) in _loads) (keys[at], mbps[at++]) = (key, load.Mbps);
        return (keys, mbps);
    }

    /// <summary>A report.</summary>
    internal readonly record struct Load(double Mbps, long AtMs);

    /// <summary>What a region would carry at its local peak.</summary>
    internal readonly record struct Level(double PeakMbps, long AtMs);
}
