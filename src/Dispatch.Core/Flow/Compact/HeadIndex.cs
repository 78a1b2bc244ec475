using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>For each core node the rows with an entry to it, by slack: those first that would turn to it if it became a little cheaper.</summary>
/// <remarks>The slack of an entry is its cost above its row's cheapest. A list is sorted when it is first asked for: most re-solves
/// make few heads cheaper. Safe on any number of threads; a list is the same whoever asks first. 8 bytes an entry (32-bit).</remarks>
internal sealed unsafe class HeadIndex<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly T[] _slacks;
    private readonly bool[] _sorted;
    private readonly Lock _gate = new();

    /// <summary>Lists the entries. O(m).</summary>
    public HeadIndex(RowBlocks<T> entries, int heads)
    {
        (_starts, _sorted) = (new int[heads + 1], new bool[heads]);
        CountEntries(entries);
        for (int v = 0; v < heads; v++) _starts[v + 1] += _starts[v];
        (_rows, _slacks) = (new int[_starts[heads]], new T[_starts[heads]]);
        ListEntries(entries);
    }

    /// <summary>The rows with an entry to a head and the slack of each, by rising slack.</summary>
    public (ReadOnlyMemory<int> Rows, ReadOnlyMemory<T> Slacks) Of(int head)
    {
        if (!Volatile.Read(ref _sorted[head])) Sort(head);
        int start = _starts[head], count = _starts[head + 1] - start;
        return (_rows.AsMemory(start, count), _slacks.AsMemory(start, count));
    }

    private void Sort(int head)
    {
        lock (_gate)
        {
            if (_sorted[head]) return;
            int start = _starts[head], count = _starts[head + 1] - start;
            _slacks.AsSpan(start, count).Sort(_rows.AsSpan(start, count));
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
