using TrafficDispatch.Flow;

namespace TrafficDispatch.Solve.Synthetic;

/// <summary>
/// Seeded flow networks in the shape of dispatch problems, for benchmarks and tests: client groups clustered on the globe, their nearest
/// edges as candidates, an overflow arc for each group.
/// </summary>
/// <remarks>
/// <code>one layer:  group ─▶ edge ─▶ sink
/// layered:    group ─▶ edge ─▶ relay ─▶ origin ─▶ sink        group ─overflow─▶ sink in both</code>
/// Costs are distance (1 a kilometre, chord) and the edge's price; volumes are Mbit/s. Edge capacity follows nearby demand with a factor
/// of its own, so that some edges fill while others have room. The same arguments give the same network on every machine.
/// </remarks>
public sealed class SyntheticNetwork
{
    /// <summary>Cost of a unit that overflows.</summary>
    public const long OverflowCost = 1_000_000;

    private const int LinksPerEdge = 6;
    private readonly SyntheticSize _size;
    private readonly SplitMix _random;
    private readonly GlobePoint[] _groups, _edges;
    private readonly long[] _demand, _capacity, _price;
    private readonly FlowNetworkBuilder _network;

    private SyntheticNetwork(SyntheticSize size, double capacityPerDemand, int seed, bool layered)
    {
        _size = size;
        _random = new SplitMix(unchecked((ulong)seed));
        GlobePoint[] clusters = [.. Enumerable.Range(0, Math.Max(8, size.Edges / 16)).Select(_ => GlobePoint.Random(_random))];
        _groups = Scatter(clusters, size.Groups);
        _edges = Scatter(clusters, size.Edges);
        _demand = [.. Enumerable.Range(0, size.Groups).Select(_ => 20 + (long)(400 * _random.Uniform() * _random.Uniform()))];
        _price = [.. Enumerable.Range(0, size.Edges).Select(_ => (long)(1500 * _random.Uniform()))];
        (int[] candidate, long[] cost) = Candidates();
        _capacity = Capacities(candidate, capacityPerDemand);
        _network = new FlowNetworkBuilder(size.Groups + size.Edges + 1, candidate.Length + size.Groups + size.Edges);
        Assemble(candidate, cost, layered);
    }

    /// <summary>Makes a network.</summary>
    /// <param name="size">How large.</param>
    /// <param name="capacityPerDemand">Total edge capacity ÷ total demand: 1.25 for ordinary load, 1.02 near saturation, 0.9 overloaded. Above 0.</param>
    /// <param name="seed">Any number; another seed gives another network.</param>
    /// <param name="layered">True for relays and origins behind the edges.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, there are fewer edges than candidates, or the factor is not above 0.</exception>
    public static FlowNetwork Create(SyntheticSize size, double capacityPerDemand, int seed, bool layered)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(Math.Min(size.Groups, size.Relays), size.Origins), 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Candidates, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size.Candidates, size.Edges, nameof(size));
        if (!(capacityPerDemand > 0 && double.IsFinite(capacityPerDemand)))
            throw new ArgumentOutOfRangeException(nameof(capacityPerDemand), capacityPerDemand, "must be a finite number above 0");
        return new SyntheticNetwork(size, capacityPerDemand, seed, layered)._network.Build();
    }

    /// <summary>Points around clusters; the first clusters are the largest, as cities are.</summary>
    private GlobePoint[] Scatter(GlobePoint[] clusters, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => clusters[(int)(clusters.Length * _random.Uniform() * _random.Uniform())].Near(_random, 0.2))];

    /// <summary>Each group's cheapest edges, row by row.</summary>
    private (int[] Edge, long[] Cost) Candidates()
    {
        int width = _size.Candidates;
        int[] edge = new int[_size.Groups * width];
        long[] cost = new long[edge.Length];
        (long Cost, int Edge)[] row = new (long, int)[_size.Edges];
        for (int g = 0; g < _size.Groups; g++)
        {
            for (int e = 0; e < row.Length; e++) row[e] = ((long)_groups[g].ChordKm(_edges[e]) + _price[e], e);
            Array.Sort(row);
            for (int k = 0; k < width; k++) (cost[g * width + k], edge[g * width + k]) = row[k];
        }
        return (edge, cost);
    }

    /// <summary>Capacity by the demand for which an edge is among the four cheapest, times 0.4 to 1.6, scaled to the total asked for.</summary>
    private long[] Capacities(int[] candidate, double capacityPerDemand)
    {
        double[] wish = new double[_size.Edges];
        int near = Math.Min(4, _size.Candidates);
        for (int g = 0; g < _size.Groups; g++)
            for (int k = 0; k < near; k++) wish[candidate[g * _size.Candidates + k]] += _demand[g] / (double)near;
        double mean = _demand.Sum() / (double)_size.Edges, total = 0;
        for (int e = 0; e < wish.Length; e++) total += wish[e] = (wish[e] + 0.1 * mean) * (0.4 + 1.2 * _random.Uniform());
        double scale = capacityPerDemand * _demand.Sum() / total;
        return [.. wish.Select(w => Math.Max(1, (long)(w * scale)))];
    }

    private void Assemble(int[] candidate, long[] cost, bool layered)
    {
        foreach (long demand in _demand) _network.AddNode(demand);
        int firstEdge = _network.AddNodes(_size.Edges);
        int sink = _network.AddNode(-_demand.Sum());
        for (int i = 0; i < candidate.Length; i++)
        {
            int group = i / _size.Candidates;
            _network.AddArc(group, firstEdge + candidate[i], 0, _demand[group], cost[i]);
        }
        if (layered) AddUpstream(firstEdge, sink);
        else for (int e = 0; e < _size.Edges; e++) _network.AddArc(firstEdge + e, sink, 0, _capacity[e], 0);
        for (int g = 0; g < _size.Groups; g++) _network.AddArc(g, sink, 0, _demand[g], OverflowCost);
    }

    /// <summary>Edge → six nearest relays → every origin → sink; links hold more together than the edge, each less than it.</summary>
    private void AddUpstream(int firstEdge, int sink)
    {
        GlobePoint[] relays = [.. Enumerable.Range(0, _size.Relays).Select(r => _edges[r * _size.Edges / _size.Relays].Near(_random, 0.1))];
        GlobePoint[] origins = [.. Enumerable.Range(0, _size.Origins).Select(_ => GlobePoint.Random(_random))];
        int firstRelay = _network.AddNodes(_size.Relays), firstOrigin = _network.AddNodes(_size.Origins);
        long[] through = new long[_size.Relays];
        for (int e = 0; e < _size.Edges; e++)
        {
            (double Km, int Relay)[] nearest = [.. relays.Select((p, r) => (_edges[e].ChordKm(p), r)).Order().Take(LinksPerEdge)];
            foreach ((double km, int relay) in nearest)
            {
                long capacity = Math.Max(1, (long)(_capacity[e] * (0.2 + 0.4 * _random.Uniform())));
                through[relay] += capacity;
                _network.AddArc(firstEdge + e, firstRelay + relay, 0, capacity, (long)km);
            }
        }
        long[] arriving = new long[_size.Origins];
        for (int r = 0; r < _size.Relays; r++)
        {
            for (int o = 0; o < _size.Origins; o++)
            {
                long capacity = Math.Max(1, (long)(through[r] * (0.1 + 0.4 * _random.Uniform())));
                arriving[o] += capacity;
                _network.AddArc(firstRelay + r, firstOrigin + o, 0, capacity, (long)relays[r].ChordKm(origins[o]));
            }
        }
        for (int o = 0; o < _size.Origins; o++) _network.AddArc(firstOrigin + o, sink, 0, arriving[o], 0);
    }
}
