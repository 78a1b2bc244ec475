using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>An independent second algorithm: successive shortest paths by Bellman–Ford on an explicit residual list.</summary>
/// <remarks>Arcs of negative cost are filled first, so that every residual arc costs at least nothing around any cycle. An arc
/// without bound gets one that no basic flow reaches; a negative cycle of such arcs is looked for beforehand.</remarks>
internal sealed class SuccessivePaths
{
    private readonly int _nodes;
    private readonly List<(int Tail, int Head, Int128 Cost)> _residuals = [];
    private readonly List<Int128> _room = [];
    private readonly Int128[] _excess;
    private Int128 _cost;

    private SuccessivePaths(NetworkSpec spec)
    {
        _nodes = spec.Supplies.Length;
        _excess = [.. spec.Supplies.Select(s => (Int128)s)];
        Int128 unreachable = 1;
        foreach (ArcSpec a in spec.Arcs) unreachable += Int128.Abs(a.Lower) + (a.Upper == FlowNetwork.Unlimited ? 0 : Int128.Abs(a.Upper));
        foreach (long s in spec.Supplies) unreachable += Int128.Abs(s);
        foreach (ArcSpec a in spec.Arcs) Add(a, a.Upper == FlowNetwork.Unlimited ? unreachable : (Int128)a.Upper - a.Lower);
    }

    /// <summary>Status and, for an optimum, the least cost.</summary>
    public static (FlowStatus Status, Int128 Cost) Solve(NetworkSpec spec)
    {
        var paths = new SuccessivePaths(spec);
        bool feasible = paths.SendAll();
        if (!feasible) return (FlowStatus.Infeasible, 0);
        return HasUnlimitedNegativeCycle(spec) ? (FlowStatus.Unbounded, 0) : (FlowStatus.Optimal, paths._cost);
    }

    private static bool HasUnlimitedNegativeCycle(NetworkSpec spec)
    {
        ArcSpec[] open = [.. spec.Arcs.Where(a => a.Upper == FlowNetwork.Unlimited)];
        var distance = new Int128[spec.Supplies.Length];
        for (int pass = 0; pass <= distance.Length; pass++)
        {
            bool changed = false;
            foreach (ArcSpec a in open)
            {
                if (distance[a.Tail] + a.Cost >= distance[a.Head]) continue;
                distance[a.Head] = distance[a.Tail] + a.Cost;
                changed = true;
            }

            if (!changed) return false;
        }

        return true;
    }

    private void Add(ArcSpec arc, Int128 capacity)
    {
        Int128 filled = arc.Cost < 0 ? capacity : 0;
        _residuals.Add((arc.Tail, arc.Head, arc.Cost));
        _room.Add(capacity - filled);
        _residuals.Add((arc.Head, arc.Tail, -(Int128)arc.Cost));
        _room.Add(filled);
        Int128 carried = arc.Lower + filled;
        _cost += arc.Cost * carried;
        _excess[arc.Tail] -= carried;
        _excess[arc.Head] += carried;
    }

    private bool SendAll()
    {
        for (int source = Array.FindIndex(_excess, x => x > 0); source >= 0; source = Array.FindIndex(_excess, x => x > 0))
            if (!SendFrom(source))
                return false;
        return Array.TrueForAll(_excess, x => x == 0);
    }

    private bool SendFrom(int source)
    {
        (Int128?[] distance, int[] via) = ShortestPaths(source);
        int target = -1;
        for (int v = 0; v < _nodes; v++)
            if (_excess[v] < 0 && distance[v] is not null && (target < 0 || distance[v] < distance[target]))
                target = v;
        if (target < 0) return false;
        Int128 amount = Int128.Min(_excess[source], -_excess[target]);
        for (int v = target; v != source; v = _residuals[via[v]].Tail) amount = Int128.Min(amount, _room[via[v]]);
        for (int v = target; v != source; v = _residuals[via[v]].Tail) Send(via[v], amount);
        _excess[source] -= amount;
        _excess[target] += amount;
        return true;
    }

    private void Send(int residual, Int128 amount)
    {
        _room[residual] -= amount;
        _room[residual ^ 1] += amount;
        _cost += amount * _residuals[residual].Cost;
    }

    private (Int128?[] Distance, int[] Via) ShortestPaths(int source)
    {
        var distance = new Int128?[_nodes];
        var via = new int[_nodes];
        distance[source] = 0;
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int r = 0; r < _residuals.Count; r++)
            {
                (int tail, int head, Int128 cost) = _residuals[r];
                if (_room[r] == 0 || distance[tail] is not { } here || distance[head] <= here + cost) continue;
                (distance[head], via[head]) = (here + cost, r);
                changed = true;
            }
        }

        return (distance, via);
    }
}
