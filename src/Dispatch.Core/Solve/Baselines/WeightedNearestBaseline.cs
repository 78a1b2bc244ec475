namespace TrafficDispatch.Solve.Baselines;

/// <summary>
/// Weighted nearest, as DNS steering with static weights does it: each group is split over its three nearest allowed edges (round trip,
/// then the world's order) in proportion to their usable capacities. What an edge gets beyond its capacity is shed there, from all its
/// groups in proportion (<see cref="Overload"/>), and stays unserved.
/// </summary>
/// <remarks>
/// In whole flow units: of demand d and the capacities c₁ … cₖ of the edges by rising distance, the first i edges together get
/// ⌊d · (c₁ + … + cᵢ) ÷ (c₁ + … + cₖ)⌋. Where all those capacities are 0 the nearest gets everything, and sheds it.
/// </remarks>
public static class WeightedNearestBaseline
{
    /// <summary>Edges that share a group.</summary>
    public const int Edges = 3;

    /// <summary>The name that reports give it.</summary>
    public const string Name = "weighted-nearest";

    /// <summary>The rule in one sentence.</summary>
    public const string Rule =
        "each group split over its 3 nearest allowed edges by capacity; what exceeds an edge's capacity is shed pro rata and unserved";

    /// <summary>Places every group. O(groups × edges).</summary>
    public static TrafficPlan Plan(CostModel model)
    {
        NearestEdges nearest = new(model, Edges);
        Overload placed = new(model);
        for (int g = 0; g < model.Groups.Count; g++) Split(model.Groups[g].Demand, g, nearest.Of(g), placed);
        return placed.Shed();
    }

    private static void Split(long demand, int group, ReadOnlySpan<int> edges, Overload placed)
    {
        Int128 whole = 0, upTo = 0;
        foreach (int e in edges) whole += placed.Capacity(e);
        if (whole == 0)
        {
            if (edges.Length > 0) placed.Put(group, edges[0], demand);
            return;
        }
        long before = 0;
        foreach (int e in edges)
        {
            upTo += placed.Capacity(e);
            long after = (long)(demand * upTo / whole);
            placed.Put(group, e, after - before);
            before = after;
        }
    }
}
