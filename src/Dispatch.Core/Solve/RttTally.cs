using TrafficDispatch.Model;

namespace TrafficDispatch.Solve;

/// <summary>Round trips of served traffic, weighted by volume. Used by one thread.</summary>
internal sealed class RttTally
{
    private readonly List<(long Microseconds, long Volume)> _served = [];
    private bool _isSorted = true;
    private Int128 _volume, _sum;

    /// <summary>True where nothing was added.</summary>
    public bool IsEmpty => _volume == 0;

    /// <summary>Counts traffic.</summary>
    public void Add(Microseconds rtt, long volume)
    {
        _served.Add((rtt.Value, volume));
        (_volume, _sum, _isSorted) = (_volume + volume, _sum + (Int128)rtt.Value * volume, false);
    }

    /// <summary>The mean, rounded down; 0 where nothing was added.</summary>
    public Microseconds Mean() => new(IsEmpty ? 0 : (long)(_sum / _volume));

    /// <summary>The least round trip that so many percent of the volume do not exceed; 0 where nothing was added. O(n log n) the first time.</summary>
    public Microseconds Quantile(int percent)
    {
        if (!_isSorted) _served.Sort();
        _isSorted = true;
        Int128 upTo = 0;
        foreach ((long rtt, long volume) in _served)
        {
            upTo += volume;
            if (upTo * 100 >= _volume * percent) return new(rtt);
        }
        return new(0);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _served.Clear();
        (_volume, _sum, _isSorted) = (0, 0, true);
    }
}
