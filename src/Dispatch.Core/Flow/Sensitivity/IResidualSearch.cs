namespace TrafficDispatch.Flow;

/// <summary>Cheapest paths through what a flow leaves open, in whatever number type holds them.</summary>
internal interface IResidualSearch
{
    /// <summary>Finds the cheapest path.</summary>
    /// <param name="source">Where it starts.</param>
    /// <param name="target">Where it ends.</param>
    /// <param name="exceptArc">An arc it may use in neither direction; −1 for none.</param>
    /// <param name="below">Only a path cheaper than this is wanted; null for any.</param>
    /// <param name="atMost">The most units to push along paths of that cost; 0 asks for the cost alone.</param>
    ResidualPath Find(int source, int target, int exceptArc, Int128? below, long atMost);

    /// <summary>Finds the cheapest paths from one node to several, repeated or not.</summary>
    void FindAll(int source, ReadOnlySpan<int> targets);

    /// <summary>Cost of the path to one of the targets of the last <see cref="FindAll"/>, or null when there is none.</summary>
    Int128? CostTo(int source, int node);
}

/// <summary>The cheapest residual path between two nodes.</summary>
/// <param name="Exists">False when there is none, or none cheap enough; the rest is then 0.</param>
/// <param name="Cost">Its cost a unit.</param>
/// <param name="Units">The most that can be pushed before the next unit costs more, within what was asked.</param>
internal readonly record struct ResidualPath(bool Exists, Int128 Cost, long Units)
{
    /// <summary>No path.</summary>
    public static ResidualPath None => default;
}
