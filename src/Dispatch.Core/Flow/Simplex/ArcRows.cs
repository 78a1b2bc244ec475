using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Simplex;

/// <summary>The arcs of each node, by counting sort; arcs already grouped by rising node are used where they lie.</summary>
/// <remarks>O(n + m) time; n integers of memory, and m more unless the arcs are already grouped.</remarks>
internal sealed class ArcRows
{
    private readonly int[] _starts;
    private readonly int[]? _order;

    /// <summary>Groups arcs by the given end.</summary>
    public ArcRows(int[] ends, int nodes)
    {
        _starts = new int[nodes + 1];
        foreach (int v in ends) _starts[v + 1]++;
        for (int v = 0; v < nodes; v++) _starts[v + 1] += _starts[v];
        if (!IsSorted(ends)) _order = Sort(ends, _starts);
    }

    /// <summary>Position of a node's first arc; the next node's is its end.</summary>
    public int Start(int node) => _starts[node];

    /// <summary>The arc at a position.</summary>
    public int Arc(int position) => _order is null ? position : _order[position];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsSorted(int[] ends)
    {
        for (int e = 1; e < ends.Length; e++) if (ends[e] < ends[e - 1]) return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Sort(int[] ends, int[] starts)
    {
        int[] next = starts[..^1];
        var order = new int[ends.Length];
        for (int e = 0; e < ends.Length; e++) order[next[ends[e]]++] = e;
        return order;
    }
}
