namespace TrafficDispatch.Cli.Tests.Oracle;

/// <summary>
/// Solves a reference problem by successive shortest paths with potentials on the bipartite graph: another algorithm than the
/// product's network simplex, and no code in common. The last column stands for "unserved" and has room without end.
/// </summary>
internal sealed class ShortestPathAssignment
{
    private const long Far = long.MaxValue / 4;

    private readonly ReferenceProblem _problem;
    private readonly int _edges;
    private readonly long[] _room;
    private readonly long[] _ofRegion;
    private readonly long[] _ofEdge;
    private readonly SortedDictionary<int, long>[] _flow;

    private ShortestPathAssignment(ReferenceProblem problem)
    {
        _problem = problem;
        _edges = problem.Room.Length + 1;
        _room = [.. problem.Room, Far];
        _ofRegion = new long[problem.Demand.Length];
        // Costs are never negative, so zeros will do; and edges with room keep equal potentials, so the nearest of them ends a path.
        _ofEdge = new long[_edges];
        _flow = [.. Enumerable.Range(0, _edges).Select(static _ => new SortedDictionary<int, long>())];
    }

    /// <summary>The least cost, and what stays unserved at it.</summary>
    public static (long Objective, long Unserved) Solve(ReferenceProblem problem)
    {
        ShortestPathAssignment run = new(problem);
        for (int r = 0; r < problem.Demand.Length; r++)
            for (long left = problem.Demand[r]; left > 0;) left -= run.Augment(r, left);
        long objective = 0;
        for (int e = 0; e < run._edges; e++)
            foreach ((int r, long volume) in run._flow[e]) objective += volume * run.Cost(r, e);
        return (objective, run._flow[^1].Values.Sum());
    }

    private long Cost(int region, int edge)
    {
        if (edge == _edges - 1) return ReferenceProblem.UnservedCost;
        long cost = _problem.Cost[region][edge];
        return cost == ReferenceProblem.Forbidden ? Far : cost;
    }

    private long Augment(int source, long amount)
    {
        long[] toEdge = new long[_edges], toRegion = new long[_ofRegion.Length];
        int[] from = new int[_edges], via = new int[_ofRegion.Length];
        bool[] done = new bool[_edges];
        Array.Fill(toEdge, Far);
        Array.Fill(toRegion, Far);
        toRegion[source] = 0;
        via[source] = -1;
        Relax(source, 0, toEdge, from);
        int end = Nearest(toEdge, done);
        while (_room[end] == 0)
        {
            done[end] = true;
            foreach (int r in _flow[end].Keys)
            {
                if (toRegion[r] <= toEdge[end]) continue;
                toRegion[r] = toEdge[end];
                via[r] = end;
                Relax(r, toRegion[r], toEdge, from);
            }
            end = Nearest(toEdge, done);
        }
        long length = toEdge[end];
        for (int r = 0; r < _ofRegion.Length; r++) _ofRegion[r] += Math.Min(toRegion[r], length);
        for (int e = 0; e < _edges; e++) _ofEdge[e] += Math.Min(toEdge[e], length);
        return Push(source, end, amount, from, via);
    }

    private void Relax(int region, long distance, long[] toEdge, int[] from)
    {
        for (int e = 0; e < _edges; e++)
        {
            long cost = Cost(region, e);
            if (cost == Far) continue;
            long length = distance + cost + _ofRegion[region] - _ofEdge[e];
            if (length >= toEdge[e]) continue;
            toEdge[e] = length;
            from[e] = region;
        }
    }

    private int Nearest(long[] toEdge, bool[] done)
    {
        int best = -1;
        for (int e = 0; e < _edges; e++)
            if (!done[e] && (best < 0 || toEdge[e] < toEdge[best])) best = e;
        return best;
    }

    private long Push(int source, int end, long amount, int[] from, int[] via)
    {
        amount = Math.Min(amount, _room[end]);
        for (int e = end; from[e] != source; e = via[from[e]]) amount = Math.Min(amount, _flow[via[from[e]]][from[e]]);
        _room[end] -= amount;
        for (int e = end; ; e = via[from[e]])
        {
            int r = from[e];
            _flow[e][r] = _flow[e].GetValueOrDefault(r) + amount;
            if (r == source) return amount;
            if ((_flow[via[r]][r] -= amount) == 0) _flow[via[r]].Remove(r);
        }
    }
}
