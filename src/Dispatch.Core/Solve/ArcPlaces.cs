using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Columns;

namespace TrafficDispatch.Solve;

/// <summary>Which arc of a <see cref="DispatchNetwork"/> is whose. Immutable.</summary>
/// <param name="rows">Candidates of each group.</param>
/// <param name="firstArc">First arc of each candidate, and the first arc after them all.</param>
/// <param name="treeArcs">First arc of each node of the capacity tree, and the first arc after them all.</param>
internal sealed class ArcPlaces(CandidateRows rows, int[] firstArc, int[] treeArcs)
{
    /// <summary>Candidates of each group.</summary>
    public CandidateRows Rows => rows;

    /// <summary>Number of arcs.</summary>
    public int Count => FirstOverflow + rows.GroupCount;

    /// <summary>Number of peering caps.</summary>
    public int PeeringCount => treeArcs[0] - firstArc[^1];

    /// <summary>The first overflow arc; group g overflows over the g-th from here.</summary>
    public int FirstOverflow => treeArcs[^1];

    /// <summary>By node of the capacity tree, its first arc; one more than nodes. Steps follow each other from there.</summary>
    public ReadOnlySpan<int> Tree => treeArcs;

    /// <summary>The arc that holds a peering cap.</summary>
    public int OfPeering(int cap) => firstArc[^1] + cap;

    /// <summary>A group's first arc to an edge; the next group's is its end.</summary>
    public int FirstOf(int group) => firstArc[rows.Start(group)];

    /// <summary>A group's arcs to the edge at a place of its row: the first, and the next one's first.</summary>
    public (int First, int End) OfCandidate(int group, int place) => (firstArc[rows.Start(group) + place], firstArc[rows.Start(group) + place + 1]);

    /// <summary>Whose arc it is: a group's to an edge; edge −1 for its overflow; group −1 for an arc behind the groups. O(log n).</summary>
    public (int Group, int Edge) OwnerOf(int arc)
    {
        if (arc >= FirstOverflow) return (arc - FirstOverflow, -1);
        if (arc >= firstArc[^1]) return (-1, -1);
        int at = Last(firstArc.Length - 1, i => firstArc[i] <= arc);
        int group = Last(rows.GroupCount, g => rows.Start(g) <= at);
        return (group, rows.Edges(group)[at - rows.Start(group)]);
    }

    /// <summary>The same with nodes of the tree put in before one of them, without an arc.</summary>
    public ArcPlaces WithMoreNodes(int at, int count) =>
        new(rows, firstArc, [.. treeArcs.AsSpan(0, at), .. Enumerable.Repeat(treeArcs[at], count), .. treeArcs.AsSpan(at)]);

    /// <summary>A basis of another network of the same groups and tree as one of this: what only one of the two has is left out. O(arcs).</summary>
    public FlowBasis Translate(ArcPlaces other, FlowBasis basis)
    {
        int[] to = From(other);
        return new FlowBasis(basis.NodeCount, Count, Translate(basis.Basic, to), Translate(basis.AtUpper, to));
    }

    private static int[] Translate(ReadOnlySpan<int> arcs, int[] to)
    {
        List<int> translated = new(arcs.Length);
        foreach (int arc in arcs)
            if (to[arc] >= 0) translated.Add(to[arc]);
        return [.. translated];
    }

    // By arc of the other network, the arc of this one; −1 where there is none. Ascends, as both networks have the same order.
    private int[] From(ArcPlaces other)
    {
        int[] to = new int[other.Count];
        Array.Fill(to, -1);
        for (int g = 0; g < rows.GroupCount; g++)
        {
            ReadOnlySpan<int> mine = rows.Edges(g), theirs = other.Rows.Edges(g);
            for (int i = 0, j = 0; i < mine.Length && j < theirs.Length;)
            {
                if (mine[i] == theirs[j]) Pair(to, other.OfCandidate(g, j++), OfCandidate(g, i++));
                else if (mine[i] < theirs[j]) i++;
                else j++;
            }
            to[other.FirstOverflow + g] = FirstOverflow + g;
        }
        for (int p = 0; p < PeeringCount; p++) to[other.OfPeering(p)] = OfPeering(p);
        for (int node = 0; node + 1 < treeArcs.Length; node++) Pair(to, (other.Tree[node], other.Tree[node + 1]), (Tree[node], Tree[node + 1]));
        return to;
    }

    // Arcs side by side go together where there are as many on both sides.
    private static void Pair(int[] to, (int First, int End) from, (int First, int End) into)
    {
        if (from.End - from.First != into.End - into.First) return;
        for (int arc = from.First; arc < from.End; arc++) to[arc] = into.First + arc - from.First;
    }

    // The last index below the count at which a falling predicate holds; it holds at 0.
    private static int Last(int count, Func<int, bool> holds)
    {
        int low = 0, high = count;
        while (high - low > 1)
        {
            int middle = low + (high - low) / 2;
            if (holds(middle)) low = middle;
            else high = middle;
        }
        return low;
    }
}
