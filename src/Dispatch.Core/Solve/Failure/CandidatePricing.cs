namespace TrafficDispatch.Solve.Failure;

/// <summary>Prices the edges left out of the candidates with a failure's duals.</summary>
/// <remarks>
/// At the main optimum each group's left-out edges have reduced costs of at least its <em>slack</em>. A failure can only make one of them
/// worth while if the group's price rose, or a door's price fell, by more than that together: other groups need no look. Thread-safe.
/// </remarks>
internal sealed class CandidatePricing
{
    private const int MostCosts = 1 << 24; // 128 MiB

    private readonly CostModel _model;
    private readonly DualPrices _main;
    private readonly long[] _slack;
    private readonly long[]? _costs;
    private readonly int _edges;

    public CandidatePricing(Assignment main)
    {
        (_model, _main, _edges) = (main.Model, main.Prices, main.Snapshot.World.Edges.Length);
        _slack = new long[_model.Groups.Count];
        if ((long)_slack.Length * _edges <= MostCosts) _costs = new long[_slack.Length * _edges];
        long[] row = new long[_edges], doors = new long[_edges];
        for (int g = 0; g < _slack.Length; g++)
        {
            _model.Row(g, row);
            if (_costs is not null) row.CopyTo(_costs.AsSpan(g * _edges));
            _main.Entry.Row(_model.Groups[g].Region, doors);
            _slack[g] = SlackOf(g, row, doors, main.Rows.Edges(g));
        }
    }

    /// <summary>Adds the edges that would improve a failure's optimum.</summary>
    /// <param name="network">Holds the candidates.</param>
    /// <param name="scenario">The failure.</param>
    /// <param name="groups">Price of each group in it.</param>
    /// <param name="entry">Price at each door in it.</param>
    /// <param name="improving">Receives group and edge.</param>
    /// <returns>Number of groups that had to be priced.</returns>
    public int Price(FailureNetwork network, FailureScenario scenario, ReadOnlySpan<long> groups, EntryPrices entry, List<(int Group, int Edge)> improving)
    {
        long fall = GreatestFall(scenario, entry);
        long[] row = new long[_edges], doors = new long[_edges];
        int priced = 0;
        for (int g = 0; g < _slack.Length; g++)
        {
            if (_model.Groups[g].Demand == 0 || _slack[g] == long.MaxValue || (Int128)groups[g] - _main.Groups[g] + fall <= _slack[g]) continue;
            priced++;
            ReadOnlySpan<long> costs = Costs(g, row);
            entry.Row(_model.Groups[g].Region, doors);
            long limit = groups[g] - _model.MoveCost;
            for (int e = 0; e < _edges; e++)
            {
                if (costs[e] == CostModel.NotAllowed || checked(costs[e] + doors[e]) >= limit) continue;
                if (!scenario.Edges.Contains(e) && !network.Holds(g, e)) improving.Add((g, e));
            }
        }
        return priced;
    }

    private ReadOnlySpan<long> Costs(int group, long[] row)
    {
        if (_costs is not null) return _costs.AsSpan(group * _edges, _edges);
        _model.Row(group, row);
        return row;
    }

    private long SlackOf(int group, long[] row, long[] doors, ReadOnlySpan<int> held)
    {
        long slack = long.MaxValue;
        for (int e = 0, next = 0; e < _edges; e++)
        {
            if (next < held.Length && held[next] == e) next++;
            else if (row[e] != CostModel.NotAllowed) slack = Math.Min(slack, checked(row[e] + doors[e] + _model.MoveCost - _main.Groups[group]));
        }
        return slack;
    }

    // By how much the door of a surviving edge got cheaper at most.
    private long GreatestFall(FailureScenario scenario, EntryPrices entry)
    {
        long fall = 0;
        for (int e = 0; e < _edges; e++)
            if (!scenario.Edges.Contains(e)) fall = Math.Max(fall, _main.Entry.AtEdge(e) - entry.AtEdge(e));
        foreach (Model.PeeringCap cap in _model.Peering)
            if (!scenario.Edges.Contains(cap.Edge) && !cap.Regions.IsEmpty)
                fall = Math.Max(fall, _main.Entry.AtEdge(cap.Regions[0], cap.Edge) - entry.AtEdge(cap.Regions[0], cap.Edge));
        return fall;
    }
}
