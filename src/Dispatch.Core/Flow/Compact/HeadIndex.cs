using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>For each core node the rows with an entry to it, by slack: those first that would turn to it if it became a little cheaper.</summary>
/// <remarks>The slack of an entry is its cost above its row's cheapest. A list is put in order when it is first asked for, for most re-solves
/// make few heads cheaper; and by <see cref="Slacks"/> only, for the first re-solve asks for a hundred. Safe on any number of threads; a
/// list is the same whoever asks first. 8 bytes an entry (32-bit).</remarks>
internal sealed unsafe class HeadIndex<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>The order of lists: rising by a slack's three leading bits.</summary>
    public static readonly LeadingBits Slacks = new(2);

    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly T[] _slacks;
    private readonly bool[] _sorted;
    private readonly Lock _gate = new();
    private readonly int[] _next = new int[Slacks.Keys + 1];
    private readonly int[] _order, _sortedRows;
    private readonly T[] _sortedSlacks;

    /// <summary>Lists the entries. O(m).</summary>
    public HeadIndex(RowBlocks<T> entries, int heads)
    {
        (_starts, _sorted) = (new int[heads + 1], new bool[heads]);
        CountEntries(entries);
        for (int v = 0; v < heads; v++) _starts[v + 1] += _starts[v];
        (_rows, _slacks) = (new int[_starts[heads]], new T[_starts[heads]]);
        int longest = 0;
        for (int v = 0; v < heads; v++) longest = Math.Max(longest, _starts[v + 1] - _starts[v]);
        (_order, _sortedRows, _sortedSlacks) = (new int[longest], new int[longest], new T[longest]);
        ListEntries(entries);
    }

    /// <summary>The rows with an entry to a head and the slack of each, rising as <see cref="Slacks"/> says.</summary>
    public (ReadOnlyMemory<int> Rows, ReadOnlyMemory<T> Slacks) Of(int head)
    {
        if (!Volatile.Read(ref _sorted[head])) Sort(head);
        int start = _starts[head], count = _starts[head + 1] - start;
        return (_rows.AsMemory(start, count), _slacks.AsMemory(start, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sort(int head)
    {
        lock (_gate)
        {
            if (_sorted[head]) return;
            int start = _starts[head], count = _starts[head + 1] - start;
            Span<int> rows = _rows.AsSpan(start, count);
            Span<T> slacks = _slacks.AsSpan(start, count);
            Slacks.Order<T>(slacks, _next, _order);
            for (int i = 0; i < count; i++) (_sortedRows[i], _sortedSlacks[i]) = (rows[_order[i]], slacks[_order[i]]);
            _sortedRows.AsSpan(0, count).CopyTo(rows);
            _sortedSlacks.AsSpan(0, count).CopyTo(slacks);
            Volatile.Write(ref _sorted[head], true);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountEntries(RowBlocks<T> entries)
    {
        for (int block = 0; block < entries.Starts[entries.Count]; block++)
        {
            T* costs = entries.Costs(block);
            int* heads = entries.Heads(block);
            for (int i = 0; i < RowBlocks<T>.Width && costs[i] != RowBlocks<T>.PadCost; i++) _starts[heads[i] + 1]++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ListEntries(RowBlocks<T> entries)
    {
        int[] next = _starts[..^1];
        for (int r = 0; r < entries.Count; r++)
        {
            T cheapest = entries.Starts[r] < entries.Starts[r + 1] ? *entries.Costs(entries.Starts[r]) : T.Zero;
            for (int block = entries.Starts[r]; block < entries.Starts[r + 1]; block++)
            {
                T* costs = entries.Costs(block);
                int* heads = entries.Heads(block);
                for (int i = 0; i < RowBlocks<T>.Width && costs[i] != RowBlocks<T>.PadCost; i++)
                {
                    int at = next[heads[i]]++;
                    (_rows[at], _slacks[at]) = (r, unchecked(costs[i] - cheapest)); // costs within range: CompactRun
                }
            }
        }
    }
}
