namespace TrafficDispatch.Solve.Loops;

/// <summary>Min–max utilisation: the least part of every edge's capacity that serves as much as all of it would, then the least cost inside that part and a slack.</summary>
/// <remarks>
/// Bisection in steps of one per mille: ten flows. A part serves as much as all of it where no priority has more unserved (compared by the
/// charges, which lie apart).
/// </remarks>
internal static class LeastUtilisation
{
    /// <summary>Solves.</summary>
    public static SolveResult Solve(SolveOptions options, int slackPercent, Func<SolveOptions, SolveResult> solve)
    {
        SolveOptions plain = options with { MinMaxSlackPercent = null };
        SolveResult whole = solve(plain);
        if (whole.Assignment is not { } all) return whole;
        Int128 unserved = Unserved(all);
        int low = LowerBound(all), high = 1000, solves = 1;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            SolveResult tried = solve(plain with { RoomPermille = middle });
            solves++;
            if (tried.Assignment is not { } part) return tried;
            if (Unserved(part) == unserved) high = middle;
            else low = middle + 1;
        }
        SolveResult result = solve(plain with { RoomPermille = Math.Min(1000, (high * (100 + slackPercent) + 99) / 100) });
        return result.Assignment is { } best
            ? result with { Assignment = best.With(LoopReport.Of(best, solves) with { LeastUtilisationPermille = high }) }
            : result;
    }

    private static Int128 Unserved(Assignment assignment)
    {
        Int128 charge = 0;
        for (int g = 0; g < assignment.Model.Groups.Count; g++) charge += (Int128)assignment.Optimum.Unserved(g) * assignment.Model.UnservedCost(g);
        return charge;
    }

    // All that is served over all that could be.
    private static int LowerBound(Assignment all)
    {
        Int128 capacity = 0, served = 0;
        for (int e = 0; e < all.Snapshot.World.Edges.Length; e++) capacity += all.Model.Capacity(e);
        foreach (long load in all.Optimum.EdgeLoads()) served += load;
        return capacity == 0 ? 0 : (int)(served * 1000 / capacity);
    }
}
