namespace TrafficDispatch.Table;

/// <summary>Turns volumes into shares of 1/16384 that sum to the whole exactly. Same volumes, same shares.</summary>
public static class Shares
{
    /// <summary>All clients of a group: 16,384 units.</summary>
    public const int Whole = 16384;

    /// <summary>
    /// Largest remainder: each volume gets its exact share rounded down, and the units left over go to the largest remainders, the first
    /// on a tie. A positive volume gets at least 1 unit, at the expense of the largest shares, as long as there are units for all of them;
    /// beyond that the smallest volumes get none. O(n log n).
    /// </summary>
    /// <param name="volumes">Volumes in any one unit, at least 0.</param>
    /// <param name="overflow">Volume that nobody serves, in the same unit, at least 0; shared out as if it stood behind the last volume.</param>
    /// <param name="weights">Receives a share for each volume.</param>
    /// <param name="overflowShare">Receives the share of <paramref name="overflow"/>.</param>
    /// <remarks>All shares are 0 where all volumes are.</remarks>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A volume is negative.</exception>
    public static void Quantise(ReadOnlySpan<long> volumes, long overflow, Span<ushort> weights, out ushort overflowShare)
    {
        if (weights.Length != volumes.Length) throw new ArgumentException("There must be a weight for each volume.", nameof(weights));
        ArgumentOutOfRangeException.ThrowIfNegative(overflow);
        foreach (long volume in volumes)
        {
            if (volume < 0) throw new ArgumentOutOfRangeException(nameof(volumes), volume, "A volume must not be negative.");
        }
        long[] all = [.. volumes, overflow];
        int[] shares = Apportion(all);
        for (int i = 0; i < weights.Length; i++) weights[i] = (ushort)shares[i];
        overflowShare = (ushort)shares[^1];
    }

    private static int[] Apportion(long[] volumes)
    {
        int[] shares = new int[volumes.Length];
        UInt128 total = 0;
        foreach (long volume in volumes) total += (ulong)volume;
        if (total == 0) return shares;

        UInt128[] remainders = new UInt128[volumes.Length];
        int left = Whole;
        for (int i = 0; i < volumes.Length; i++)
        {
            UInt128 scaled = (UInt128)(ulong)volumes[i] * Whole;
            shares[i] = (int)(scaled / total);
            remainders[i] = scaled % total;
            if (volumes[i] > 0 && shares[i] == 0) (shares[i], remainders[i]) = (1, 0);
            left -= shares[i];
        }
        if (left > 0) GiveToLargestRemainders(shares, remainders, left);
        else if (left < 0) TakeFromLargestShares(shares, volumes, -left);
        return shares;
    }

    private static void GiveToLargestRemainders(int[] shares, UInt128[] remainders, int units)
    {
        int[] order = [.. Enumerable.Range(0, shares.Length)];
        Array.Sort(order, (a, b) => remainders[a] != remainders[b] ? remainders[b].CompareTo(remainders[a]) : a.CompareTo(b));
        for (int i = 0; i < units; i++) shares[order[i]]++;
    }

    private static void TakeFromLargestShares(int[] shares, long[] volumes, int units)
    {
        // By rounds from the largest share down to a level, so that shares stay in the order of their volumes.
        int[] order = [.. Enumerable.Range(0, shares.Length)];
        Array.Sort(order, (a, b) => shares[a] != shares[b] ? shares[b].CompareTo(shares[a]) : a.CompareTo(b));
        for (int top = shares[order[0]]; units > 0 && top > 1; top--)
        {
            for (int i = 0; i < order.Length && units > 0 && shares[order[i]] == top; i++, units--) shares[order[i]]--;
        }
        if (units == 0) return;
        Array.Sort(order, (a, b) => volumes[a] != volumes[b] ? volumes[a].CompareTo(volumes[b]) : b.CompareTo(a));
        foreach (int i in order)
        {
            if (units == 0) return;
            if (shares[i] == 0) continue;
            shares[i] = 0;
            units--;
        }
    }
}
