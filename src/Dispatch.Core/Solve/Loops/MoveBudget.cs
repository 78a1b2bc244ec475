using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Solve.Loops;

/// <summary>Keeps what moves at once within a part of all traffic, by one multiplier on every move. What cannot stay does not count.</summary>
internal static class MoveBudget
{
    private const long FirstMultiplier = 64;

    /// <summary>Solves.</summary>
    /// <remarks>
    /// A move is counted where it arrives: all that an edge carries above what it would have carried. What has to arrive somewhere, grown demand and
    /// what a failed edge carried, is allowed besides the budget. No moved unit saves more than the dearest way to the sink: along a chain of moves each
    /// saves at most its own way's cost. So the multiplier is searched up to there.
    /// </remarks>
    public static SolveResult Solve(SolveOptions options, Continuity held, int budgetPercent, Func<SolveOptions, SolveResult> solve)
    {
        SolveResult? failed = null;
        int solves = 0;
        PricedSolve? At(long multiplier)
        {
            solves++;
            SolveResult result = solve(options with { Continuity = held with { MoveBudgetPercent = null, MoveCost = held.MoveCost + multiplier }, LeastMoveCost = held.MoveCost });
            if (result.Assignment is { } assignment) return new(multiplier, assignment, Moves.Of(assignment.Optimum).Arriving);
            failed = result;
            return null;
        }

        if (At(0) is not { } free) return failed!;
        var model = (FullCost)free.Assignment.Model;
        long allowed = Moves.Unavoidable(model) + (long)((Int128)model.Groups.Sum(static g => g.Demand) * budgetPercent / 100);
        if (MultiplierSearch.Find(m => m == 0 ? free : At(m), allowed, FirstMultiplier, model.DearestWay + 1) is not { } sides) return failed!;
        PricedSolve end = sides.Keeps ?? sides.Breaks!;
        Int128 cost = end.Assignment.Trace.Objective - (Int128)end.Multiplier * end.Usage, bound = Int128.Min(cost, end.Bound(allowed));
        if (sides.Breaks is { } breaks) bound = Int128.Min(cost, Int128.Max(bound, breaks.Bound(allowed)));
        LoopReport report = LoopReport.Of(end.Assignment, solves - 1) with
        {
            Bound = bound,
            Gap = cost - bound,
            MovePrice = end.Multiplier,
            Moved = Moves.Of(end.Assignment.Optimum).Voluntary,
        };
        return new(FlowStatus.Optimal, end.Assignment.With(report), "", "");
    }
}
