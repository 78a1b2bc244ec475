namespace TrafficDispatch.Solve;

/// <summary>What one more unit costs from an edge's door on, at an optimum: everything behind the arc that a group sends by.</summary>
/// <remarks>Regions behind a peering cap have doors of their own. Immutable and thread-safe.</remarks>
public sealed class EntryPrices
{
    private readonly long[] _edge;
    private readonly Dictionary<int, (int Edge, long Price)[]> _ofRegion;

    internal EntryPrices(long[] edge, IEnumerable<(int Region, int Edge, long Price)> peered)
    {
        _edge = edge;
        _ofRegion = peered.GroupBy(static p => p.Region).ToDictionary(static r => r.Key, static r => r.Select(static p => (p.Edge, p.Price)).ToArray());
    }

    /// <summary>The price at an edge's door for those without a peering cap.</summary>
    public long AtEdge(int edge) => _edge[edge];

    /// <summary>The price at an edge's door for one region.</summary>
    public long AtEdge(int region, int edge)
    {
        foreach ((int peered, long price) in _ofRegion.GetValueOrDefault(region) ?? [])
            if (peered == edge) return price;
        return _edge[edge];
    }

    /// <summary>Prices of all edges for one region, by ordinal.</summary>
    public void Row(int region, Span<long> prices)
    {
        _edge.CopyTo(prices);
        if (!_ofRegion.TryGetValue(region, out (int Edge, long Price)[]? peered)) return;
        foreach ((int edge, long price) in peered) prices[edge] = price;
    }
}
