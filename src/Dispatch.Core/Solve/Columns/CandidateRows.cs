namespace TrafficDispatch.Solve.Columns;

/// <summary>Which edges each group may use in a network, with their costs: rows of edge ordinals, ascending within a row. Immutable.</summary>
internal sealed class CandidateRows
{
    private const int RangeOfGroups = 256;

    private readonly int[] _start;
    private readonly int[] _edge;
    private readonly long[] _cost;

    private CandidateRows(int[] start, int[] edge, long[] cost) => (_start, _edge, _cost) = (start, edge, cost);

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
    /// The edges that look cheapest to each group, <paramref name="perGroup"/> at most, ties to the lower ordinal, and those that serve it under
    /// the plan in force.
    /// </summary>
    /// <param name="model">What to choose from.</param>
    /// <param name="perGroup">How many for a group.</param>
    /// <param name="entry">What going in costs at each edge, as far as is known; null where nothing is.</param>
    public static CandidateRows Cheapest(CostModel model, int perGroup, EntryPrices? entry = null) =>
        Chosen(model.Groups.Count, () => new CheapestEdges(model, perGroup, entry));

    /// <summary>These rows and, of the edges left out of them whose reduced cost at the given duals is negative, each group's best.</summary>
    /// <remarks>O(groups × edges), on all processors up to four.</remarks>
    /// <param name="model">What the rows were chosen from.</param>
    /// <param name="groupPrice">What one more unit of the group costs at the optimum.</param>
    /// <param name="entry">What one more unit costs from an edge's door on at the optimum.</param>
    /// <param name="added">How many joined; 0 proves the optimum over all edges.</param>
    public CandidateRows WithImproving(CostModel model, long[] groupPrice, EntryPrices entry, out int added)
    {
        CandidateRows wider = Chosen(GroupCount, () => new ImprovingEdges(model, this, groupPrice, entry));
        added = wider.Count - Count;
        return wider;
    }

    /// <summary>The candidates of other rows, priced for a model: those that it allows, and the edges that serve the group under its plan in force.</summary>
    /// <param name="model">What to price them for; it has as many groups.</param>
    /// <param name="other">Whose edges are taken; its costs are not.</param>
    public static CandidateRows Again(CostModel model, CandidateRows other) => Chosen(other.GroupCount, () => new EdgesAgain(model, other));

    /// <summary>Rows of edges without costs, as they were kept.</summary>
    public static CandidateRows Kept(int[] start, int[] edge) => new(start, edge, new long[edge.Length]);

    private static CandidateRows Chosen(int groups, Func<IRowChoice> choice)
    {
        var ranges = new Range[(groups + RangeOfGroups - 1) / RangeOfGroups];
        GroupThreads.ForEach(ranges.Length, () =>
        {
            IRowChoice mine = choice();
            return range => ranges[range] = new Range(mine, range * RangeOfGroups, Math.Min(groups, (range + 1) * RangeOfGroups));
        });
        return Joined(groups, ranges);
    }

    private static CandidateRows Joined(int groups, Range[] ranges)
    {
        int count = checked(ranges.Sum(static r => r.Edge.Count)), at = 0, group = 0;
        (int[] start, int[] edge, long[] cost) = (new int[groups + 1], new int[count], new long[count]);
        foreach (Range range in ranges)
        {
            range.Edge.CopyTo(edge, at);
            range.Cost.CopyTo(cost, at);
            foreach (int end in range.Ends) start[++group] = at + end;
            at += range.Edge.Count;
        }
        return new(start, edge, cost);
    }

    /// <summary>The rows of some groups that follow each other.</summary>
    private sealed class Range
    {
        public Range(IRowChoice choice, int first, int end)
        {
            for (int g = first; g < end; g++)
            {
                ReadOnlySpan<int> chosen = choice.Edges(g, out ReadOnlySpan<long> row);
                foreach (int e in chosen)
                {
                    Edge.Add(e);
                    Cost.Add(row[e]);
                }
                Ends.Add(Edge.Count);
            }
        }

        public List<int> Edge { get; } = [];

        public List<long> Cost { get; } = [];

        public List<int> Ends { get; } = [];
    }
}
