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
        if (TryStartRuns(ends, _starts)) return;
        Count(ends, _starts);
        _order = Sort(ends, _starts);
    }

    /// <summary>True when the arcs lie in order: the arc at a position is that position.</summary>
    public bool InPlace => _order is null;

    /// <summary>Position of a node's first arc; the next node's is its end.</summary>
    public int Start(int node) => _starts[node];

    /// <summary>The arc at a position.</summary>
    public int Arc(int position) => _order is null ? position : _order[position];

    // Fills the starts while ends rise; false, with some filled, where they fall. A run of one node is passed eight ends at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryStartRuns(int[] ends, int[] starts)
    {
        int node = 0;
        for (int e = 0; e < ends.Length;)
        {
            int v = ends[e];
            if (v < node) return false;
            while (node < v) starts[++node] = e;
            e += RunLength(ends.AsSpan(e), v);
        }

        while (node < starts.Length - 1) starts[++node] = ends.Length;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RunLength(ReadOnlySpan<int> ends, int v)
    {
        int length = ends.IndexOfAnyExcept(v);
        return length < 0 ? ends.Length : length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count(int[] ends, int[] starts)
    {
        Array.Clear(starts);
        foreach (int v in ends) starts[v + 1]++;
        for (int v = 1; v < starts.Length; v++) starts[v] += starts[v - 1];
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
