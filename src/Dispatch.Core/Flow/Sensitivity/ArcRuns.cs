using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow;

/// <summary>The arcs leaving each node, as runs of consecutive arcs with one tail.</summary>
/// <remarks>Networks are mostly written row by row, so there are few more runs than nodes, and a run can be read four arcs at
/// a time where it lies. O(n + m) time; 8 bytes a run and 4 a node. Immutable.</remarks>
internal sealed class ArcRuns
{
    private readonly int[] _start;
    private readonly ArcRun[] _runs;

    /// <summary>Finds the runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ArcRuns(int[] tails, int nodes)
    {
        _start = new int[nodes + 1];
        for (int e = 0; e < tails.Length; e++) if (e == 0 || tails[e] != tails[e - 1]) _start[tails[e] + 1]++;
        for (int v = 1; v <= nodes; v++) _start[v] += _start[v - 1];
        _runs = new ArcRun[_start[nodes]];
        int[] next = _start[..^1];
        for (int first = 0, end; first < tails.Length; first = end)
        {
            for (end = first + 1; end < tails.Length && tails[end] == tails[first];) end++;
            _runs[next[tails[first]]++] = new ArcRun(first, end);
        }
    }

    /// <summary>The runs of a node.</summary>
    public ReadOnlySpan<ArcRun> From(int node) => _runs.AsSpan(_start[node].._start[node + 1]);
}

/// <summary>Arcs from <paramref name="First"/> up to, not including, <paramref name="End"/>.</summary>
internal readonly record struct ArcRun(int First, int End);
