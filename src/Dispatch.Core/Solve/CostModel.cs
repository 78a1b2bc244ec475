using System.Collections.Concurrent;
using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Stability;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve;

/// <summary>
/// One objective over one snapshot, in integers: who asks for how much, who can serve how much, and what a unit costs where.
/// </summary>
/// <remarks>
/// Quantisation happens here and nowhere else. Groups are region × profile; their order is region by region. Thread-safe after
/// construction.
/// </remarks>
public abstract class CostModel
{
    /// <summary>The cost that marks an edge as not allowed for a group.</summary>
    public const long NotAllowed = long.MaxValue;

    private readonly NodeHealth[] _health;
    private readonly int[] _lawOf;
    private PriorVolumes? _noPrior;
    private readonly ConcurrentDictionary<(int Law, int Profile, bool HealthyOnly), long[]> _open = new();

    /// <summary>Reads what both objectives share.</summary>
    protected CostModel(Snapshot snapshot, SolveOptions options)
    {
        Snapshot = snapshot;
        Options = options;
        _health = [.. snapshot.World.Edges.Select(snapshot.World.Health.Of)];
        _lawOf = LawsOf(snapshot.World.Regions);
    }

    /// <summary>What is solved.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>How it is solved.</summary>
    public SolveOptions Options { get; private set; }

    /// <summary>Flow units in one Gbit/s.</summary>
    public abstract int UnitsPerGbps { get; }

    /// <summary>What lies between the edges' doors and the sink.</summary>
    public abstract CapacityTree Tree { get; }

    /// <summary>Caps between networks of clients and edges.</summary>
    public virtual ImmutableArray<PeeringCap> Peering => [];

    /// <summary>What the plan in force would carry of today's demand.</summary>
    public virtual PriorVolumes Prior => _noPrior ??= PriorVolumes.None(Groups.Count);

    /// <summary>Cost of a unit at an edge that did not serve it under the plan in force, above the cost there; 0 without a plan in force.</summary>
    public virtual long MoveCost => 0;

    /// <summary>
    /// What a unit that breaks a bound which may yield is charged: a floor, an onload bound, a sticky session. Above every way to keep the
    /// bound, below the charge for leaving a unit unserved.
    /// </summary>
    public virtual long HardCharge => 0;

    /// <summary>What a unit at an edge costs above its row where a contract bills it, commits aside: for those who do not see contracts.</summary>
    public virtual long ListPrice(int edge) => 0;

    /// <summary>What of a group's prior volume at an edge stays there, in units.</summary>
    public virtual long Sticky(int group, long prior) => 0;

    /// <summary>
    /// The same model without the plans that it was held to, whose volumes it has in its own terms: a plan in force would otherwise keep all
    /// plans before it alive, each with its world.
    /// </summary>
    internal CostModel WithoutPast()
    {
        if (Options.Continuity is null) return this;
        var copy = (CostModel)MemberwiseClone();
        copy.Options = Options with { Continuity = null };
        return copy;
    }

    /// <summary>A volume in flow units as a rate.</summary>
    public Mbps ToMbps(long units) => new(checked(units * (1000 / UnitsPerGbps)));

    /// <summary>The commodities.</summary>
    public abstract IReadOnlyList<ClientGroup> Groups { get; }

    /// <summary>Cost of a unit that stays unserved; above every way to serve it.</summary>
    public abstract long UnservedCost(int group);

    /// <summary>Usable capacity of an edge in units: its capacity × its health.</summary>
    public long Capacity(int edge)
    {
        NodeHealth health = _health[edge];
        double usable = Snapshot.World.Edges[edge].Capacity.Value * (health.CanServe ? health.Factor : 0);
        return Units(UnitsPerGbps * usable);
    }

    /// <summary>Costs of one unit of the group at every edge, by ordinal; <see cref="NotAllowed"/> where law, health, reach or the service forbid it.</summary>
    /// <param name="group">Ordinal in <see cref="Groups"/>.</param>
    /// <param name="costs">As many as there are edges.</param>
    public void Row(int group, Span<long> costs) => Fill(group, costs, healthyOnly: true);

    /// <summary>The same, whatever the edges' health: what law, reach and the service allow.</summary>
    internal void RowWhateverHealth(int group, Span<long> costs) => Fill(group, costs, healthyOnly: false);

    /// <summary>True where the group's own rules alone let the edge serve it.</summary>
    internal bool Accepts(ClientGroup group, int edge) => AcceptsEdge(group.Profile, edge) && Lost(group.Region, edge) <= RuleOf(group.Profile).MaxLoss;

    /// <summary>Part of what an edge sends to a region that is lost, 0 to 1; 0 where nobody measured it.</summary>
    protected double Lost(int region, int edge) => Snapshot.World.Facts.Loss is { } loss ? loss.Row(region)[edge] : 0;

    // Round trips differ by region and edge; price, law, health and what a profile accepts by far less, and are looked up.
    private void Fill(int group, Span<long> costs, bool healthyOnly)
    {
        ClientGroup g = Groups[group];
        QualityRule rule = RuleOf(g.Profile);
        double reach = Math.Min(Options.MaxRtt?.Value ?? double.PositiveInfinity, rule.Reach);
        ReadOnlySpan<double> rtt = Snapshot.World.Rtt.Row(g.Region);
        ReadOnlySpan<long> open = OpenEdges(g, healthyOnly);
        ReadOnlySpan<double> lost = rule.SeesLoss && Snapshot.World.Facts.Loss is { } loss ? loss.Row(g.Region) : default;
        for (int e = 0; e < rtt.Length; e++)
        {
            double part = lost.IsEmpty ? 0 : lost[e];
            costs[e] = open[e] != NotAllowed && rtt[e] <= reach && part <= rule.MaxLoss ? checked(open[e] + rule.Cost(rtt[e], part)) : NotAllowed;
        }
    }

    // Marginal price by edge, or that it is closed to all groups of the profile whose region is under the same law.
    private long[] OpenEdges(ClientGroup group, bool healthyOnly)
    {
        (int, int, bool) key = (_lawOf[group.Region], group.Profile, healthyOnly);
        if (_open.TryGetValue(key, out long[]? known)) return known;
        World world = Snapshot.World;
        long[] open = new long[world.Edges.Length];
        for (int e = 0; e < open.Length; e++)
        {
            bool serves = _health[e].CanServe || !healthyOnly;
            open[e] = serves && AcceptsEdge(group.Profile, e) && IsLawful(world.Regions[group.Region], world.Edges[e]) ? Marginal(e) : NotAllowed;
        }
        return _open.GetOrAdd(key, open);
    }

    // Regions that the law cannot tell apart have the same number.
    private static int[] LawsOf(ImmutableArray<ClientRegion> regions)
    {
        Dictionary<(string, bool), int> laws = [];
        int[] of = new int[regions.Length];
        for (int r = 0; r < of.Length; r++)
        {
            (string, bool) law = (regions[r].Jurisdiction, regions[r].InJurisdictionOnly);
            if (!laws.TryGetValue(law, out of[r])) laws.Add(law, of[r] = laws.Count);
        }
        return of;
    }

    /// <summary>Money for one more unit at an edge, billed contracts aside.</summary>
    protected internal abstract long Marginal(int edge);

    /// <summary>What distance and loss cost groups of a profile, and how much of them they stand.</summary>
    protected internal abstract QualityRule RuleOf(int profile);

    /// <summary>True where a profile's own rules let an edge serve.</summary>
    protected internal virtual bool AcceptsEdge(int profile, int edge) => true;

    /// <summary>True where the law lets the edge serve the region.</summary>
    protected internal virtual bool IsLawful(ClientRegion region, Edge edge) => Snapshot.World.Law.Allows(region, edge);

    /// <summary>Rounds half to even to whole units.</summary>
    protected static long Units(double value) => QualityRule.Whole(value);

    /// <summary>Under which law a region stands: regions with the same number may use the same edges.</summary>
    internal int LawOf(int region) => _lawOf[region];
}

/// <summary>Clients that are served alike: the viewers of one region that ask for services of one profile.</summary>
/// <param name="Region">Ordinal of the region.</param>
/// <param name="Profile">Ordinal of the profile; 0 under the reference objective.</param>
/// <param name="Demand">What they ask for, in flow units.</param>
public readonly record struct ClientGroup(int Region, int Profile, long Demand);
