namespace TrafficDispatch.Solve.Baselines;

/// <summary>
/// Traffic as a rule that ignores capacity places it, and what can be carried of it.
/// </summary>
/// <remarks>
/// A bound that is sent L above its room C carries exactly C. Of the volumes v₁, v₂, … that its groups, in their order, sent there, the
/// first i groups together keep ⌊(v₁ + … + vᵢ) · C ÷ L⌋: every group loses the same part, to the unit, and the result depends on nothing
/// but the order of the groups. Peering caps shed first, then the edges, then contracts from the innermost out.
/// </remarks>
internal sealed class Overload(CostModel model)
{
    private readonly BoundTree _bounds = new(model);
    private readonly List<(int Group, int Edge, long Volume)> _placed = [];

    /// <summary>Usable capacity of an edge in flow units.</summary>
    public long Capacity(int edge) => _bounds.Room(edge);

    /// <summary>Sends a volume to an edge. Groups come in rising order, an edge at most once a group.</summary>
    public void Put(int group, int edge, long volume)
    {
        if (volume > 0) _placed.Add((group, edge, volume));
    }

    /// <summary>The plan: what can be carried, the rest unserved. O(stages × placed).</summary>
    public TrafficPlan Shed()
    {
        long[] kept = [.. _placed.Select(static p => p.Volume)];
        for (int stage = 0; stage < _bounds.Stages; stage++) ShedAt(stage, kept);
        TrafficPlan.Builder plan = new(model);
        List<(int Edge, long Volume)> row = [];
        int at = 0;
        for (int g = 0; g < model.Groups.Count; g++)
        {
            row.Clear();
            long unserved = model.Groups[g].Demand;
            for (; at < kept.Length && _placed[at].Group == g; at++)
            {
                unserved -= kept[at];
                row.Add((_placed[at].Edge, kept[at]));
            }
            row.Sort();
            plan.Add(g, [.. row.Select(static k => k.Edge)], [.. row.Select(static k => k.Volume)], unserved);
        }
        return plan.Build();
    }

    private void ShedAt(int stage, long[] volumes)
    {
        Int128[] load = new Int128[_bounds.Count], sent = new Int128[_bounds.Count];
        for (int i = 0; i < volumes.Length; i++)
            if (BoundOf(stage, i) is >= 0 and int bound) load[bound] += volumes[i];
        for (int i = 0; i < volumes.Length; i++)
        {
            if (BoundOf(stage, i) is not (>= 0 and int bound) || load[bound] <= _bounds.Room(bound)) continue;
            Int128 before = sent[bound], after = sent[bound] = before + volumes[i];
            volumes[i] = (long)(after * _bounds.Room(bound) / load[bound] - before * _bounds.Room(bound) / load[bound]);
        }
    }

    private int BoundOf(int stage, int placed) => _bounds.At(stage, model.Groups[_placed[placed].Group].Region, _placed[placed].Edge);
}
