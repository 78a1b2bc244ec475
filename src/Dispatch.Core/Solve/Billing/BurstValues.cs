using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Billing;

/// <summary>What a burst was worth in each slot of a month, by contract; slots where it was worth nothing are left out. Not thread-safe.</summary>
internal sealed class BurstValues(int contracts, int freeSlots)
{
    private readonly List<Int128>[] _values = [.. Enumerable.Range(0, contracts).Select(static _ => new List<Int128>())];

    /// <summary>Adds a slot's value, micro-USD an hour.</summary>
    public void Add(int contract, Int128 value)
    {
        if (value > 0) _values[contract].Add(value);
    }

    /// <summary>Half way between the last value that a free slot is left for and the first for which there is none; at least 1.</summary>
    public ImmutableArray<long> Thresholds() => [.. _values.Select(Threshold)];

    private long Threshold(List<Int128> values)
    {
        if (values.Count <= freeSlots) return 1;
        values.Sort();
        Int128 first = values[^(freeSlots + 1)], last = freeSlots == 0 ? first : values[^freeSlots];
        return (long)Int128.Clamp((first + last + 1) / 2, 1, long.MaxValue / 8);
    }
}
