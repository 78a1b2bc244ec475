namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>Tries every integer flow within the bounds. For a handful of arcs only.</summary>
internal static class BruteForce
{
    /// <summary>The least cost, or null when no flow is feasible.</summary>
    public static long? LeastCost(NetworkSpec spec)
    {
        long? best = null;
        Try(spec, 0, (long[])spec.Supplies.Clone(), 0, ref best);
        return best;
    }

    private static void Try(NetworkSpec spec, int arc, long[] left, long cost, ref long? best)
    {
        if (arc == spec.Arcs.Length)
        {
            if (Array.TrueForAll(left, l => l == 0) && (best is null || cost < best)) best = cost;
            return;
        }

        ArcSpec a = spec.Arcs[arc];
        for (long flow = a.Lower; flow <= a.Upper; flow++)
        {
            left[a.Tail] -= flow;
            left[a.Head] += flow;
            Try(spec, arc + 1, left, cost + (flow * a.Cost), ref best);
            left[a.Tail] += flow;
            left[a.Head] -= flow;
        }
    }
}
