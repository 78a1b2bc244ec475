namespace TrafficDispatch.Solve.Failure;

/// <summary>How a plan differs from the main plan: for each group that changed its whole new row, in flow units.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class PlanDiff
{
    private readonly int[] _group;
    private readonly int[] _start;
    private readonly int[] _edge;
    private readonly long[] _volume;
    private readonly long[] _unserved;

    private PlanDiff(int[] group, int[] start, int[] edge, long[] volume, long[] unserved) =>
        (_group, _start, _edge, _volume, _unserved) = (group, start, edge, volume, unserved);

    /// <summary>Ordinals of the groups that changed, ascending.</summary>
    public ReadOnlySpan<int> Groups => _group;

    /// <summary>Edges that serve the i-th changed group now, ascending ordinals.</summary>
    public ReadOnlySpan<int> Edges(int i) => _edge.AsSpan(_start[i], _start[i + 1] - _start[i]);

    /// <summary>How much each of <see cref="Edges"/> serves, above 0.</summary>
    public ReadOnlySpan<long> Volumes(int i) => _volume.AsSpan(_start[i], _start[i + 1] - _start[i]);

    /// <summary>What nobody serves of the i-th changed group now.</summary>
    public long Unserved(int i) => _unserved[i];

    /// <summary>The whole plan: changed groups by the diff, all others as in the main plan. O(plan).</summary>
    public TrafficPlan ApplyTo(TrafficPlan main)
    {
        TrafficPlan.Builder plan = new(main.Model);
        for (int g = 0, i = 0; g < main.Model.Groups.Count; g++)
        {
            bool changed = i < _group.Length && _group[i] == g;
            if (changed) plan.Add(g, Edges(i), Volumes(i), Unserved(i++));
            else plan.Add(g, main.Edges(g), main.Volumes(g), main.Unserved(g));
        }
        return plan.Build();
    }

    /// <summary>Collects changed groups, ascending.</summary>
    internal sealed class Builder
    {
        private readonly List<int> _group = [], _start = [0], _edge = [];
        private readonly List<long> _volume = [], _unserved = [];

        /// <summary>Adds a group's new row if it differs from the main plan's; zeros are dropped.</summary>
        public void Add(TrafficPlan main, int group, SortedDictionary<int, long> volumes, long unserved)
        {
            int before = _edge.Count;
            foreach ((int edge, long volume) in volumes)
            {
                if (volume == 0) continue;
                _edge.Add(edge);
                _volume.Add(volume);
            }
            if (IsSame(main, group, before, unserved))
            {
                _edge.RemoveRange(before, _edge.Count - before);
                _volume.RemoveRange(before, _volume.Count - before);
                return;
            }
            _group.Add(group);
            _start.Add(_edge.Count);
            _unserved.Add(unserved);
        }

        public PlanDiff Build() => new([.. _group], [.. _start], [.. _edge], [.. _volume], [.. _unserved]);

        private bool IsSame(TrafficPlan main, int group, int from, long unserved)
        {
            ReadOnlySpan<int> edges = main.Edges(group);
            if (unserved != main.Unserved(group) || _edge.Count - from != edges.Length) return false;
            for (int i = 0; i < edges.Length; i++)
                if (_edge[from + i] != edges[i] || _volume[from + i] != main.Volumes(group)[i]) return false;
            return true;
        }
    }
}
