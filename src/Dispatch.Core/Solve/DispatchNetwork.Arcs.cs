namespace TrafficDispatch.Solve;

/// <content>Where things are in the network, for those who change it and solve it again.</content>
internal sealed partial class DispatchNetwork
{
    /// <summary>The first overflow arc; group g overflows over the g-th from here.</summary>
    public int FirstOverflow => _firstOverflow;

    /// <summary>The sink.</summary>
    public int SinkNode => Sink;

    /// <summary>The network's node of a node of the capacity tree; the sink for the tree's sink.</summary>
    public int NodeOfTree(int node) => node == _tree.NodeCount ? Sink : GroupCount + node;

    /// <summary>The network's node of a peering cap.</summary>
    public int NodeOfPeering(int cap) => FirstPeering + cap;

    /// <summary>The arc that holds a peering cap.</summary>
    public int ArcOfPeering(int cap) => _firstArc[^1] + cap;

    /// <summary>By node of the capacity tree, its first arc; one more than nodes. Steps follow each other from there.</summary>
    public int[] TreeArcs()
    {
        int[] first = new int[_tree.NodeCount + 1];
        first[0] = _firstArc[^1] + _model.Peering.Length;
        for (int node = 0; node < _tree.NodeCount; node++) first[node + 1] = first[node] + _tree.Cost(node).Steps.Length;
        return first;
    }

    /// <summary>Where a group's traffic to an edge goes in: the edge, or the peering cap before it.</summary>
    public int DoorOf(int group, int edge) =>
        _peeringOf.TryGetValue((_model.Groups[group].Region, edge), out int cap) ? FirstPeering + cap : GroupCount + edge;

    /// <summary>Whose arc it is: a group's to an edge; edge −1 for its overflow; group −1 for an arc behind the groups. O(log n).</summary>
    public (int Group, int Edge) CandidateOf(int arc)
    {
        if (arc >= _firstOverflow) return (arc - _firstOverflow, -1);
        if (arc >= _firstArc[^1]) return (-1, -1);
        int at = Last(_firstArc.Length - 1, i => _firstArc[i] <= arc);
        int group = Last(GroupCount, g => _rows.Start(g) <= at);
        return (group, _rows.Edges(group)[at - _rows.Start(group)]);
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
