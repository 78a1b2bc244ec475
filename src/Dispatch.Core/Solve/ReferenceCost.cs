using TrafficDispatch.Model;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve;

/// <summary>
/// The reference objective: one layer from regions to edges, all traffic alike, by which independent programs compare results.
/// </summary>
/// <remarks>
/// 1 unit = 0.01 Gbit/s. Demand = 100 × peak × diurnal fraction × scale, in double and in that order; capacity = 100 × capacity;
/// cost a unit = round(10^6 × USD per GB) + round(100 × RTT in ms); unserved 200,000 a unit. All rounding is half to even. A region with
/// a residency rule may only use edges of its own jurisdiction: <c>allowed.csv</c> neither widens nor narrows that here, so that programs
/// that do not read it compare. Edges that are down or drained serve nobody.
/// </remarks>
public sealed class ReferenceCost : CostModel
{
    /// <summary>Cost of a unit that stays unserved.</summary>
    public const long Unserved = 200_000;

    private readonly ClientGroup[] _groups;
    private readonly long[] _priceOf;

    /// <summary>Quantises a snapshot.</summary>
    public ReferenceCost(Snapshot snapshot, SolveOptions options)
        : base(snapshot, options)
    {
        World world = snapshot.World;
        _groups = new ClientGroup[world.Regions.Length];
        for (int r = 0; r < _groups.Length; r++)
        {
            double demand = 100 * world.Regions[r].Peak.Value * snapshot.DiurnalFraction(r) * snapshot.ScaleOf(r);
            _groups[r] = new(r, 0, Units(demand));
        }
        _priceOf = [.. world.Edges.Select(static e => Units(1e6 * e.Price.UsdPerGb))];
        Tree = CapacityTree.Flat([.. Enumerable.Range(0, world.Edges.Length).Select(Capacity)]);
    }

    /// <inheritdoc/>
    public override CapacityTree Tree { get; }

    /// <inheritdoc/>
    public override int UnitsPerGbps => 100;

    /// <inheritdoc/>
    public override IReadOnlyList<ClientGroup> Groups => _groups;

    /// <inheritdoc/>
    public override long UnservedCost(int group) => Unserved;

    /// <inheritdoc/>
    protected internal override bool IsLawful(ClientRegion region, Edge edge) =>
        !region.InJurisdictionOnly || string.Equals(region.Jurisdiction, edge.Jurisdiction, StringComparison.Ordinal);

    /// <inheritdoc/>
    protected internal override long Marginal(int edge) => _priceOf[edge];

    /// <inheritdoc/>
    protected internal override QualityRule RuleOf(int profile) => new(100, 0, double.PositiveInfinity, 1);
}
