namespace TrafficDispatch.Solve;

/// <content>Which node is what.</content>
internal sealed partial class DispatchNetwork
{
    private int GroupCount => _model.Groups.Count;

    private int FirstPeering => GroupCount + _tree.NodeCount;

    private int Sink => FirstPeering + _model.Peering.Length;

    /// <summary>The network's node of a node of the capacity tree; the sink for the tree's sink.</summary>
    public int NodeOfTree(int node) => node == _tree.NodeCount ? Sink : GroupCount + node;

    /// <summary>The network's node of a peering cap.</summary>
    public int NodeOfPeering(int cap) => FirstPeering + cap;

    /// <summary>Where a group's traffic to an edge goes in: the edge, or the peering cap before it.</summary>
    public int DoorOf(int group, int edge) =>
        _peering.CapOf(_model.Groups[group].Region, edge) is >= 0 and int cap ? NodeOfPeering(cap) : GroupCount + edge;

    /// <summary>Potentials by node where what lies between doors and sink has these prices.</summary>
    public long[] Potentials(ReadOnlySpan<long> treePrices)
    {
        long[] potentials = new long[Sink + 1];
        for (int node = 0; node < _tree.NodeCount; node++) potentials[NodeOfTree(node)] = -treePrices[node];
        for (int p = 0; p < _model.Peering.Length; p++) potentials[NodeOfPeering(p)] = -treePrices[_model.Peering[p].Edge];
        return potentials;
    }
}
