using TrafficDispatch.Model;
using TrafficDispatch.Solve.Tree;

namespace TrafficDispatch.Solve.Columns;

/// <summary>
/// A model with fewer groups: those of a profile under one law that the same edge suggests itself to are one group, at the place of the largest of them.
/// </summary>
/// <remarks>
/// It asks for as much in nearly the same places, so what going in costs at its optimum is near what it will cost at the whole model's. It owes
/// nothing to a plan in force and knows no peering caps.
/// </remarks>
internal sealed class CoarseModel : CostModel
{
    private readonly CostModel _whole;
    private readonly int[] _largest;

    private CoarseModel(CostModel whole, int[] edgeOf)
        : base(whole.Snapshot, whole.Options)
    {
        _whole = whole;
        var merged = Enumerable.Range(0, whole.Groups.Count)
            .Where(g => whole.Groups[g].Demand > 0)
            .GroupBy(g => (edgeOf[g], LawOf(whole.Groups[g].Region), whole.Groups[g].Profile))
            .Select(same => (Largest: same.MaxBy(g => whole.Groups[g].Demand), Demand: same.Sum(g => whole.Groups[g].Demand)))
            .ToArray();
        _largest = [.. merged.Select(static m => m.Largest)];
        Groups = [.. merged.Select(m => whole.Groups[m.Largest] with { Demand = m.Demand })];
    }

    /// <summary>The largest of the groups that a group was made of, in the model it was made from.</summary>
    public int LargestOf(int group) => _largest[group];

    /// <summary>Merges the groups of a model by the edge nearest to them, or those of a model so merged by their cheapest edge. O(groups × edges).</summary>
    public static CoarseModel Of(CostModel whole) => new(whole, whole is CoarseModel ? CheapestEdges(whole) : NearestEdges(whole));

    private static int[] CheapestEdges(CostModel model)
    {
        CandidateRows cheapest = CandidateRows.Cheapest(model, 1);
        return [.. Enumerable.Range(0, model.Groups.Count).Select(g => cheapest.Edges(g).IsEmpty ? -1 : cheapest.Edges(g)[0])];
    }

    private static int[] NearestEdges(CostModel model)
    {
        int[] ofRegion = [.. Enumerable.Range(0, model.Snapshot.World.Regions.Length).Select(r => Nearest(model.Snapshot.World.Rtt.Row(r)))];
        return [.. model.Groups.Select(g => ofRegion[g.Region])];
    }

    private static int Nearest(ReadOnlySpan<double> rtt)
    {
        int nearest = 0;
        for (int e = 1; e < rtt.Length; e++)
            if (rtt[e] < rtt[nearest]) nearest = e;
        return nearest;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ClientGroup> Groups { get; }

    /// <inheritdoc/>
    public override int UnitsPerGbps => _whole.UnitsPerGbps;

    /// <inheritdoc/>
    public override CapacityTree Tree => _whole.Tree;

    /// <inheritdoc/>
    public override long HardCharge => _whole.HardCharge;

    /// <inheritdoc/>
    public override long UnservedCost(int group) => _whole.UnservedCost(_largest[group]);

    /// <inheritdoc/>
    protected internal override long Marginal(int edge) => _whole.Marginal(edge);

    /// <inheritdoc/>
    protected internal override QualityRule RuleOf(int profile) => _whole.RuleOf(profile);

    /// <inheritdoc/>
    protected internal override bool AcceptsEdge(int profile, int edge) => _whole.AcceptsEdge(profile, edge);

    /// <inheritdoc/>
    protected internal override bool IsLawful(ClientRegion region, Edge edge) => _whole.IsLawful(region, edge);
}
