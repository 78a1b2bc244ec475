using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Sorts the entries of one row by cost, equals in the order they were added.</summary>
/// <remarks>A counting sort into 64 buckets of equal width followed by an insertion sort: three times as fast as a comparing sort on
/// rows of 65, where branches are mispredicted. The buckets span about the bulk of the costs (a mean that outliers do not move:
/// a row's last resort costs a hundred times the rest); whatever the buckets, the insertion sort makes the order right. Rows
/// beyond <see cref="Longest"/> entries go to a comparing sort, so the worst case is O(n log n).</remarks>
internal sealed unsafe class EntrySort<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int Buckets = 64;
    private const int Longest = 256;

    private readonly Pinned<T> _costs, _sortedCosts;
    private readonly Pinned<int> _heads, _sortedHeads, _places, _counts;

    /// <summary>Allocates room for rows of at most so many entries.</summary>
    public EntrySort(int most)
    {
        (_costs, _sortedCosts) = (new(most), new(most));
        (_heads, _sortedHeads, _places, _counts) = (new(most), new(most), new(most), new(Buckets + 1));
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Costs, in order after <see cref="Sort"/>.</summary>
    public T* Costs => _sortedCosts.At;

    /// <summary>Heads, in order after <see cref="Sort"/>.</summary>
    public int* Heads => _sortedHeads.At;

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Sort()
    {
        if (Count > Longest)
        {
            SortLong();
            return;
        }

        Scatter();
        T* costs = _sortedCosts.At;
        int* heads = _sortedHeads.At;
        for (int i = 1; i < Count; i++)
        {
            T cost = costs[i];
            if (costs[i - 1] <= cost) continue;
            int head = heads[i], at = i;
            for (; at > 0 && cost < costs[at - 1]; at--) (costs[at], heads[at]) = (costs[at - 1], heads[at - 1]);
            (costs[at], heads[at]) = (cost, head);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter()
    {
        T* costs = _costs.At;
        int* heads = _heads.At, places = _places.At, counts = _counts.At;
        (T least, double scale) = Scale();
        new Span<int>(counts, Buckets + 1).Clear();
        for (int i = 0; i < Count; i++)
        {
            double place = double.CreateTruncating(unchecked(costs[i] - least)) * scale; // below the range of T: PadCost
            int bucket = place < Buckets - 1 ? (int)place : Buckets - 1;
            places[i] = bucket;
            counts[bucket + 1]++;
        }

        for (int b = 1; b < Buckets; b++) counts[b] += counts[b - 1];
        for (int i = 0; i < Count; i++)
        {
            int at = counts[places[i]]++;
            _sortedCosts.At[at] = costs[i];
            _sortedHeads.At[at] = heads[i];
        }
    }

    // Buckets per unit of cost, for a span of 2.5 means of the costs above the least, each counted up to the plain mean.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (T Least, double Scale) Scale()
    {
        T* costs = _costs.At;
        T least = costs[0];
        for (int i = 1; i < Count; i++) least = T.Min(least, costs[i]);
        double sum = 0, held = 0;
        for (int i = 0; i < Count; i++) sum += double.CreateTruncating(unchecked(costs[i] - least));
        double mean = sum / Count;
        for (int i = 0; i < Count; i++) held += Math.Min(mean, double.CreateTruncating(unchecked(costs[i] - least)));
        return (least, held > 0 ? (Buckets - 1) * Count / (2.5 * held) : 0);
    }

    private void SortLong()
    {
        int[] order = new int[Count];
        T[] keys = _costs.Items.AsSpan(0, Count).ToArray();
        for (int i = 0; i < Count; i++) order[i] = i;
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        for (int i = 0; i < Count; i++) (_sortedCosts.At[i], _sortedHeads.At[i]) = (keys[order[i]], _heads.At[order[i]]);
    }
}
