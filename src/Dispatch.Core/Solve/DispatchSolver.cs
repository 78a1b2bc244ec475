using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Columns;
using TrafficDispatch.Solve.Loops;

namespace TrafficDispatch.Solve;

/// <summary>
/// Snapshot in, certified assignment out: a pure function, the same for production, replay and what-if.
/// </summary>
/// <remarks>
/// The network holds each group's promising edges only; at its optimum every allowed edge left out has been priced and none would improve
/// (<see cref="Columns.ColumnGeneration"/>), so the optimum is one over all allowed edges. Thread-safe.
/// </remarks>
public static class DispatchSolver
{
    /// <summary>Solves a snapshot.</summary>
    /// <param name="snapshot">What to solve.</param>
    /// <param name="options">How; defaults where null.</param>
    /// <param name="budget">Cancel it to end the solve with <see cref="FlowStatus.BudgetEnded"/>; nothing half-solved is returned.</param>
    public static SolveResult Solve(Snapshot snapshot, SolveOptions? options = null, CancellationToken budget = default)
    {
        try
        {
            return SolveWithLoops(snapshot, options ?? SolveOptions.Default, budget);
        }
        catch (OverflowException e)
        {
            // Each fact may be in range and their products not: a demand scaled by 1e300, say.
            return new(FlowStatus.RejectedInput, null, $"Demand, capacity or cost is beyond 64-bit integers: {e.Message}",
                "Scale demand by less, or correct the world's largest figures.");
        }
    }

    // One loop at a time; the next one's solves run inside it.
    private static SolveResult SolveWithLoops(Snapshot snapshot, SolveOptions options, CancellationToken budget)
    {
        SolveStart? last = options.Start;
        SolveResult Inner(SolveOptions inner)
        {
            SolveResult result = SolveWithLoops(snapshot, inner with { Start = last }, budget);
            last = result.Assignment?.Start ?? last;
            return result;
        }
        if (options.Objective == Objective.Reference) return SolveExactly(snapshot, options, budget);
        if (options.MinMaxSlackPercent is { } slack) return LeastUtilisation.Solve(options, slack, Inner);
        if (options.Continuity is { MoveBudgetPercent: { } percent } held) return MoveBudget.Solve(options, held, percent, Inner);
        if (!options.CrossingCaps.IsEmpty) return new CrossingCaps(snapshot, options, Inner).Solve();
        return SolveExactly(snapshot, options, budget);
    }

    private static SolveResult SolveExactly(Snapshot snapshot, SolveOptions options, CancellationToken budget)
    {
        CostModel model = ModelOf(snapshot, options with { Start = null, StartingPoint = null }); // a plan keeps its model, and need not keep where it came from
        bool isFull = options.Objective != Objective.Reference;
        SolveStart? kept = options.Start is null && isFull ? options.StartingPoint?.For(model) : null;
        ColumnOptimum end = new ColumnGeneration(model, budget).Solve(isFull ? options.Candidates : int.MaxValue, options.Start ?? kept);
        return end is { Plan: { } plan, Prices: { } prices }
            ? Certified(plan, end, prices, kept is not null)
            : new(end.Flow.Status, null, end.Flow.Cause, end.Flow.Remedy);
    }

    /// <summary>The flow network of a snapshot over every allowed edge, as a solver of its own would get it: groups, edges, sink.</summary>
    /// <exception cref="OverflowException">Demand, capacity or cost is beyond 64-bit integers.</exception>
    public static FlowNetwork NetworkOf(Snapshot snapshot, SolveOptions options)
    {
        CostModel model = ModelOf(snapshot, options);
        return new DispatchNetwork(model, CandidateRows.Cheapest(model, int.MaxValue)).Network;
    }

    /// <summary>The objective in integers for a snapshot.</summary>
    public static CostModel ModelOf(Snapshot snapshot, SolveOptions options) =>
        options.Objective == Objective.Reference ? new ReferenceCost(snapshot, options) : new FullCost(snapshot, options);

    private static SolveResult Certified(TrafficPlan optimum, ColumnOptimum end, DualPrices prices, bool isContinued)
    {
        OptimalityCertificate certificate = OptimalityCertificate.Check(end.Network.Network, end.Flow.Flow, end.Flow.Potentials);
        SolveTrace trace = new(end.Flow.Objective + end.Network.Constant, end.Flow.Kernel, end.Rounds, end.Network.Arcs.Rows.Count, end.Pivots, end.Spent, certificate) { IsContinued = isContinued };
        if (!trace.Certificate.Valid)
        {
            return new(FlowStatus.RejectedInput, null, $"The solver's answer failed its certificate, gap {trace.Certificate.Gap}.",
                "Keep the last good table and report the snapshot: this is a defect of the solver.");
        }
        Assignment assignment = new(optimum, end.Start, trace, prices)
        {
            Contradictions = [.. LawContradictions.Of(optimum.Model), .. ContractContradictions.Of(optimum.Model)],
        };
        return new(FlowStatus.Optimal, assignment, "", "");
    }
}
