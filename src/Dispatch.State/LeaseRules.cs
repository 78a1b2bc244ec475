namespace TrafficDispatch.State;

/// <summary>What every lease store asks of its callers.</summary>
internal static class LeaseRules
{
    private const int LongestHolder = 200;

    /// <summary>The longest lease that any process asks for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Checks a holder's name and a length.</summary>
    /// <exception cref="ArgumentException">One breaks its rule.</exception>
    public static void Check(string holder, TimeSpan length)
    {
        if (holder.Length is 0 or > LongestHolder || holder.Any(char.IsControl))
            throw new ArgumentException($"A holder's name has 1 to {LongestHolder} characters and no line ends.", nameof(holder));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.FromMilliseconds(1));
    }
}
