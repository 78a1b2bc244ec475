using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>For each core node the rows that would turn to it if it became a little cheaper, the nearest first.</summary>
/// <remarks>The slack of an entry is its cost above its row's cheapest. Entries are listed up to <see cref="Reach"/>: the median over the
/// rows of the slack of their sixteenth entry, so about sixteen a row. 8 bytes an entry listed.</remarks>
internal sealed class HeadIndex<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int TypicalEntries = 16;

    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly T[] _slacks;

    /// <summary>Lists the entries. O(m log n).</summary>
    public unsafe HeadIndex(RowBlocks<T> entries, int heads)
    {
        Reach = FindReach(entries);
        _starts = new int[heads + 1];
        CountEntries(entries);
        for (int v = 0; v < heads; v++) _starts[v + 1] += _starts[v];
        (_rows, _slacks) = (new int[_starts[heads]], new T[_starts[heads]]);
        ListEntries(entries);
        for (int v = 0; v < heads; v++) _slacks.AsSpan(_starts[v], _starts[v + 1] - _starts[v]).Sort(_rows.AsSpan(_starts[v], _starts[v + 1] - _starts[v]));
    }

    /// <summary>Slack up to which entries are listed.</summary>
    public T Reach { get; }

    /// <summary>The rows with an entry to a head, by rising slack.</summary>
    public ReadOnlySpan<int> Rows(int head) => _rows.AsSpan(_starts[head], _starts[head + 1] - _starts[head]);

    /// <summary>The slack of each.</summary>
    public ReadOnlySpan<T> Slacks(int head) => _slacks.AsSpan(_starts[head], _starts[head + 1] - _starts[head]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe T FindReach(RowBlocks<T> entries)
    {
        var slacks = new List<T>();
        for (int r = 0; r < entries.Count; r++)
        {
            int start = entries.Starts[r], blocks = entries.Starts[r + 1] - start;
            if (blocks == 0) continue;
            int last = Math.Min(TypicalEntries, blocks * RowBlocks<T>.Width) - 1;
            while (last > 0 && CostAt(entries, start, last) == RowBlocks<T>.PadCost) last--;
            slacks.Add(CostAt(entries, start, last) - CostAt(entries, start, 0));
        }

        slacks.Sort();
        return slacks.Count > 0 ? slacks[slacks.Count / 2] : T.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe int HeadAt(RowBlocks<T> entries, int start, int entry)
        => entries.Heads(start + entry / RowBlocks<T>.Width)[entry % RowBlocks<T>.Width];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe T CostAt(RowBlocks<T> entries, int start, int entry)
        => entries.Costs(start + entry / RowBlocks<T>.Width)[entry % RowBlocks<T>.Width];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void CountEntries(RowBlocks<T> entries)
    {
        for (int r = 0; r < entries.Count; r++)
        {
            int listed = Listed(entries, r);
            for (int i = 0; i < listed; i++) _starts[HeadAt(entries, entries.Starts[r], i) + 1]++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void ListEntries(RowBlocks<T> entries)
    {
        int[] next = _starts[..^1];
        for (int r = 0; r < entries.Count; r++)
        {
            int start = entries.Starts[r], listed = Listed(entries, r);
            for (int i = 0; i < listed; i++)
            {
                int at = next[HeadAt(entries, start, i)]++;
                (_rows[at], _slacks[at]) = (r, CostAt(entries, start, i) - CostAt(entries, start, 0));
            }
        }
    }

    // How many entries of a row lie within reach.
    private unsafe int Listed(RowBlocks<T> entries, int row)
    {
        int start = entries.Starts[row], count = (entries.Starts[row + 1] - start) * RowBlocks<T>.Width, i = 0;
        if (count == 0 || CostAt(entries, start, 0) == RowBlocks<T>.PadCost) return 0;
        while (i < count && CostAt(entries, start, i) - CostAt(entries, start, 0) <= Reach && CostAt(entries, start, i) != RowBlocks<T>.PadCost) i++;
        return i;
    }
}
