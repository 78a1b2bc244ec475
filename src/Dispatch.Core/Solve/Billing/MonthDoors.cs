using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Which edges each region may use in a month, at what cost and through which peering cap: one candidate an arc. Immutable.</summary>
/// <remarks>
/// A region's classes are one commodity: latency and loss weigh as the classes do in the mean, by their share of demand, and the largest
/// class says how far and how lossy an edge may be.
/// </remarks>
internal sealed class MonthDoors
{
    private readonly World _world;
    private readonly ContractTree _tree;
    private readonly TrafficClass _largest;
    private readonly double _latencyWeight, _lossWeight;
    private readonly PeeringIndex _peering;
    private readonly List<(int Region, int Edge, int Peering, long Cost)> _candidates = [];

    /// <param name="world">Facts.</param>
    /// <param name="tree">Its contracts.</param>
    /// <param name="most">Edges a region may use, half of them the nearest, half the cheapest.</param>
    public MonthDoors(World world, ContractTree tree, int most)
    {
        (_world, _tree, _peering) = (world, tree, new PeeringIndex(world.Facts.Peering));
        _largest = world.Classes.MaxBy(static c => c.Share)!;
        _latencyWeight = world.Classes.Sum(static c => c.Share * c.LatencyWeight);
        _lossWeight = world.Classes.Sum(static c => c.Share * c.LossWeight);
        for (int r = 0; r < world.Regions.Length; r++) Add(r, most);
        Dearest = _candidates.Count == 0 ? 0 : _candidates.Max(static c => c.Cost);
    }

    /// <summary>Number of candidates, region by region and by rising edge.</summary>
    public int Count => _candidates.Count;

    /// <summary>Greatest cost of a candidate.</summary>
    public long Dearest { get; }

    /// <summary>Region of a candidate.</summary>
    public int RegionOf(int candidate) => _candidates[candidate].Region;

    /// <summary>Edge of a candidate.</summary>
    public int EdgeOf(int candidate) => _candidates[candidate].Edge;

    /// <summary>Peering cap of a candidate; −1 for none.</summary>
    public int PeeringOf(int candidate) => _candidates[candidate].Peering;

    /// <summary>Cost of a candidate, micro-USD for a Mbit/s and hour: latency, loss, and the edge's price where no contract bills it.</summary>
    public long CostOf(int candidate) => _candidates[candidate].Cost;

    /// <summary>What a Mbit/s costs at an edge that no contract bills, micro-USD an hour; 0 where one does.</summary>
    public long OwnPrice(int edge) => _tree.Payer[edge] >= 0 ? 0 : _world.Edges[edge].Price.Marginal().Value;

    private void Add(int region, int most)
    {
        ReadOnlySpan<double> rtt = _world.Rtt.Row(region);
        double reach = _largest.MaxRtt?.Value ?? double.PositiveInfinity, lossiest = _largest.MaxLoss ?? 1;
        List<(long Rank, int Edge, long Cost)> allowed = [];
        for (int e = 0; e < rtt.Length; e++)
        {
            double loss = _world.Facts.Loss is { } matrix ? matrix.Row(region)[e] : 0;
            if (_tree.EdgeCapacity[e] == 0 || rtt[e] > reach || loss > lossiest || !_world.Law.Allows(_world.Regions[region], _world.Edges[e])) continue;
            long service = checked((long)Math.Round(_latencyWeight * rtt[e] + _lossWeight * 100 * loss, MidpointRounding.ToEven));
            allowed.Add((service + _world.Edges[e].Price.Marginal().Value, e, service + OwnPrice(e)));
        }
        // Where prices lie far apart the cheapest are all of one operator: half of the room is for the nearest.
        var nearest = allowed.OrderBy(a => RttOf(a.Edge)).ThenBy(static a => a.Edge).Take((most + 1) / 2).ToHashSet();
        var cheapest = allowed.Where(a => !nearest.Contains(a)).OrderBy(static a => a.Rank).ThenBy(static a => a.Edge).Take(most / 2);
        foreach ((_, int e, long cost) in nearest.Concat(cheapest).OrderBy(static a => a.Edge)) _candidates.Add((region, e, _peering.CapOf(region, e), cost));

        double RttOf(int edge) => _world.Rtt[region, edge].Value;
    }
}
