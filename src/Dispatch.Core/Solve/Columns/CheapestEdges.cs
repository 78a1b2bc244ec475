using System.Runtime.InteropServices;

namespace TrafficDispatch.Solve.Columns;

/// <summary>A group's cheapest allowed edges, what going in costs included, and those that served it under the plan in force.</summary>
internal sealed class CheapestEdges : IRowChoice
{
    private readonly CostModel _model;
    private readonly EntryPrices? _entry;
    private readonly int _perGroup;
    private readonly long[] _row;
    private readonly long[] _doors;
    private readonly List<int> _chosen = [];

    // The cheapest so far as a heap, the dearest on top: most edges are dismissed by one comparison.
    private readonly PriorityQueue<int, (long Cost, int Edge)> _cheapest;

    public CheapestEdges(CostModel model, int perGroup, EntryPrices? entry)
    {
        int edges = model.Snapshot.World.Edges.Length;
        (_model, _entry, _perGroup, _row, _doors) = (model, entry, perGroup, new long[edges], new long[edges]);
        _cheapest = new(Math.Min(perGroup, edges) + 1, Comparer<(long, int)>.Create(static (a, b) => b.CompareTo(a)));
    }

    /// <inheritdoc/>
    public ReadOnlySpan<int> Edges(int group, out ReadOnlySpan<long> row)
    {
        _model.Row(group, _row);
        _entry?.Row(_model.Groups[group].Region, _doors);
        _chosen.Clear();
        _cheapest.Clear();
        long dearest = long.MaxValue;
        for (int e = 0; e < _row.Length; e++)
        {
            if (_row[e] == CostModel.NotAllowed) continue;
            long cost = checked(_row[e] + _doors[e]);
            if (_cheapest.Count < _perGroup) _cheapest.Enqueue(e, (cost, e));
            else if (cost < dearest) _cheapest.DequeueEnqueue(e, (cost, e)); // an equal one has the higher ordinal
            else continue;
            if (_cheapest.Count == _perGroup && _cheapest.TryPeek(out _, out (long Cost, int Edge) top)) dearest = top.Cost;
        }
        foreach ((int e, _) in _cheapest.UnorderedItems) _chosen.Add(e);
        foreach (int e in _model.Prior.Edges(group))
            if (_row[e] != CostModel.NotAllowed && !_chosen.Contains(e)) _chosen.Add(e);
        _chosen.Sort();
        row = _row;
        return CollectionsMarshal.AsSpan(_chosen);
    }
}
