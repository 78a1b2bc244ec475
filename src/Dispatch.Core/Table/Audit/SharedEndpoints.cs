namespace TrafficDispatch.Table.Audit;

/// <summary>
/// Nodes that are reached under the same address or name: an answer that names one of them may lead to any of them.
/// </summary>
internal sealed class SharedEndpoints
{
    private readonly Dictionary<(int Service, int Node), SortedSet<int>> _others = [];
    private readonly int _services;

    private readonly Dictionary<string, SortedSet<int>> _byValue = new(StringComparer.OrdinalIgnoreCase);

    public SharedEndpoints(TableContent content)
    {
        EndpointRows rows = content.Endpoints;
        _services = content.Services.Length;
        if (rows.Start.IsEmpty) return;
        Count = rows.Endpoint.Length;
        Dictionary<string, List<(int Service, int Node)>> holders = new(StringComparer.OrdinalIgnoreCase);
        for (int row = 0; row + 1 < rows.Start.Length; row++)
        {
            for (int at = rows.Start[row]; at < rows.Start[row + 1]; at++)
            {
                string value = rows.Endpoint[at].Value.TrimEnd('.');
                if (!holders.TryGetValue(value, out List<(int Service, int Node)>? held)) holders.Add(value, held = []);
                held.Add((row / content.NodeCount, row % content.NodeCount));
            }
        }
        foreach ((string value, List<(int Service, int Node)> held) in holders)
        {
            SortedSet<int> nodes = [.. held.Select(static h => h.Node)];
            _byValue.Add(value, nodes);
            if (nodes.Count > 1) Join(held, nodes);
        }
    }

    /// <summary>Endpoints looked at.</summary>
    public int Count { get; }

    /// <summary>Nodes by address or name, in any case of letters and without a final dot.</summary>
    public IReadOnlyDictionary<string, SortedSet<int>> ByValue => _byValue;

    /// <summary>The other nodes that a node's endpoints for a service may lead to.</summary>
    public IEnumerable<int> Beside(int service, int node) => _others.TryGetValue((service, node), out SortedSet<int>? others) ? others : [];

    /// <summary>The other nodes that any of a node's endpoints may lead to.</summary>
    public IEnumerable<int> Beside(int node) =>
        _others.Count == 0 ? [] : Enumerable.Range(0, _services).SelectMany(s => Beside(s, node));

    private void Join(List<(int Service, int Node)> held, SortedSet<int> nodes)
    {
        foreach ((int Service, int Node) holder in held)
        {
            if (!_others.TryGetValue(holder, out SortedSet<int>? others)) _others.Add(holder, others = []);
            others.UnionWith(nodes.Where(n => n != holder.Node));
        }
    }
}
