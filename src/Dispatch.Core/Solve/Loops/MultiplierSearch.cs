namespace TrafficDispatch.Solve.Loops;

/// <summary>A solve with one bound priced instead of kept.</summary>
/// <param name="Multiplier">The price of a unit of what is bounded.</param>
/// <param name="Assignment">The optimum at that price.</param>
/// <param name="Usage">What it uses of what is bounded.</param>
internal sealed record PricedSolve(long Multiplier, Assignment Assignment, long Usage)
{
    /// <summary>The Lagrangian's value: a lower bound on the objective of every plan that keeps the bound.</summary>
    public Int128 Bound(long allowed) => Assignment.Trace.Objective - (Int128)Multiplier * allowed;
}

/// <summary>Finds the multiplier of one bound.</summary>
/// <remarks>
/// The Lagrangian is concave and piecewise linear in the multiplier; each solve gives its value and, as usage less what is allowed, its slope. From a
/// point with positive slope and one without, the next is where their tangents cross (Kelley's cutting planes in one dimension): each
/// either is the maximum or cuts off a piece for good, so the search is finite, in practice 4 to 10 solves.
/// </remarks>
internal static class MultiplierSearch
{
    /// <summary>Searches.</summary>
    /// <param name="solve">Solves at a multiplier; null ends the search with null.</param>
    /// <param name="allowed">The bound, in units of usage.</param>
    /// <param name="first">A first guess above 0.</param>
    /// <param name="greatest">No multiplier is tried beyond this.</param>
    /// <returns>
    /// The greatest multiplier found that breaks the bound and the least that keeps it; the first is null where 0 keeps it, the second where even
    /// <paramref name="greatest"/> does not.
    /// </returns>
    public static (PricedSolve? Breaks, PricedSolve? Keeps)? Find(Func<long, PricedSolve?> solve, long allowed, long first, long greatest)
    {
        if (solve(0) is not { } breaks) return null;
        if (breaks.Usage <= allowed) return (null, breaks);
        PricedSolve? keeps = null;
        for (long next = Math.Min(first, greatest); keeps is null; next = Math.Min(greatest, checked(next * 8)))
        {
            if (solve(next) is not { } tried) return null;
            if (tried.Usage <= allowed) keeps = tried;
            else breaks = tried;
            if (next == greatest) break;
        }
        return keeps is null ? (breaks, null) : Narrow(solve, allowed, breaks, keeps);
    }

    private static (PricedSolve? Breaks, PricedSolve? Keeps)? Narrow(Func<long, PricedSolve?> solve, long allowed, PricedSolve breaks, PricedSolve keeps)
    {
        while (keeps.Multiplier - breaks.Multiplier > 1)
        {
            long next = Crossing(breaks, keeps, allowed);
            if (solve(next) is not { } tried) return null;
            // On both tangents: between the two the Lagrangian is no higher, so the search is over.
            bool isMaximum = tried.Bound(allowed) >= Tangent(breaks, allowed, next) && tried.Bound(allowed) >= Tangent(keeps, allowed, next);
            if (tried.Usage <= allowed) keeps = tried;
            else breaks = tried;
            if (isMaximum) break;
        }
        return (breaks, keeps);
    }

    private static Int128 Tangent(PricedSolve at, long allowed, long multiplier) =>
        at.Bound(allowed) + (Int128)(at.Usage - allowed) * (multiplier - at.Multiplier);

    private static long Crossing(PricedSolve low, PricedSolve high, long allowed)
    {
        Int128 rise = low.Usage - allowed, fall = high.Usage - allowed; // rise above 0, fall at most 0
        Int128 atZero = low.Bound(allowed) - rise * low.Multiplier - (high.Bound(allowed) - fall * high.Multiplier);
        Int128 crossing = -atZero / (rise - fall);
        return (long)Int128.Clamp(crossing, low.Multiplier + 1, high.Multiplier - 1);
    }
}
