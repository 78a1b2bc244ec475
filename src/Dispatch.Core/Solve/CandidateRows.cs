namespace TrafficDispatch.Solve;

/// <summary>Which edges each group may use in a network, with their costs: rows of edge ordinals, ascending within a row.</summary>
public sealed class CandidateRows
{
    /// <summary>Edges that join a group's row in one round at most.</summary>
    private const int JoinsAtOnce = 16;

    private readonly int[] _start;
    private readonly int[] _edge;
    private readonly long[] _cost;

    internal CandidateRows(int[] start, int[] edge, long[] cost) => (_start, _edge, _cost) = (start, edge, cost);

    /// <summary>Number of groups.</summary>
    public int GroupCount => _start.Length - 1;

    /// <summary>Number of candidates, all groups together.</summary>
    public int Count => _edge.Length;

    /// <summary>Where a group's candidates start; <c>Start(GroupCount)</c> is <see cref="Count"/>.</summary>
    public int Start(int group) => _start[group];

    /// <summary>Edge ordinals of a group's candidates.</summary>
    public ReadOnlySpan<int> Edges(int group) => _edge.AsSpan(_start[group], _start[group + 1] - _start[group]);

    /// <summary>Costs of a group's candidates, a unit.</summary>
    public ReadOnlySpan<long> Costs(int group) => _cost.AsSpan(_start[group], _start[group + 1] - _start[group]);

    /// <summary>
    /// The cheapest <paramref name="perGroup"/> allowed edges of every group, ties to the lower ordinal, and those that serve it under the plan
    /// in force.
    /// </summary>
    public static CandidateRows Cheapest(CostModel model, int perGroup)
    {
        int edges = model.Snapshot.World.Edges.Length;
        long[] row = new long[edges];
        int[] order = new int[edges];
        Builder rows = new(model.Groups.Count);
        for (int g = 0; g < model.Groups.Count; g++)
        {
            model.Row(g, row);
            int allowed = 0;
            for (int e = 0; e < edges; e++)
                if (row[e] != CostModel.NotAllowed) order[allowed++] = e;
            if (allowed > perGroup)
            {
                order.AsSpan(0, allowed).Sort((a, b) => row[a] != row[b] ? row[a].CompareTo(row[b]) : a.CompareTo(b));
                allowed = WithPrior(model, g, row, order, perGroup);
                order.AsSpan(0, allowed).Sort();
            }
            rows.AddGroup(order.AsSpan(0, allowed), row);
        }
        return rows.Build();
    }

    private static int WithPrior(CostModel model, int group, long[] row, int[] order, int count)
    {
        foreach (int e in model.Prior.Edges(group))
            if (row[e] != CostModel.NotAllowed && !order.AsSpan(0, count).Contains(e)) order[count++] = e;
        return count;
    }

    /// <summary>
    /// These rows and, of the edges left out of them whose reduced cost at the given duals is negative, each group's best.
    /// </summary>
    /// <remarks>
    /// At the first duals most edges would join: where room is scarce all prices are high. A group takes <see cref="JoinsAtOnce"/> at most, so that rows
    /// stay short; the next round's duals are lower. O(groups × edges).
    /// </remarks>
    /// <param name="model">What the rows were chosen from.</param>
    /// <param name="groupPrice">What one more unit of the group costs at the optimum.</param>
    /// <param name="entry">What one more unit costs from an edge's door on at the optimum.</param>
    /// <param name="added">How many joined; 0 proves the optimum over all edges.</param>
    public CandidateRows WithImproving(CostModel model, ReadOnlySpan<long> groupPrice, EntryPrices entry, out int added)
    {
        int edges = model.Snapshot.World.Edges.Length;
        long[] row = new long[edges];
        long[] doors = new long[edges];
        int[] chosen = new int[edges];
        (long Reduced, int Edge)[] joining = new (long, int)[edges];
        Builder rows = new(GroupCount);
        for (int g = 0; g < GroupCount; g++)
        {
            model.Row(g, row);
            entry.Row(model.Groups[g].Region, doors);
            long limit = groupPrice[g] - model.MoveCost;
            ReadOnlySpan<int> held = Edges(g);
            int next = 0, joins = 0;
            for (int e = 0; e < edges; e++)
            {
                bool isHeld = next < held.Length && held[next] == e;
                if (isHeld) next++;
                else if (row[e] != CostModel.NotAllowed && checked(row[e] + doors[e]) < limit) joining[joins++] = (row[e] + doors[e], e);
            }
            int count = Merge(held, joining.AsSpan(0, joins), chosen);
            rows.AddGroup(chosen.AsSpan(0, count), row);
        }
        CandidateRows result = rows.Build();
        added = result.Count - Count;
        return result;
    }

    private static int Merge(ReadOnlySpan<int> held, Span<(long Reduced, int Edge)> joining, int[] chosen)
    {
        if (joining.Length > JoinsAtOnce) joining.Sort();
        held.CopyTo(chosen);
        int count = held.Length;
        for (int i = 0; i < Math.Min(joining.Length, JoinsAtOnce); i++) chosen[count++] = joining[i].Edge;
        chosen.AsSpan(0, count).Sort();
        return count;
    }

    private sealed class Builder(int groups)
    {
        private readonly int[] _start = new int[groups + 1];
        private readonly List<int> _edge = [];
        private readonly List<long> _cost = [];
        private int _group;

        public void AddGroup(ReadOnlySpan<int> edges, long[] row)
        {
            foreach (int e in edges)
            {
                _edge.Add(e);
                _cost.Add(row[e]);
            }
            _start[++_group] = _edge.Count;
        }

        public CandidateRows Build() => new(_start, [.. _edge], [.. _cost]);
    }
}
