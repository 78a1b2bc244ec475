using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Fills the rows of a network: every arc is rebased, each row sorted, arcs that cannot carry all of their row set aside.</summary>
/// <remarks>Half of a cold solve of a one-layer network is this, and rows do not touch each other: a large network is filled by as
/// many threads as there are processors, up to four, each with a range of rows of its own. What is written is the same
/// whatever their number.</remarks>
internal sealed unsafe class RowFill<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int MostThreads = 4;
    private const int ArcsWorthAThread = 250_000;
    private const int RowsInRange = 512;

    private readonly CompactShape _shape;
    private readonly RowBlocks<T> _rows;
    private readonly long[] _supplies;
    private readonly byte[] _heads;
    private readonly (int Place, T Base)[] _nodes;
    private readonly List<(int Row, int Arc)>?[] _bounded;
    private int _next;

    /// <summary>Fills all rows.</summary>
    public RowFill(CompactShape shape, RowBlocks<T> rows, long[] supplies, byte[] heads, (int Place, T Base)[] nodes)
    {
        (_shape, _rows, _supplies, _heads, _nodes) = (shape, rows, supplies, heads, nodes);
        _bounded = new List<(int, int)>?[(rows.Count + RowsInRange - 1) / RowsInRange];
        int threads = Math.Clamp(shape.RowArcCount / ArcsWorthAThread, 1, Math.Min(MostThreads, Environment.ProcessorCount));
        var others = new Thread[threads - 1];
        for (int t = 0; t < others.Length; t++)
        {
            others[t] = new Thread(FillRanges) { IsBackground = true, Priority = Thread.CurrentThread.Priority, Name = $"flow build {t + 2}" };
            others[t].Start();
        }

        FillRanges();
        foreach (Thread other in others) other.Join();
    }

    /// <summary>The arcs set aside, by rising row.</summary>
    public IEnumerable<(int Row, int Arc)> Bounded => _bounded.SelectMany(static list => list ?? []);

    // Whichever thread is free takes the next range: one that starts late holds up nobody.
    private void FillRanges()
    {
        var entries = new EntrySort<T>(Longest());
        for (int range = Interlocked.Increment(ref _next) - 1; range < _bounded.Length; range = Interlocked.Increment(ref _next) - 1) Fill(range, entries);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(int range, EntrySort<T> entries)
    {
        int first = range * RowsInRange, last = Math.Min(first + RowsInRange, _rows.Count);
        FlowArcs arcs = _shape.Network.Arcs;
        bool lower = _shape.HasLowerBounds;
        for (int r = first; r < last; r++)
        {
            int v = _shape.RowNodes[r], end = _shape.ArcsByTail.Start(v + 1);
            long supply = _supplies[r];
            entries.Clear();
            for (int position = _shape.ArcsByTail.Start(v); position < end; position++)
            {
                int e = _shape.ArcsByTail.Arc(position);
                long upper = arcs.Upper[e];
                if (lower && upper != FlowNetwork.Unlimited) upper = unchecked(upper - arcs.Lower[e]); // fits: ShiftedSupplies
                if (upper < supply)
                {
                    (_bounded[range] ??= []).Add((r, e));
                    continue;
                }

                (int place, T basePrice) = _nodes[arcs.Heads[e]];
                _heads[place] = 1; // the same byte by whichever thread
                entries.Add(unchecked(T.CreateTruncating(arcs.Costs[e]) + basePrice), place); // range: CompactRun
            }

            entries.Sort();
            _rows.Write(r, entries);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Longest()
    {
        int longest = 0;
        foreach (int v in _shape.RowNodes) longest = Math.Max(longest, _shape.ArcsByTail.Start(v + 1) - _shape.ArcsByTail.Start(v));
        return longest;
    }
}
