using TrafficDispatch.Flow.Compact;

namespace TrafficDispatch.Core.Tests.Flow;

public sealed class EntrySortTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(65, 1)]
    [InlineData(65, 5000)]
    [InlineData(300, 1_000_000)]
    [InlineData(900, 3)]
    public void Sort_RandomCostsWithTiesAndAnOutlier_IsAStableSort(int count, int spread)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            (int Cost, int Head)[] entries = [.. Enumerable.Range(0, count).Select(i => (i == count / 2 ? 8_000_000 : random.Next(-spread, spread), i))];
            Assert.Equal(entries.OrderBy(e => e.Cost), Sorted<int>(entries));
            Assert.Equal(entries.OrderBy(e => e.Cost), Sorted<long>(entries));
        }
    }

    private static unsafe (int Cost, int Head)[] Sorted<T>((int Cost, int Head)[] entries)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var sort = new EntrySort<T>(entries.Length);
        sort.Clear();
        foreach ((int cost, int head) in entries) sort.Add(T.CreateChecked(cost), head);
        sort.Sort();
        var sorted = new (int, int)[sort.Count];
        for (int i = 0; i < sorted.Length; i++) sorted[int.CreateChecked(sort.Places[i])] = (int.CreateChecked(sort.Costs[i]), sort.Heads[i]);
        return sorted;
    }
}
