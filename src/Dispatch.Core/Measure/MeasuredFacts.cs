using System.Collections.Frozen;
using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>What measurements make of a snapshot's facts. Immutable and thread-safe.</summary>
public sealed class MeasuredFacts
{
    private const double PpmOfOne = 1e6, MicrosecondsPerMillisecond = 1000;

    private readonly World _facts;
    private readonly Lazy<FrozenDictionary<(int, int, string), PathEstimate>> _byPath;
    private readonly FrozenDictionary<string, ImmutableArray<CountryRatio>> _byCountry;

    internal MeasuredFacts(
        Snapshot facts, ImmutableArray<PathEstimate> paths, ImmutableArray<CountryRatio> countries, ImmutableArray<DemandEstimate> demand,
        FrozenDictionary<ClientAddress, ImmutableArray<RegionShare>> resolvers)
    {
        (_facts, Paths, Countries, Demand, Resolvers) = (facts.World, paths, countries, demand, resolvers);
        // Asked by people alone; a solve takes the world.
        _byPath = new(() => Paths.ToFrozenDictionary(static p => (p.Region, p.Edge, p.Network)));
        _byCountry = countries.GroupBy(static c => c.Iso2, StringComparer.Ordinal).ToFrozenDictionary(static c => c.Key, static c => c.ToImmutableArray(), StringComparer.Ordinal);
        Snapshot = WithDemand(paths.IsEmpty ? facts : facts with { World = WithPaths(facts.World) }, demand);
        Coverage = Cover(facts);
    }

    /// <summary>
    /// The snapshot with measured round trips, loss and demand in place of the facts' own; the very same object where nothing is measured.
    /// The world keeps its version: that names the facts, and measurements change with every solve.
    /// </summary>
    public Snapshot Snapshot { get; }

    /// <summary>Every path that is measured itself, for a region or one of its networks.</summary>
    public ImmutableArray<PathEstimate> Paths { get; }

    /// <summary>What regions follow at edges that they do not measure themselves, by country and edge.</summary>
    public ImmutableArray<CountryRatio> Countries { get; }

    /// <summary>Demand of the regions that report it, by region.</summary>
    public ImmutableArray<DemandEstimate> Demand { get; }

    /// <summary>Where the clients of resolvers are; only resolvers of which enough clients were seen.</summary>
    public FrozenDictionary<ClientAddress, ImmutableArray<RegionShare>> Resolvers { get; }

    /// <summary>How much of the world is measured.</summary>
    public MeasureCoverage Coverage { get; }

    /// <summary>How old the samples behind it were when it was made.</summary>
    public SampleAges Ages { get; init; }

    /// <summary>The best that is known of a path: group, else region, else country, else the facts. O(edges); the first call O(paths).</summary>
    /// <param name="region">Region ordinal.</param>
    /// <param name="edge">Edge ordinal.</param>
    /// <param name="network">Access network; empty for the region as a whole.</param>
    public PathEstimate Estimate(int region, int edge, string network = "")
    {
        if (network.Length > 0 && _byPath.Value.TryGetValue((region, edge, network), out PathEstimate? group)) return group;
        if (_byPath.Value.TryGetValue((region, edge, ""), out PathEstimate? known)) return known;
        long rtt = _facts.Rtt[region, edge].ToMicroseconds().Value;
        if (_byCountry.TryGetValue(_facts.Regions[region].Place.Iso2, out ImmutableArray<CountryRatio> ratios) && ratios.FirstOrDefault(c => c.Edge == edge) is { } ratio)
            return new PathEstimate(region, edge, "", EstimateLevel.Country, ratio.Of(rtt), ratio.Of(rtt), null, null, 0, 0, ratio.ConfidencePercent);
        int? loss = _facts.Facts.Loss is { } matrix ? (int)(matrix.Row(region)[edge] * PpmOfOne) : null;
        return new PathEstimate(region, edge, "", EstimateLevel.Model, rtt, rtt, loss, null, 0, 0, 0);
    }

    /// <summary>Id of the region that most clients of a resolver are from; null where too few of them were seen. O(1).</summary>
    public string? MainRegionOf(ClientAddress resolver) =>
        Resolvers.TryGetValue(resolver, out ImmutableArray<RegionShare> mix) ? _facts.Regions[mix[0].Region].Id : null;

    private World WithPaths(World world)
    {
        (int regions, int edges) = (world.Regions.Length, world.Edges.Length);
        double[] rtt = new double[regions * edges];
        double[]? loss = null;
        for (int r = 0; r < regions; r++)
        {
            world.Rtt.Row(r).CopyTo(rtt.AsSpan(r * edges));
            if (!_byCountry.TryGetValue(world.Regions[r].Place.Iso2, out ImmutableArray<CountryRatio> ratios)) continue;
            foreach (CountryRatio c in ratios) rtt[r * edges + c.Edge] = c.Of(world.Rtt[r, c.Edge].ToMicroseconds().Value) / MicrosecondsPerMillisecond;
        }
        // Whoever measures an edge itself follows nobody.
        foreach (PathEstimate p in Paths.Where(static p => p.Level != EstimateLevel.Group))
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
            Paths.Count(static p => p.Level == EstimateLevel.Region), Following());
    }

    /// <summary>How many paths follow their country: those of all its regions at the edge, but for those that are measured.</summary>
    private int Following()
    {
        Dictionary<string, int> regions = _facts.Regions.CountBy(static r => r.Place.Iso2, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        HashSet<(string, int)> followed = [.. Countries.Select(static c => (c.Iso2, c.Edge))];
        int all = Countries.Sum(c => regions[c.Iso2]);
        return all - Paths.Count(p => p.Level == EstimateLevel.Region && followed.Contains((_facts.Regions[p.Region].Place.Iso2, p.Edge)));
    }
}
