using System.Numerics;
using System.Runtime.CompilerServices;

namespace TrafficDispatch.Flow.Compact;

/// <summary>Sorts the entries of one row by cost, equals in the order they were added.</summary>
/// <remarks>A counting sort into about as many buckets of equal width as there are entries, followed by an insertion sort: three times
/// as fast as a comparing sort on rows of 65, where branches are mispredicted. The buckets span about the bulk of the costs (a
/// mean that outliers do not move: a row's last resort costs a hundred times the rest); whatever the buckets, the insertion
/// sort makes the order right. A bucket of more than <see cref="Fullest"/> entries sends the row to a comparing sort, so the
/// worst case is O(n log n).</remarks>
internal sealed unsafe class EntrySort<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int FewestBuckets = 64;
    private const int Fullest = 64;

    private readonly Pinned<T> _costs, _sortedCosts;
    private readonly Pinned<int> _heads, _sortedHeads, _places, _counts;
    private readonly int _buckets;

    /// <summary>Allocates room for rows of at most so many entries.</summary>
    public EntrySort(int most)
    {
        (_costs, _sortedCosts) = (new(most), new(most));
        _buckets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(FewestBuckets, most));
        (_heads, _sortedHeads, _places, _counts) = (new(most), new(most), new(most), new(_buckets + 1));
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
        if (!TryScatter())
        {
            SortByComparing();
            return;
        }

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
    private bool TryScatter()
    {
        T* costs = _costs.At;
        int* heads = _heads.At, places = _places.At, counts = _counts.At;
        (T least, double scale) = Scale();
        int buckets = Math.Min(_buckets, Math.Max(FewestBuckets, Count));
        scale *= buckets - 1;
        new Span<int>(counts, buckets + 1).Clear();
        for (int i = 0; i < Count; i++)
        {
            double place = double.CreateTruncating(unchecked(costs[i] - least)) * scale; // below the range of T: PadCost
            int bucket = place < buckets - 1 ? unchecked((int)place) : buckets - 1; // not negative, below the number of buckets
            places[i] = bucket;
            counts[bucket + 1]++;
        }

        for (int b = 1; b <= buckets; b++)
        {
            if (counts[b] > Fullest) return false;
            counts[b] += counts[b - 1];
        }

        for (int i = 0; i < Count; i++)
        {
            int at = counts[places[i]]++;
            _sortedCosts.At[at] = costs[i];
            _sortedHeads.At[at] = heads[i];
        }

        return true;
    }

    // Spans per unit of cost, for a span of 2.5 means of the costs above the least, each counted up to the plain mean.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (T Least, double Scale) Scale()
    {
        T* costs = _costs.At;
        T least = costs[0];
        for (int i = 1; i < Count; i++) least = T.Min(least, costs[i]);
        if (typeof(T) == typeof(int)) return (least, NarrowScale(int.CreateTruncating(least)));
        double sum = 0, held = 0;
        for (int i = 0; i < Count; i++) sum += double.CreateTruncating(unchecked(costs[i] - least));
        double mean = sum / Count;
        for (int i = 0; i < Count; i++) held += Math.Min(mean, double.CreateTruncating(unchecked(costs[i] - least)));
        return (least, held > 0 ? Count / (2.5 * held) : 0);
    }

    // The same in whole numbers, which 64 bits hold for 32-bit costs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double NarrowScale(int least)
    {
        int* costs = (int*)_costs.At;
        long sum = 0, held = 0;
        unchecked
        {
            for (int i = 0; i < Count; i++) sum += (uint)(costs[i] - least);
            long mean = sum / Count + 1;
            for (int i = 0; i < Count; i++) held += Math.Min(mean, (uint)(costs[i] - least));
        }

        return held > 0 ? Count / (2.5 * held) : 0;
    }

    // By cost, then runs of equal cost by where they were added.
    private void SortByComparing()
    {
        Span<T> costs = _sortedCosts.Items.AsSpan(0, Count);
        Span<int> order = _places.Items.AsSpan(0, Count);
        _costs.Items.AsSpan(0, Count).CopyTo(costs);
        for (int i = 0; i < Count; i++) order[i] = i;
        costs.Sort(order);
        for (int start = 0, end; start < Count; start = end)
        {
            for (end = start + 1; end < Count && costs[end] == costs[start];) end++;
            order[start..end].Sort();
        }

        for (int i = 0; i < Count; i++) _sortedHeads.At[i] = _heads.At[order[i]];
    }
}
