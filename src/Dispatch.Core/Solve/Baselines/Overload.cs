namespace TrafficDispatch.Solve.Baselines;

/// <summary>
/// Traffic as a rule that ignores capacity places it, and what the edges can carry of it.
/// </summary>
/// <remarks>
/// An edge with load L above its capacity C carries exactly C. Of the volumes v₁, v₂, … that its groups, in their order, sent there, the
/// first i groups together keep ⌊(v₁ + … + vᵢ) · C ÷ L⌋: every group loses the same part, to the unit, and the result depends on nothing
/// but the order of the groups.
/// </remarks>
internal sealed class Overload
{
    private readonly CostModel _model;
    private readonly long[] _capacity, _load;
    private readonly List<(int Group, int Edge, long Volume)> _placed = [];

    public Overload(CostModel model)
    {
        _model = model;
        _capacity = [.. Enumerable.Range(0, model.Snapshot.World.Edges.Length).Select(model.Capacity)];
        _load = new long[_capacity.Length];
    }

    /// <summary>Usable capacity of an edge in flow units.</summary>
    public long Capacity(int edge) => _capacity[edge];

    /// <summary>Sends a volume to an edge. Groups come in rising order.</summary>
    public void Put(int group, int edge, long volume)
    {
        if (volume == 0) return;
        _placed.Add((group, edge, volume));
        _load[edge] = checked(_load[edge] + volume);
    }

    /// <summary>The plan: what the edges can carry, the rest unserved. O(placed).</summary>
    public TrafficPlan Shed()
    {
        TrafficPlan.Builder plan = new(_model);
        Int128[] sent = new Int128[_load.Length];
        List<(int Edge, long Volume)> kept = [];
        int at = 0;
        for (int g = 0; g < _model.Groups.Count; g++)
        {
            kept.Clear();
            long unserved = _model.Groups[g].Demand;
            for (; at < _placed.Count && _placed[at].Group == g; at++)
            {
                (_, int edge, long volume) = _placed[at];
                long carried = Kept(edge, sent[edge] + volume) - Kept(edge, sent[edge]);
                sent[edge] += volume;
                unserved -= carried;
                kept.Add((edge, carried));
            }
            kept.Sort();
            plan.Add(g, [.. kept.Select(static k => k.Edge)], [.. kept.Select(static k => k.Volume)], unserved);
        }
        return plan.Build();
    }

    /// <summary>What an edge carries of the first <paramref name="sent"/> units sent to it.</summary>
    private long Kept(int edge, Int128 sent) => (long)(_load[edge] <= _capacity[edge] ? sent : sent * _capacity[edge] / _load[edge]);
}
