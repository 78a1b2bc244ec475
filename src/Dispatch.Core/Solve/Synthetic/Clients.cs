namespace TrafficDispatch.Solve.Synthetic;

/// <summary>Client groups: a location and a traffic class each, with demand, and candidate edges that the groups of a location share.</summary>
/// <remarks>Memory: 8 bytes a candidate of a location, 8 a group.</remarks>
internal sealed class Clients
{
    private const double MedianMbps = 150, LargestMbps = 40_000;
    private readonly TrafficClass[] _classes;
    private readonly int _width;
    private readonly int[] _edge, _roundTrip;

    /// <summary>Draws locations and demand, and finds the edges nearest to each location.</summary>
    public Clients(SyntheticSize size, TrafficClass[] classes, Metros metros, GlobePoint[] edges, int seed)
    {
        (_classes, _width, Count) = (classes, size.Candidates, size.Groups);
        Places = metros.People(new SplitMix(seed, RandomStream.Locations), (size.Groups - 1) / classes.Length + 1, remote: 0.06);
        Demand = Draw(new SplitMix(seed, RandomStream.Demand));
        TotalDemand = Demand.Sum();
        _edge = new int[Places.Length * _width];
        _roundTrip = new int[_edge.Length];
        Measure(edges, new SplitMix(seed, RandomStream.RoundTrip));
    }

    /// <summary>Number of groups.</summary>
    public int Count { get; }

    /// <summary>Where each location is.</summary>
    public GlobePoint[] Places { get; }

    /// <summary>Demand of each group in Mbit/s.</summary>
    public long[] Demand { get; }

    /// <summary>Demand of all groups.</summary>
    public long TotalDemand { get; }

    /// <summary>The location of a group: the groups of one location follow each other, highest priority first.</summary>
    public int Location(int group) => group / _classes.Length;

    /// <summary>The class of a group.</summary>
    public TrafficClass Class(int group) => _classes[group % _classes.Length];

    /// <summary>The priority of a group; 0 is the highest.</summary>
    public int Priority(int group) => group % _classes.Length;

    /// <summary>A group's candidate edges, nearest first.</summary>
    public ReadOnlySpan<int> Candidates(int group) => _edge.AsSpan(Location(group) * _width, _width);

    /// <summary>What the round trip from a group to its k-th candidate costs a unit: 100 a millisecond for ordinary traffic.</summary>
    public int LatencyCost(int group, int k) => _roundTrip[Location(group) * _width + k] * Class(group).LatencyPercent / 100;

    /// <summary>A location's demand has a heavy tail; its classes take their share of it, give or take.</summary>
    private long[] Draw(SplitMix random)
    {
        long[] demand = new long[Count];
        double here = 0;
        for (int g = 0; g < Count; g++)
        {
            if (Priority(g) == 0) here = Math.Min(LargestMbps, MedianMbps * _classes.Length * random.Skewed(1));
            double share = _classes.Length == 1 ? 1 : Class(g).Share * random.Skewed(3);
            demand[g] = 1 + (long)(here * share);
        }
        return demand;
    }

    /// <summary>Nearest edges, and the round trip to each with up to 3 ms of detour.</summary>
    private void Measure(GlobePoint[] edges, SplitMix random)
    {
        NearestPoints nearest = new(edges);
        for (int i = 0; i < Places.Length; i++)
        {
            Span<int> row = _edge.AsSpan(i * _width, _width);
            nearest.Find(Places[i], row);
            for (int k = 0; k < _width; k++)
                _roundTrip[i * _width + k] = (int)(Places[i].RoundTripHundredths(edges[row[k]]) + 300 * random.Uniform());
        }
    }
}
