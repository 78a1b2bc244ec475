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

    private readonly CompactShape _shape;
    private readonly RowBlocks<T> _rows;
    private readonly long[] _supplies;
    private readonly byte[] _heads;
    private readonly (int Place, T Base)[] _nodes;
    private readonly List<(int Row, int Arc)>[] _bounded;

    /// <summary>Fills all rows.</summary>
    public RowFill(CompactShape shape, RowBlocks<T> rows, long[] supplies, byte[] heads, (int Place, T Base)[] nodes)
    {
        (_shape, _rows, _supplies, _heads, _nodes) = (shape, rows, supplies, heads, nodes);
        int threads = Math.Clamp(shape.RowArcCount / ArcsWorthAThread, 1, Math.Min(MostThreads, Environment.ProcessorCount));
        _bounded = new List<(int, int)>[threads];
        var others = new Thread[threads - 1];
        for (int t = 1; t < threads; t++)
        {
            int range = t;
            others[t - 1] = new Thread(() => Fill(range)) { IsBackground = true, Priority = Thread.CurrentThread.Priority, Name = $"flow build {t + 1}" };
            others[t - 1].Start();
        }

        Fill(0);
        foreach (Thread other in others) other.Join();
    }

    /// <summary>The arcs set aside, by rising row.</summary>
    public IEnumerable<(int Row, int Arc)> Bounded => _bounded.SelectMany(static list => list);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(int range)
    {
        int first = (int)((long)_rows.Count * range / _bounded.Length), last = (int)((long)_rows.Count * (range + 1) / _bounded.Length);
        var bounded = _bounded[range] = [];
        var entries = new EntrySort<T>(Longest(first, last));
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
                    bounded.Add((r, e));
                    continue;
                }

                (int place, T basePrice) = _nodes[arcs.Heads[e]];
                _heads[place] = 1; // the same byte by whichever thread
                entries.Add(unchecked(T.CreateTruncating(arcs.Costs[e]) + basePrice), place); // range: CompactRun
            }

            if (entries.Count > 0) entries.Sort();
            _rows.Write(r, entries);
        }
    }

    private int Longest(int first, int last)
    {
        int longest = 0;
        for (int r = first; r < last; r++)
            longest = Math.Max(longest, _shape.ArcsByTail.Start(_shape.RowNodes[r] + 1) - _shape.ArcsByTail.Start(_shape.RowNodes[r]));
        return longest;
    }
}
