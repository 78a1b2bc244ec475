namespace TrafficDispatch.Solve;

/// <summary>Who serves whom, by how much: the volumes of one plan, optimal or greedy, in the flow units of its cost model.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class TrafficPlan
{
    private readonly int[] _start;
    private readonly int[] _edge;
    private readonly long[] _volume;
    private readonly long[] _unserved;

    private TrafficPlan(CostModel model, int[] start, int[] edge, long[] volume, long[] unserved)
    {
        Model = model;
        (_start, _edge, _volume, _unserved) = (start, edge, volume, unserved);
    }

    /// <summary>What the plan was made for.</summary>
    public CostModel Model { get; }

    /// <summary>Edges that serve a group, ascending ordinals.</summary>
    public ReadOnlySpan<int> Edges(int group) => _edge.AsSpan(_start[group], _start[group + 1] - _start[group]);

    /// <summary>How much each of <see cref="Edges"/> serves of the group, above 0, in flow units.</summary>
    public ReadOnlySpan<long> Volumes(int group) => _volume.AsSpan(_start[group], _start[group + 1] - _start[group]);

    /// <summary>What nobody serves of the group, in flow units.</summary>
    public long Unserved(int group) => _unserved[group];

    /// <summary>What a group gets from one edge, in flow units.</summary>
    public long Volume(int group, int edge)
    {
        int at = Edges(group).BinarySearch(edge);
        return at < 0 ? 0 : Volumes(group)[at];
    }

    /// <summary>The same volumes under another model of the same groups and edges.</summary>
    internal TrafficPlan Under(CostModel model) => new(model, _start, _edge, _volume, _unserved);

    /// <summary>The same volumes, to hold a later solve to: see <see cref="CostModel.WithoutPast"/>.</summary>
    internal TrafficPlan WithoutPast() => Model.Options.Continuity is null ? this : Under(Model.WithoutPast());

    /// <summary>Load of every edge, in flow units, by ordinal.</summary>
    public long[] EdgeLoads()
    {
        long[] load = new long[Model.Snapshot.World.Edges.Length];
        for (int i = 0; i < _edge.Length; i++) load[_edge[i]] += _volume[i];
        return load;
    }

    /// <summary>The plan's value under its cost model: rows, moves, sessions torn away, congestion, bills, floors missed, unserved traffic.</summary>
    public Int128 Objective()
    {
        long[] row = new long[Model.Snapshot.World.Edges.Length];
        Int128 total = Model.Tree.CostOf(EdgeLoads()) + Model.Tree.FloorUnits * Model.HardCharge;
        for (int g = 0; g < _unserved.Length; g++)
        {
            total += (Int128)_unserved[g] * Model.UnservedCost(g);
            if (_start[g + 1] == _start[g] && Model.Prior.Edges(g).IsEmpty) continue;
            Model.Row(g, row);
            total += ChargeOfChange(g, row);
            for (int i = _start[g]; i < _start[g + 1]; i++) total += (Int128)_volume[i] * row[_edge[i]];
        }
        return total;
    }

    /// <summary>What unserved traffic is charged, by priority: a Mbit/s of what is shed last weighs more than any re-routing of what is shed first.</summary>
    public Int128 UnservedCharge()
    {
        Int128 charge = 0;
        for (int g = 0; g < _unserved.Length; g++) charge += (Int128)_unserved[g] * Model.UnservedCost(g);
        return charge;
    }

    // Volume above the prior one is moved; sticky volume that is gone broke sessions, unless its edge may not serve any more.
    private Int128 ChargeOfChange(int group, long[] row)
    {
        Int128 total = 0;
        foreach (int e in Edges(group)) total += (Int128)Math.Max(0, Volume(group, e) - Model.Prior.Volume(group, e)) * Model.MoveCost;
        ReadOnlySpan<int> before = Model.Prior.Edges(group);
        for (int i = 0; i < before.Length; i++)
        {
            long stays = Model.Sticky(group, Model.Prior.Volumes(group)[i]);
            if (row[before[i]] != CostModel.NotAllowed) total += (Int128)Math.Max(0, stays - Volume(group, before[i])) * Model.HardCharge;
        }
        return total;
    }

    /// <summary>Collects a plan, group by group in order.</summary>
    internal sealed class Builder(CostModel model)
    {
        private readonly int[] _start = new int[model.Groups.Count + 1];
        private readonly long[] _unserved = new long[model.Groups.Count];
        private readonly List<int> _edge = [];
        private readonly List<long> _volume = [];

        /// <summary>Adds one group's volumes; zeros are dropped. Edges ascend.</summary>
        public void Add(int group, ReadOnlySpan<int> edges, ReadOnlySpan<long> volumes, long unserved)
        {
            for (int i = 0; i < edges.Length; i++)
            {
                if (volumes[i] == 0) continue;
                _edge.Add(edges[i]);
                _volume.Add(volumes[i]);
            }
            _start[group + 1] = _edge.Count;
            _unserved[group] = unserved;
        }

        public TrafficPlan Build() => new(model, _start, [.. _edge], [.. _volume], _unserved);
    }
}
