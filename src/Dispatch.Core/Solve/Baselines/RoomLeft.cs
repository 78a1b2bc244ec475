namespace TrafficDispatch.Solve.Baselines;

/// <summary>Room that is left while a rule fills edge after edge: the edge's own, its contracts' and the peering cap's. Used by one thread.</summary>
internal sealed class RoomLeft
{
    private readonly BoundTree _bounds;
    private readonly long[] _left;

    public RoomLeft(CostModel model)
    {
        _bounds = new BoundTree(model);
        _left = [.. Enumerable.Range(0, _bounds.Count).Select(_bounds.Room)];
    }

    /// <summary>What a region may still send to an edge. O(stages).</summary>
    public long Of(int region, int edge)
    {
        long left = long.MaxValue;
        for (int stage = 0; stage < _bounds.Stages; stage++)
            if (_bounds.At(stage, region, edge) is >= 0 and int bound) left = Math.Min(left, _left[bound]);
        return left;
    }

    /// <summary>Uses room up.</summary>
    public void Take(int region, int edge, long volume)
    {
        for (int stage = 0; stage < _bounds.Stages; stage++)
            if (_bounds.At(stage, region, edge) is >= 0 and int bound) _left[bound] -= volume;
    }
}
