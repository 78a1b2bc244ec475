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

    /// <summary>Reads what both objectives share.</summary>
    protected CostModel(Snapshot snapshot, SolveOptions options)
    {
        Snapshot = snapshot;
        Options = options;
        _health = [.. snapshot.World.Edges.Select(snapshot.World.Health.Of)];
    }

    /// <summary>What is solved.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>How it is solved.</summary>
    public SolveOptions Options { get; }

    /// <summary>Flow units in one Gbit/s.</summary>
    public abstract int UnitsPerGbps { get; }

    /// <summary>What lies between the edges' doors and the sink.</summary>
    public abstract CapacityTree Tree { get; }

    /// <summary>Caps between networks of clients and edges.</summary>
    public virtual ImmutableArray<PeeringCap> Peering => [];

    /// <summary>What the plan in force would carry of today's demand.</summary>
    public virtual PriorVolumes Prior => PriorVolumes.None(Groups.Count);

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

    /// <summary>True where the law alone lets the edge serve the region.</summary>
    internal bool Lawful(ClientRegion region, Edge edge) => IsLawful(region, edge);

    /// <summary>True where the group's own rules alone let the edge serve it.</summary>
    internal bool Accepts(ClientGroup group, int edge) => AcceptsEdge(group, edge);

    private void Fill(int group, Span<long> costs, bool healthyOnly)
    {
        World world = Snapshot.World;
        ClientGroup g = Groups[group];
        ClientRegion region = world.Regions[g.Region];
        ReadOnlySpan<double> rtt = world.Rtt.Row(g.Region);
        double reach = Math.Min(Options.MaxRtt?.Value ?? double.PositiveInfinity, ReachOf(g));
        for (int e = 0; e < rtt.Length; e++)
        {
            bool serves = _health[e].CanServe || !healthyOnly;
            bool allowed = serves && rtt[e] <= reach && AcceptsEdge(g, e) && IsLawful(region, world.Edges[e]);
            costs[e] = allowed ? Cost(g, e, rtt[e]) : NotAllowed;
        }
    }

    /// <summary>Cost of one unit at an allowed edge.</summary>
    protected abstract long Cost(ClientGroup group, int edge, double rttMs);

    /// <summary>The farthest an edge of this group may be, milliseconds.</summary>
    protected virtual double ReachOf(ClientGroup group) => double.PositiveInfinity;

    /// <summary>True where the group's own rules let the edge serve it.</summary>
    protected virtual bool AcceptsEdge(ClientGroup group, int edge) => true;

    /// <summary>True where the law lets the edge serve the region.</summary>
    protected virtual bool IsLawful(ClientRegion region, Edge edge) => Snapshot.World.Law.Allows(region, edge);

    /// <summary>Rounds half to even to whole units.</summary>
    protected static long Units(double value) => checked((long)Math.Round(value, MidpointRounding.ToEven));
}

/// <summary>Clients that are served alike: the viewers of one region that ask for services of one profile.</summary>
/// <param name="Region">Ordinal of the region.</param>
/// <param name="Profile">Ordinal of the profile; 0 under the reference objective.</param>
/// <param name="Demand">What they ask for, in flow units.</param>
public readonly record struct ClientGroup(int Region, int Profile, long Demand);
