using TrafficDispatch.Model;

namespace TrafficDispatch.Solve;

/// <summary>
/// The full objective, in micro-USD per Mbit/s and hour: an edge's marginal price, plus round trip × the class's latency weight, plus a
/// charge for unserved traffic that sheds lower priorities first.
/// </summary>
/// <remarks>
/// Exact priorities: moving one unit from unserved to served can at most re-route units along a path that meets each edge once, so it
/// changes the rest of the objective by less than <c>step</c> = (edges + 1) × (dearest − cheapest arc) + 1. Charges that lie
/// <c>step</c> apart therefore never trade a higher priority for money, latency or a lower priority.
/// </remarks>
public sealed class FullCost : CostModel
{
    private readonly ClientGroup[] _groups;
    private readonly long[] _marginal;
    private readonly long[] _unserved;
    private readonly ServiceProfiles _profiles;

    /// <summary>Quantises a snapshot.</summary>
    public FullCost(Snapshot snapshot, SolveOptions options)
        : base(snapshot, options)
    {
        World world = snapshot.World;
        _profiles = ServiceProfiles.Of(world);
        _marginal = [.. world.Edges.Select(static e => e.Price.Marginal().Value)];
        _groups = GroupsOf(snapshot, _profiles);
        _unserved = UnservedByProfile(world, _profiles, Step(world));
    }

    /// <summary>The commodities' rules.</summary>
    public ServiceProfiles Profiles => _profiles;

    /// <inheritdoc/>
    public override int UnitsPerGbps => 1000;

    /// <inheritdoc/>
    public override IReadOnlyList<ClientGroup> Groups => _groups;

    /// <inheritdoc/>
    public override long UnservedCost(int group) => _unserved[_groups[group].Profile];

    /// <inheritdoc/>
    protected override long Cost(ClientGroup group, int edge, double rttMs) => _marginal[edge] + Latency(ClassOf(group), rttMs);

    /// <inheritdoc/>
    protected override double ReachOf(ClientGroup group) => ClassOf(group).MaxRtt?.Value ?? double.PositiveInfinity;

    /// <inheritdoc/>
    protected override bool AcceptsEdge(ClientGroup group, int edge) =>
        _profiles.Profiles[group.Profile].Accepts(Snapshot.World.Edges[edge]);

    private static long Latency(TrafficClass cls, double rttMs) => Units(cls.LatencyWeight * rttMs);

    private TrafficClass ClassOf(ClientGroup group) => Snapshot.World.Classes[_profiles.Profiles[group.Profile].Class];

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

    private long Step(World world)
    {
        double farthest = 0;
        for (int r = 0; r < world.Regions.Length; r++)
            foreach (double rtt in world.Rtt.Row(r)) farthest = Math.Max(farthest, rtt);
        double heaviest = world.Classes.Max(static c => c.LatencyWeight);
        long dearest = checked((_marginal.Length == 0 ? 0 : _marginal.Max()) + Units(heaviest * farthest));
        return checked((world.Edges.Length + 1L) * dearest + 1);
    }

    private static long[] UnservedByProfile(World world, ServiceProfiles profiles, long step)
    {
        int[] levels = [.. world.Classes.Select(static c => c.Priority).Distinct().OrderDescending()];
        return [.. profiles.Profiles.Select(p => checked((Array.IndexOf(levels, world.Classes[p.Class].Priority) + 1) * step))];
    }
}
