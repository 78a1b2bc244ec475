namespace TrafficDispatch.Solve.Columns;

/// <summary>A group's candidates so far, and its best edges of those whose reduced cost at given duals is negative.</summary>
/// <remarks>
/// At the first duals many edges would join: where room is scarce all prices are high. A group takes <see cref="JoinsAtOnce"/> at most, so
/// that rows stay short; the next round's duals are lower.
/// </remarks>
internal sealed class ImprovingEdges(CostModel model, CandidateRows held, long[] groupPrice, EntryPrices entry) : IRowChoice
{
    private const int JoinsAtOnce = 16;

    private readonly long[] _row = new long[model.Snapshot.World.Edges.Length];
    private readonly long[] _doors = new long[model.Snapshot.World.Edges.Length];
    private readonly int[] _chosen = new int[model.Snapshot.World.Edges.Length];
    private readonly (long Reduced, int Edge)[] _joining = new (long, int)[model.Snapshot.World.Edges.Length];

    /// <inheritdoc/>
    public ReadOnlySpan<int> Edges(int group, out ReadOnlySpan<long> row)
    {
        model.Row(group, _row);
        entry.Row(model.Groups[group].Region, _doors);
        long limit = groupPrice[group] - model.MoveCost;
        ReadOnlySpan<int> now = held.Edges(group);
        int next = 0, joins = 0;
        for (int e = 0; e < _row.Length; e++)
        {
            bool isHeld = next < now.Length && now[next] == e;
            if (isHeld) next++;
            else if (_row[e] != CostModel.NotAllowed && checked(_row[e] + _doors[e]) < limit) _joining[joins++] = (_row[e] + _doors[e], e);
        }
        row = _row;
        return joins == 0 ? now : Merged(now, _joining.AsSpan(0, joins));
    }

    private ReadOnlySpan<int> Merged(ReadOnlySpan<int> now, Span<(long Reduced, int Edge)> joining)
    {
        if (joining.Length > JoinsAtOnce) joining.Sort();
        now.CopyTo(_chosen);
        int count = now.Length;
        for (int i = 0; i < Math.Min(joining.Length, JoinsAtOnce); i++) _chosen[count++] = joining[i].Edge;
        _chosen.AsSpan(0, count).Sort();
        return _chosen.AsSpan(0, count);
    }
}
