namespace TrafficDispatch.Solve.Baselines;

/// <summary>Finds a group's nearest allowed edges by one pass over its row. Not thread-safe: it holds the row.</summary>
internal sealed class NearestEdges(CostModel model, int wanted)
{
    private readonly long[] _row = new long[model.Snapshot.World.Edges.Length];
    private readonly int[] _held = new int[wanted];

    /// <summary>Ordinals by rising round trip, then ordinal; fewer than wanted where fewer are allowed. Valid until the next call. O(edges × wanted).</summary>
    public ReadOnlySpan<int> Of(int group)
    {
        model.Row(group, _row);
        ReadOnlySpan<double> rtt = model.Snapshot.World.Rtt.Row(model.Groups[group].Region);
        int count = 0;
        for (int e = 0; e < _row.Length; e++)
        {
            if (_row[e] == CostModel.NotAllowed || (count == wanted && rtt[e] >= rtt[_held[count - 1]])) continue;
            int at = count < wanted ? count++ : wanted - 1;
            for (; at > 0 && rtt[e] < rtt[_held[at - 1]]; at--) _held[at] = _held[at - 1];
            _held[at] = e;
        }
        return _held.AsSpan(0, count);
    }
}
