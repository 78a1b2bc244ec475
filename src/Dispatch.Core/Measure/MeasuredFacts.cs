using System.Collections.Frozen;
using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>What measurements make of a snapshot's facts. Immutable and thread-safe.</summary>
public sealed class MeasuredFacts
{
    private const double PpmOfOne = 1e6, MicrosecondsPerMillisecond = 1000;

    private readonly World _facts;
    private readonly FrozenDictionary<(int, int, string), PathEstimate> _byPath;

    internal MeasuredFacts(
        Snapshot facts, ImmutableArray<PathEstimate> paths, ImmutableArray<DemandEstimate> demand,
        FrozenDictionary<ClientAddress, ImmutableArray<RegionShare>> resolvers)
    {
        (_facts, Paths, Demand, Resolvers) = (facts.World, paths, demand, resolvers);
        _byPath = paths.ToFrozenDictionary(static p => (p.Region, p.Edge, p.Network));
        Snapshot = WithDemand(paths.IsEmpty ? facts : facts with { World = WithPaths(facts.World, paths) }, demand);
        Coverage = Cover(facts);
    }

    /// <summary>
    /// The snapshot with measured round trips, loss and demand in place of the facts' own; the very same object where nothing is measured.
    /// The world keeps its version: that names the facts, and measurements change with every solve.
    /// </summary>
    public Snapshot Snapshot { get; }

    /// <summary>Every estimate that is not the facts' own value: regions and groups measured themselves, and regions that follow their country.</summary>
    public ImmutableArray<PathEstimate> Paths { get; }

    /// <summary>Demand of the regions that report it, by region.</summary>
    public ImmutableArray<DemandEstimate> Demand { get; }

    /// <summary>Where the clients of resolvers are; only resolvers of which enough clients were seen.</summary>
    public FrozenDictionary<ClientAddress, ImmutableArray<RegionShare>> Resolvers { get; }

    /// <summary>How much of the world is measured.</summary>
    public MeasureCoverage Coverage { get; }

    /// <summary>How old the samples behind it were when it was made.</summary>
    public SampleAges Ages { get; init; }

    /// <summary>The best that is known of a path: group, else region, else country, else the facts. O(1).</summary>
    /// <param name="region">Region ordinal.</param>
    /// <param name="edge">Edge ordinal.</param>
    /// <param name="network">Access network; empty for the region as a whole.</param>
    public PathEstimate Estimate(int region, int edge, string network = "")
    {
        if (network.Length > 0 && _byPath.TryGetValue((region, edge, network), out PathEstimate? group)) return group;
        if (_byPath.TryGetValue((region, edge, ""), out PathEstimate? known)) return known;
        long rtt = _facts.Rtt[region, edge].ToMicroseconds().Value;
        int? loss = _facts.Facts.Loss is { } matrix ? (int)(matrix.Row(region)[edge] * PpmOfOne) : null;
        return new PathEstimate(region, edge, "", EstimateLevel.Model, rtt, rtt, loss, null, 0, 0, 0);
    }

    /// <summary>Id of the region that most clients of a resolver are from; null where too few of them were seen. O(1).</summary>
    public string? MainRegionOf(ClientAddress resolver) =>
        Resolvers.TryGetValue(resolver, out ImmutableArray<RegionShare> mix) ? _facts.Regions[mix[0].Region].Id : null;

    private static World WithPaths(World world, ImmutableArray<PathEstimate> paths)
    {
        (int regions, int edges) = (world.Regions.Length, world.Edges.Length);
        double[] rtt = new double[regions * edges];
        double[]? loss = null;
        for (int r = 0; r < regions; r++) world.Rtt.Row(r).CopyTo(rtt.AsSpan(r * edges));
        foreach (PathEstimate p in paths.Where(static p => p.Level != EstimateLevel.Group))
        {
            rtt[p.Region * edges + p.Edge] = p.RttMicroseconds / MicrosecondsPerMillisecond;
            if (p.LossPpm is { } ppm) (loss ??= LossOf(world))[p.Region * edges + p.Edge] = ppm / PpmOfOne;
        }
        WorldFacts facts = world.Facts with { Rtt = new RttMatrix(regions, edges, rtt) };
        return new World(loss is null ? facts : facts with { Loss = new LossMatrix(regions, edges, loss) });
    }

    private static double[] LossOf(World world)
    {
        double[] loss = new double[world.Regions.Length * world.Edges.Length];
        if (world.Facts.Loss is not { } known) return loss;
        for (int r = 0; r < world.Regions.Length; r++) known.Row(r).CopyTo(loss.AsSpan(r * world.Edges.Length));
        return loss;
    }

    /// <summary>A region's scale is what is forecast over what the facts say; a region whose facts ask for nothing cannot be scaled and stays.</summary>
    private static Snapshot WithDemand(Snapshot snapshot, ImmutableArray<DemandEstimate> demand)
    {
        if (demand.IsEmpty) return snapshot;
        ImmutableArray<double>.Builder scale = ImmutableArray.CreateBuilder<double>(snapshot.World.Regions.Length);
        for (int r = 0; r < snapshot.World.Regions.Length; r++) scale.Add(snapshot.ScaleOf(r));
        foreach (DemandEstimate d in demand)
        {
            double facts = snapshot.World.Regions[d.Region].Peak.Value * 1000 * snapshot.DiurnalFraction(d.Region);
            if (facts > 0) scale[d.Region] = d.ForecastMbps / facts;
        }
        return snapshot with { DemandScale = scale.MoveToImmutable() };
    }

    private MeasureCoverage Cover(Snapshot facts)
    {
        HashSet<int> fresh = [.. Paths.Where(static p => p.Level <= EstimateLevel.Region).Select(static p => p.Region)];
        (double all, double measured) = (0, 0);
        for (int r = 0; r < _facts.Regions.Length; r++)
        {
            double demand = facts.Demand(r).Value;
            all += demand;
            if (fresh.Contains(r)) measured += demand;
        }
        return new MeasureCoverage(_facts.Regions.Length, fresh.Count, Demand.Length, all > 0 ? measured / all : 0,
            Paths.Count(static p => p.Level == EstimateLevel.Region), Paths.Count(static p => p.Level == EstimateLevel.Country));
    }
}
