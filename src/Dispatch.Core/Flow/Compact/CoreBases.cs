namespace TrafficDispatch.Flow.Compact;

/// <summary>Base prices of core nodes.</summary>
internal readonly record struct CoreBases(long[] Prices, long Greatest)
{
    /// <summary>Prices beyond this are those of nodes that nothing serves; as a base they would widen every cost.</summary>
    private const long Clamp = 1 << 21;

    /// <summary>The costs of the free-flow tree.</summary>
    public static CoreBases FreeFlow(FreeFlowTree tree) => new(tree.Prices, tree.GreatestPrice);

    /// <summary>The prices behind given potentials, held to what a way to the root can cost: where the last solve found no flow, some
    /// are those of artificial arcs, and bases as great as these would make ways look dearer than an artificial arc.</summary>
    public static CoreBases From(CompactShape shape, ReadOnlySpan<long> potentials, long greatestPath)
    {
        long limit = Math.Min(Clamp, greatestPath);
        var prices = new long[shape.CoreCount];
        long root = 0, greatest = 0;
        for (int v = 0; v < shape.Places.Length && v < potentials.Length; v++) if (shape.Places[v] == 0) root = potentials[v];
        for (int v = 0; v < shape.Places.Length && v < potentials.Length; v++)
        {
            if (shape.Places[v] <= 0) continue;
            long price = Math.Clamp(root - potentials[v], -limit, limit);
            prices[shape.Places[v]] = price;
            greatest = Math.Max(greatest, Math.Abs(price));
        }

        return new CoreBases(prices, greatest);
    }
}
