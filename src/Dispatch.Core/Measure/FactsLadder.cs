using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>
/// Makes estimates of the cells: group, region, country, model. It remembers what it said last: a path rises to its own measurements with
/// more samples than it falls from them, and a value that hardly moved stays. Not thread-safe.
/// </summary>
internal sealed class FactsLadder(PathCells cells, MeasureSettings settings, NameTable networks)
{
    private const int PermilleOfOne = 1000, KeysATurn = 65_536, CellsATurn = 2048;

    private delegate void RunVisit(ReadOnlySpan<int> run, PathKey key);

    private readonly ReporterPool _pool = new(cells, settings);
    private readonly List<int> _run = [];
    private Dictionary<ulong, long> _held = [], _next = [];
    private Dictionary<(string Iso2, int Edge), long> _heldRatios = [];

    /// <summary>Forgets what was said last.</summary>
    public void Forget()
    {
        _held.Clear();
        _heldRatios.Clear();
    }

    /// <summary>Estimates every path that is measured, and what its neighbours follow. O(cells · log cells).</summary>
    /// <param name="world">The facts.</param>
    /// <param name="epoch">Half-lives since 1970, now.</param>
    /// <param name="turn">
    /// Cells are looked at in turns of some thousand; sorting runs between. What comes in meanwhile counts or does not, path by path.
    /// </param>
    public (ImmutableArray<PathEstimate> Paths, ImmutableArray<CountryRatio> Countries) Estimate(World world, int epoch, BookTurn turn)
    {
        (ulong[] keys, int[] ordered) = Living(epoch, turn);
        // Room for all before the turns: a table that grows is rebuilt while others wait, for hundreds of milliseconds at planet size.
        List<PathEstimate> estimates = new(ordered.Length);
        _next.EnsureCapacity(ordered.Length);
        Array.Sort(keys, ordered);
        Walk(new(keys, ordered, epoch, static sorted => new PathKey(sorted), static key => key.Pair), turn, (run, key) => Add(estimates, world, run, key, 0));
        ImmutableArray<CountryRatio> countries = Countries(world, estimates);
        for (int i = 0; i < keys.Length; i++) keys[i] = new PathKey(keys[i]).ByNetwork;
        Array.Sort(keys, ordered);
        Walk(new(keys, ordered, epoch, PathKey.FromByNetwork, static key => key.ByNetwork / PathKey.MostReporters), turn, (run, key) =>
        {
            if (key.Network > 0) Add(estimates, world, run, key, key.Network);
        });
        (_held, _next) = (_next, _held);
        _next.Clear();
        return ([.. estimates], countries);
    }

    private (ulong[] Keys, int[] Cells) Living(int epoch, BookTurn turn)
    {
        // Room for all before the first turn: a list that grows copies itself while others wait.
        List<ulong> keys = new(cells.Count);
        List<int> living = new(cells.Count);
        int ahead = 1 + (int)(settings.ClockSkew / settings.HalfLife);
        for (int from = 0, until = KeysATurn; from < until; from = until, until = Math.Min(cells.Count, from + KeysATurn))
        {
            (int first, int end) = (from, until);
            turn(() =>
            {
                for (int i = first; i < Math.Min(end, cells.Count); i++)
                {
                    // What is dated farther ahead than a reporter's clock may be comes from a clock of ours that was wrong for a while.
                    if (epoch - cells[i].Epoch >= PathCells.Lifetimes || cells[i].Epoch > epoch + ahead) continue;
                    keys.Add(cells[i].Key.Packed);
                    living.Add(i);
                }
            });
        }
        return ([.. keys], [.. living]);
    }

    /// <summary>Visits the runs of cells that agree in a part of their key, some thousand cells a turn and never a part of a run.</summary>
    private void Walk(Order order, BookTurn turn, RunVisit visit)
    {
        for (int next = 0; next < order.Keys.Length;)
        {
            turn(() =>
            {
                for (int until = next + CellsATurn; next < Math.Min(until, order.Keys.Length);) next = Visit(order, next, visit);
            });
        }
    }

    /// <summary>Visits the run that begins somewhere; gives where the next one does. A cell that made room meanwhile is another's.</summary>
    private int Visit(Order order, int first, RunVisit visit)
    {
        PathKey key = order.KeyOf(order.Keys[first]);
        ulong run = order.Part(key);
        _run.Clear();
        int end = first;
        for (; end < order.Keys.Length && order.Part(order.KeyOf(order.Keys[end])) == run; end++)
        {
            int cell = order.Cells[end];
            if (cell >= cells.Count || cells[cell].Key != order.KeyOf(order.Keys[end])) continue;
            cells.Age(cell, order.Epoch);
            _run.Add(cell);
        }
        if (_run.Count > 0) visit(CollectionsMarshal.AsSpan(_run), key);
        return end;
    }

    private void Add(List<PathEstimate> estimates, World world, ReadOnlySpan<int> run, PathKey key, int network)
    {
        long facts = world.Rtt[key.Region, key.Edge].ToMicroseconds().Value;
        if (_pool.Pool(run, facts) is not { } pooled) return;
        ulong name = PathKey.Of(key.Region, key.Edge, 0, network).Packed;
        bool isHeld = _held.TryGetValue(name, out long held);
        int samples = (int)Math.Min(int.MaxValue, pooled.Units / PathCells.Unit);
        if (samples < (isHeld ? settings.SamplesToFall : settings.SamplesToRise)) return;
        // What is held may have been within wider bounds, with more reporters: the value that holds now decides alone then.
        bool stays = isHeld && Math.Abs(pooled.Rtt - held) * 100 <= held * settings.DeadBandPercent;
        long rtt = stays ? held : pooled.Rtt;
        _next[name] = rtt;
        EstimateLevel level = network == 0 ? EstimateLevel.Region : EstimateLevel.Group;
        estimates.Add(new PathEstimate(key.Region, key.Edge, networks.Name(network), level, rtt, Math.Max(rtt, pooled.P95), pooled.LossPpm, pooled.Kbps,
            samples, pooled.Reporters, Confidence(samples, pooled.Reporters)));
    }

    /// <summary>
    /// For every country and edge the median ratio of measurement to facts of those regions that measure the edge. Kept as a ratio and not written
    /// out by region: a planet's regions that follow their countries are tens of millions of paths.
    /// </summary>
    private ImmutableArray<CountryRatio> Countries(World world, IEnumerable<PathEstimate> measured)
    {
        Dictionary<(string Iso2, int Edge), List<long>> ratios = [];
        foreach (PathEstimate e in measured)
        {
            long facts = world.Rtt[e.Region, e.Edge].ToMicroseconds().Value;
            if (facts <= 0) continue;
            ref List<long>? list = ref CollectionsMarshal.GetValueRefOrAddDefault(ratios, (world.Regions[e.Region].Place.Iso2, e.Edge), out _);
            (list ??= []).Add(e.RttMicroseconds * PermilleOfOne / facts);
        }
        Dictionary<(string Iso2, int Edge), long> next = [];
        ImmutableArray<CountryRatio>.Builder countries = ImmutableArray.CreateBuilder<CountryRatio>(ratios.Count);
        foreach (((string iso2, int edge), List<long> list) in ratios.OrderBy(static r => r.Key.Iso2, StringComparer.Ordinal).ThenBy(static r => r.Key.Edge))
        {
            list.Sort();
            long ratio = list[(list.Count - 1) / 2];
            if (_heldRatios.TryGetValue((iso2, edge), out long held) && Math.Abs(ratio - held) * 100 <= held * settings.DeadBandPercent) ratio = held;
            next[(iso2, edge)] = ratio;
            countries.Add(new(iso2, edge, ratio, list.Count));
        }
        _heldRatios = next;
        return countries.MoveToImmutable();
    }

    private int Confidence(int samples, int reporters)
    {
        int bySamples = (int)Math.Min(100, 100L * samples / settings.SamplesForFullConfidence);
        return bySamples * Math.Min(4, reporters + 1) / 4;
    }

    /// <summary>Living cells by sorted keys, and which part of a key makes a run.</summary>
    private sealed record Order(ulong[] Keys, int[] Cells, int Epoch, Func<ulong, PathKey> KeyOf, Func<PathKey, ulong> Part);
}
