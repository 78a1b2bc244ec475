using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Sorts the entries of one row by cost, equals in the order they were added.</summary>
/// <remarks>By rank: an entry's place is the number of entries that come before it, counted against eight costs at a time without a
/// branch. O(n²), but on rows of 65 five times as fast as a comparing sort, whose branches are mispredicted, and on rows of
/// <see cref="Longest"/> still as fast; longer rows are sorted by comparing, in O(n log n). Without vectors, all are.</remarks>
internal sealed unsafe class EntrySort<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int Longest = 512;

    private readonly Pinned<T> _costs;
    private readonly Pinned<int> _heads;
    private readonly Pinned<T> _places;
    private readonly int[] _order;

    /// <summary>Allocates room for rows of at most so many entries.</summary>
    public EntrySort(int most)
    {
        int padded = most + 2 * Vector256<T>.Count;
        (_costs, _heads, _places, _order) = (new(padded), new(padded), new(padded), new int[most]);
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Costs in the order they were added.</summary>
    public T* Costs => _costs.At;

    /// <summary>Heads in the order they were added.</summary>
    public int* Heads => _heads.At;

    /// <summary>After <see cref="Sort"/>: for each entry as added, its place in the order.</summary>
    public T* Places => _places.At;

    /// <summary>Starts a row.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds an entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T cost, int head)
    {
        _costs.At[Count] = cost;
        _heads.At[Count++] = head;
    }

    /// <summary>Sorts what was added.</summary>
    public void Sort()
    {
        if (Vector256.IsHardwareAccelerated && Count <= Longest) SortByRank();
        else SortByComparing();
    }

    // Entry j comes before entry i where cost j < cost i, or, if j was added first, cost j < cost i + 1. Costs stay below the
    // number type's greatest (PadCost), so adding one is safe.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortByRank()
    {
        T* costs = _costs.At;
        int count = Count, width = Vector256<T>.Count;
        for (int first = 0; first < count; first += width)
        {
            Vector256<T> own = Vector256.Load(costs + first), later = own + Vector256<T>.One, place = Vector256<T>.Zero, tie = Vector256<T>.Indices;
            int j = 0, last = Math.Min(first + width, count);
            for (; j < first; j++) place -= Vector256.GreaterThan(later, Vector256.Create(costs[j]));
            for (; j < last; j++)
            {
                place -= Vector256.GreaterThan(own - Vector256.GreaterThan(tie, Vector256<T>.Zero), Vector256.Create(costs[j]));
                tie -= Vector256<T>.One;
            }

            for (; j < count; j++) place -= Vector256.GreaterThan(own, Vector256.Create(costs[j]));
            place.Store(_places.At + first);
        }
    }

    // By cost, then runs of equal cost by where they were added.
    private void SortByComparing()
    {
        T[] costs = _costs.Items.AsSpan(0, Count).ToArray();
        Span<int> order = _order.AsSpan(0, Count);
        for (int i = 0; i < Count; i++) order[i] = i;
        costs.AsSpan().Sort(order);
        for (int start = 0, end; start < Count; start = end)
        {
            for (end = start + 1; end < Count && costs[end] == costs[start];) end++;
            order[start..end].Sort();
        }

        for (int i = 0; i < Count; i++) _places.At[order[i]] = T.CreateTruncating(i);
    }
}
