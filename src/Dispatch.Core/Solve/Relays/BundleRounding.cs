namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// Turns the shares of a flow into whole bundles: a stream comes to a node from one place, it is not split. The largest bundle goes where
/// most of the flow's volume is left, then the next; ties go to the earlier bundle and the earlier target, so the outcome is one.
/// </summary>
/// <remarks>
/// A basic flow splits few classes (no more than there are binding capacities), and a class of one target needs no rounding at all. What it
/// costs is measured against the flow's optimum, which is a lower bound. O(bundles · targets).
/// </remarks>
internal static class BundleRounding
{
    /// <summary>Chooses a target for every bundle.</summary>
    /// <param name="bundles">Size of each bundle, above 0.</param>
    /// <param name="volumes">The flow to each target; used up.</param>
    /// <param name="target">Receives the target of each bundle.</param>
    public static void Assign(ReadOnlySpan<long> bundles, Span<long> volumes, Span<int> target)
    {
        int only = Only(volumes);
        if (only >= 0)
        {
            target.Fill(only);
            return;
        }
        int[] order = new int[bundles.Length];
        long[] falling = new long[bundles.Length];
        for (int i = 0; i < order.Length; i++) (order[i], falling[i]) = (i, -bundles[i]);
        // Stable order by hand: keys that are equal keep their bundles' order.
        Array.Sort(order, (a, b) => falling[a] != falling[b] ? falling[a].CompareTo(falling[b]) : a.CompareTo(b));
        foreach (int bundle in order)
        {
            int most = 0;
            for (int t = 1; t < volumes.Length; t++)
                if (volumes[t] > volumes[most]) most = t;
            volumes[most] -= bundles[bundle];
            target[bundle] = most;
        }
    }

    /// <summary>The one target with volume, or −1 where there are several.</summary>
    private static int Only(ReadOnlySpan<long> volumes)
    {
        int only = -1;
        for (int t = 0; t < volumes.Length; t++)
        {
            if (volumes[t] == 0) continue;
            if (only >= 0) return -1;
            only = t;
        }
        return only;
    }
}
