namespace TrafficDispatch.Table.Audit;

/// <summary>
/// Nodes that are reached under the same address or name: an answer that names one of them may lead to any of them.
/// </summary>
internal sealed class SharedEndpoints
{
    private readonly Dictionary<int, SortedSet<int>> _others = [];

    public SharedEndpoints(TableContent content)
    {
        EndpointRows rows = content.Endpoints;
        if (rows.Start.IsEmpty) return;
        Count = rows.Endpoint.Length;
        Dictionary<string, SortedSet<int>> nodes = new(StringComparer.OrdinalIgnoreCase);
        for (int row = 0; row + 1 < rows.Start.Length; row++)
        {
            for (int at = rows.Start[row]; at < rows.Start[row + 1]; at++)
            {
                string value = rows.Endpoint[at].Value.TrimEnd('.');
                if (!nodes.TryGetValue(value, out SortedSet<int>? held)) nodes.Add(value, held = []);
                held.Add(row % content.NodeCount);
            }
        }
        ByValue = nodes;
        foreach (SortedSet<int> group in nodes.Values)
        {
            if (group.Count > 1) Join(group);
        }
    }

    /// <summary>Endpoints looked at.</summary>
    public int Count { get; }

    /// <summary>Nodes by address or name, in any case of letters and without a final dot.</summary>
    public IReadOnlyDictionary<string, SortedSet<int>> ByValue { get; } = new Dictionary<string, SortedSet<int>>();

    /// <summary>The other nodes that a node's endpoints may lead to.</summary>
    public IEnumerable<int> Beside(int node) => _others.TryGetValue(node, out SortedSet<int>? others) ? others : [];

    private void Join(SortedSet<int> group)
    {
        foreach (int node in group)
        {
            if (!_others.TryGetValue(node, out SortedSet<int>? others)) _others.Add(node, others = []);
            others.UnionWith(group.Where(n => n != node));
        }
    }
}
