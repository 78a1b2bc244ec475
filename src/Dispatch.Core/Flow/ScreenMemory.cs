using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow;

/// <summary>The arcs that <see cref="ArcScreen"/> keeps by reduced cost alone, kept up to date as potentials change.</summary>
/// <remarks>
/// <para>Invariant: the list holds exactly the arcs that a screen of all arcs under the last potentials would keep, in rising
/// order. Which nodes moved is found by comparing with a copy of those potentials, not taken from anyone; an arc between
/// nodes that did not move has the reduced cost it had. The proof is therefore as complete as a full screen.</para>
/// <para>O(n + arcs at moved nodes + k log k) for a list of k; a full screen when more than an eighth of the arcs are
/// concerned. Memory 4 bytes an arc and 20 a node. Not thread safe.</para>
/// </remarks>
internal sealed class ScreenMemory
{
    private readonly FlowArcs _arcs;
    private readonly bool _scalar;
    private readonly ArcRuns _runs;
    private readonly int[] _enteringStart;
    private readonly int[] _entering;
    private readonly int[] _leavingCount;
    private readonly long[] _potentials;
    private readonly bool[] _hasMoved;
    private readonly int[] _moved;
    private readonly int[] _block = new int[2048];
    private int[] _kept = new int[1024];
    private int _count;
    private bool _filled;

    /// <summary>Indexes the arcs by both ends. O(n + m).</summary>
    public ScreenMemory(FlowNetwork network, bool scalar)
    {
        (_arcs, _scalar) = (network.Arcs, scalar);
        _runs = new ArcRuns(_arcs.Tails, network.NodeCount);
        _leavingCount = new int[network.NodeCount];
        foreach (int v in _arcs.Tails) _leavingCount[v]++;
        _enteringStart = new int[network.NodeCount + 1];
        _entering = ListByHead(_arcs.Heads, _enteringStart);
        _potentials = new long[network.NodeCount];
        _hasMoved = new bool[network.NodeCount];
        _moved = new int[network.NodeCount];
    }

    /// <summary>The arcs kept under these potentials, all within ±2^61; valid until the next call.</summary>
    public ReadOnlySpan<int> Kept(ReadOnlySpan<long> potentials)
    {
        int moved = FindMoved(potentials, out long concerned);
        potentials.CopyTo(_potentials);
        if (!_filled || concerned > _arcs.Heads.Length / 8) ScreenAll();
        else if (moved > 0) ScreenAt(_moved.AsSpan(0, moved));
        _filled = true;
        return _kept.AsSpan(0, _count);
    }

    private int FindMoved(ReadOnlySpan<long> potentials, out long concerned)
    {
        int moved = 0;
        concerned = 0;
        for (int v = 0; v < potentials.Length; v++)
        {
            if (potentials[v] == _potentials[v]) continue;
            _moved[moved++] = v;
            concerned += _leavingCount[v] + _enteringStart[v + 1] - _enteringStart[v];
        }

        return moved;
    }

    private void ScreenAll()
    {
        _count = 0;
        for (int start = 0; start < _arcs.Heads.Length; start += _block.Length)
        {
            int end = (int)Math.Min((long)start + _block.Length, _arcs.Heads.Length);
            int found = ArcScreen.Collect(_arcs, _potentials, [], start, end, _block, _scalar);
            foreach (int e in _block.AsSpan(0, found)) Keep(e);
        }
    }

    // Forgets the arcs at moved nodes and screens them anew: by their tail where it moved, else by their head.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScreenAt(ReadOnlySpan<int> moved)
    {
        foreach (int v in moved) _hasMoved[v] = true;
        int left = 0;
        foreach (int e in _kept.AsSpan(0, _count)) if (!_hasMoved[_arcs.Tails[e]] && !_hasMoved[_arcs.Heads[e]]) _kept[left++] = e;
        _count = left;
        foreach (int v in moved)
        {
            foreach (ArcRun run in _runs.From(v)) for (int e = run.First; e < run.End; e++) Screen(e);
            foreach (int e in _entering.AsSpan(_enteringStart[v].._enteringStart[v + 1])) if (!_hasMoved[_arcs.Tails[e]]) Screen(e);
        }

        foreach (int v in moved) _hasMoved[v] = false;
        _kept.AsSpan(0, _count).Sort();
    }

    private void Screen(int arc)
    {
        if (ArcScreen.IsKept(_arcs.Costs[arc], _potentials[_arcs.Tails[arc]], _potentials[_arcs.Heads[arc]])) Keep(arc);
    }

    private void Keep(int arc)
    {
        if (_count == _kept.Length) Array.Resize(ref _kept, 2 * _count);
        _kept[_count++] = arc;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] ListByHead(int[] heads, int[] start)
    {
        foreach (int v in heads) start[v + 1]++;
        for (int v = 1; v < start.Length; v++) start[v] += start[v - 1];
        int[] next = start[..^1], list = new int[heads.Length];
        for (int e = 0; e < heads.Length; e++) list[next[heads[e]]++] = e;
        return list;
    }
}
