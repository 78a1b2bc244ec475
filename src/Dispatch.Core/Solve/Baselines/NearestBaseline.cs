namespace TrafficDispatch.Solve.Baselines;

/// <summary>
/// Nearest edge, as plain latency or geography steering does it: each group goes wholly to the allowed edge with the least round trip, ties
/// to the edge that comes first in the world. Nobody looks at capacity, so what an edge gets beyond its own is shed there, from all its
/// groups in proportion (<see cref="Overload"/>), and stays unserved.
/// </summary>
public static class NearestBaseline
{
    /// <summary>The name that reports give it.</summary>
    public const string Name = "nearest";

    /// <summary>The rule in one sentence.</summary>
    public const string Rule = "each group wholly on its nearest allowed edge; what exceeds an edge's capacity is shed pro rata and unserved";

    /// <summary>Places every group. O(groups × edges).</summary>
    public static TrafficPlan Plan(CostModel model)
    {
        NearestEdges nearest = new(model, 1);
        Overload placed = new(model);
        for (int g = 0; g < model.Groups.Count; g++)
        {
            ReadOnlySpan<int> edges = nearest.Of(g);
            if (edges.Length > 0) placed.Put(g, edges[0], model.Groups[g].Demand);
        }
        return placed.Shed();
    }
}
