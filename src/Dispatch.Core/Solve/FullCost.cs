using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Explain;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Stability;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve;

/// <summary>
/// The full objective, in micro-USD per Mbit/s and hour: money at the margin, round trip and loss as the class weighs them, congestion,
/// what changes against the plan in force, and charges for bounds that yield and for traffic left unserved.
/// </summary>
/// <remarks>What may never be traded for what is kept apart by <see cref="ChargeLadder"/>.</remarks>
public sealed class FullCost : CostModel
{
    private readonly ClientGroup[] _groups;
    private readonly long[] _marginal;
    private readonly long[] _unserved;
    private readonly ServiceProfiles _profiles;
    private readonly QualityRule[] _rules;

    /// <summary>Quantises a snapshot.</summary>
    public FullCost(Snapshot snapshot, SolveOptions options)
        : base(snapshot, options)
    {
        World world = snapshot.World;
        _profiles = ServiceProfiles.Of(world);
        _rules = [.. _profiles.Profiles.Select(p => RuleOf(world.Classes[p.Class]))];
        _groups = GroupsOf(snapshot, _profiles);
        Bills = new(snapshot, Capacity);
        _marginal = [.. Enumerable.Range(0, world.Edges.Length).Select(e => Bills.ContractOf(e) >= 0 ? 0 : world.Edges[e].Price.Marginal().Value)];
        Prior = PriorOf(options.Continuity?.InForce) ?? PriorVolumes.None(_groups.Length);
        ChargeLadder ladder = new(this, Bills.Dearest, DearestArc(world));
        (HardCharge, DearestWay) = (ladder.Hard, ladder.DearestWay);
        _unserved = UnservedByProfile(world, _profiles, ladder.Unserved);
        Tree = CapacityTree.Of(world, Bills.Nesting, [.. EdgeCosts()], Bills.Costs, HardCharge, static rate => rate.ToMbps().Value);
        if (options.Reserve is not { } reserve) return;
        ReserveGroups = ReserveTree.GroupsOf(Tree, world, Capacity, reserve);
        Tree = ReserveTree.Over(Tree, ReserveGroups, reserve);
    }

    /// <summary>The commodities' rules.</summary>
    public ServiceProfiles Profiles => _profiles;

    /// <summary>Groups of edges that keep a reserve; empty without <see cref="SolveOptions.Reserve"/>.</summary>
    public ImmutableArray<ReserveGroup> ReserveGroups { get; } = [];

    /// <summary>Greatest cost of a unit from a group to the sink, moves and charges aside.</summary>
    internal long DearestWay { get; }

    /// <summary>What contracts charge.</summary>
    internal Bills Bills { get; }

    /// <inheritdoc/>
    public override int UnitsPerGbps => 1000;

    /// <inheritdoc/>
    public override IReadOnlyList<ClientGroup> Groups => _groups;

    /// <inheritdoc/>
    public override CapacityTree Tree { get; }

    /// <inheritdoc/>
    public override ImmutableArray<PeeringCap> Peering => Snapshot.World.Facts.Peering;

    /// <inheritdoc/>
    public override PriorVolumes Prior { get; }

    /// <inheritdoc/>
    public override long MoveCost => Options.Continuity?.MoveCost ?? 0;

    /// <inheritdoc/>
    public override long HardCharge { get; }

    /// <inheritdoc/>
    public override long Sticky(int group, long prior) => (long)(prior * ClassOf(_groups[group]).StickyShare);

    /// <inheritdoc/>
    public override long UnservedCost(int group) => _unserved[_groups[group].Profile];

    /// <inheritdoc/>
    public override long ListPrice(int edge) => Bills.ListPrice(Snapshot.World.Edges[edge], edge) - _marginal[edge];

    /// <inheritdoc/>
    protected internal override long Marginal(int edge) => _marginal[edge];

    /// <inheritdoc/>
    protected internal override QualityRule RuleOf(int profile) => _rules[profile];

    /// <summary>What a unit of a group costs at an allowed edge, part by part; the round trip takes what rounding leaves.</summary>
    internal UnitCost Parts(int group, int edge, long door)
    {
        ClientGroup g = _groups[group];
        TrafficClass cls = ClassOf(g);
        double rtt = Snapshot.World.Rtt.Row(g.Region)[edge], lost = Lost(g.Region, edge);
        long loss = Units(cls.LossWeight * 100 * lost), latency = RuleOf(g.Profile).Cost(rtt, lost) - loss;
        return new(_marginal[edge], latency, loss, Prior.Volume(group, edge) > 0 ? 0 : MoveCost, door);
    }

    /// <inheritdoc/>
    protected internal override bool AcceptsEdge(int profile, int edge) => _profiles.Profiles[profile].Accepts(Snapshot.World.Edges[edge]);

    private static QualityRule RuleOf(TrafficClass cls) =>
        new(cls.LatencyWeight, cls.LossWeight * 100, cls.MaxRtt?.Value ?? double.PositiveInfinity, cls.MaxLoss ?? 1);

    private TrafficClass ClassOf(ClientGroup group) => Snapshot.World.Classes[_profiles.Profiles[group.Profile].Class];

    private PriorVolumes? PriorOf(TrafficPlan? plan)
    {
        if (plan is null) return null;
        if (plan.Model is not FullCost old) throw new ArgumentException("A plan of the reference objective knows no services, so none can be held to it.", nameof(plan));
        return PriorVolumes.Of(plan, Snapshot.World, _groups, _profiles.Keys, old._profiles.Keys);
    }

    private IEnumerable<StepCost> EdgeCosts()
    {
        long[]? present = PresentLoads();
        for (int e = 0; e < Snapshot.World.Edges.Length; e++)
        {
            long capacity = Capacity(e);
            StepCost cost = Options.Congestion.Of(capacity).Plus(OfLoops(e, capacity));
            if (present is not null && Options.Continuity!.OnloadPercent is { } percent)
            {
                long bound = Math.Min(capacity, present[e] + (long)((Int128)capacity * percent / 100));
                cost = cost.Plus(StepCost.Of([new(bound, 0), new(capacity - bound, HardCharge)]));
            }
            yield return cost;
        }
    }

    private StepCost OfLoops(int edge, long capacity)
    {
        long room = (long)((Int128)capacity * Options.RoomPermille / 1000), surcharge = Options.EdgeSurcharges.IsEmpty ? 0 : Options.EdgeSurcharges[edge];
        return StepCost.Of([new(Options.EdgeBounds.IsEmpty ? room : Math.Min(room, Options.EdgeBounds[edge]), surcharge)]);
    }

    // Where traffic is: on its way from the plan before to the plan in force.
    private long[]? PresentLoads()
    {
        if (Options.Continuity is not { } held) return null;
        int edges = Snapshot.World.Edges.Length;
        long[] now = Prior.EdgeLoads(edges);
        if (PriorOf(held.Before) is not { } before) return now;
        long[] then = before.EdgeLoads(edges);
        for (int e = 0; e < edges; e++) now[e] = then[e] + (long)((Int128)(now[e] - then[e]) * held.ArrivedPercent / 100);
        return now;
    }

    /// <summary>Splits each region over the profiles by rounding running totals, so that the parts add up to the region's whole Mbit/s.</summary>
    private static ClientGroup[] GroupsOf(Snapshot snapshot, ServiceProfiles profiles)
    {
        int width = profiles.Profiles.Length;
        ClientGroup[] groups = new ClientGroup[snapshot.World.Regions.Length * width];
        double[] cumulative = new double[width];
        double sum = 0;
        for (int p = 0; p < width; p++) cumulative[p] = sum += profiles.Profiles[p].ShareOfDemand;
        for (int r = 0; r < snapshot.World.Regions.Length; r++)
        {
            double demand = snapshot.Demand(r).Value * 1000;
            long before = 0;
            for (int p = 0; p < width; p++)
            {
                long upTo = Units(demand * cumulative[p]);
                groups[r * width + p] = new(r, p, upTo - before);
                before = upTo;
            }
        }
        return groups;
    }

    private long DearestArc(World world)
    {
        double farthest = 0;
        for (int r = 0; r < world.Regions.Length; r++)
            foreach (double rtt in world.Rtt.Row(r)) farthest = Math.Max(farthest, rtt);
        double heaviest = world.Classes.Max(static c => c.LatencyWeight), lossiest = world.Facts.Loss is null ? 0 : 100 * world.Classes.Max(static c => c.LossWeight);
        return checked((_marginal.Length == 0 ? 0 : _marginal.Max()) + Units(heaviest * farthest + lossiest));
    }

    private static long[] UnservedByProfile(World world, ServiceProfiles profiles, long step)
    {
        int[] levels = [.. world.Classes.Select(static c => c.Priority).Distinct().OrderDescending()];
        return [.. profiles.Profiles.Select(p => checked((Array.IndexOf(levels, world.Classes[p.Class].Priority) + 1) * step))];
    }
}
