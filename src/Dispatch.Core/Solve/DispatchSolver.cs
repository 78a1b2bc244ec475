using System.Diagnostics;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Loops;

namespace TrafficDispatch.Solve;

/// <summary>
/// Snapshot in, certified assignment out: a pure function, the same for production, replay and what-if.
/// </summary>
/// <remarks>
/// Each group starts with its cheapest candidate edges. At the optimum over those, every allowed edge left out is priced with the duals
/// (column generation, Dantzig and Wolfe 1960); those that would improve join and the network is solved again, until none would. The
/// final duals then prove the optimum over all allowed edges. Thread-safe.
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
        SolveResult Inner(SolveOptions inner) => SolveWithLoops(snapshot, inner, budget);
        if (options.Objective == Objective.Reference) return SolveExactly(snapshot, options, budget);
        if (options.MinMaxSlackPercent is { } slack) return LeastUtilisation.Solve(options, slack, Inner);
        if (options.Continuity is { MoveBudgetPercent: { } percent } held) return MoveBudget.Solve(options, held, percent, Inner);
        if (!options.CrossingCaps.IsEmpty) return new CrossingCaps(snapshot, options, Inner).Solve();
        return SolveExactly(snapshot, options, budget);
    }

    private static SolveResult SolveExactly(Snapshot snapshot, SolveOptions options, CancellationToken budget)
    {
        CostModel model = ModelOf(snapshot, options);
        int perGroup = model.Options.Objective == Objective.Reference ? int.MaxValue : model.Options.Candidates;
        CandidateRows rows = CandidateRows.Cheapest(model, perGroup);
        TimeSpan spent = TimeSpan.Zero;
        long pivots = 0;
        for (int round = 1; ; round++)
        {
            long started = Stopwatch.GetTimestamp();
            DispatchNetwork network = new(model, rows);
            FlowSolution flow = FlowSolver.Solve(network.Network, FlowOptions.Default, budget);
            spent += Stopwatch.GetElapsedTime(started);
            pivots += flow.Pivots;
            if (flow.Status != FlowStatus.Optimal) return new(flow.Status, null, flow.Cause, flow.Remedy);
            TrafficPlan plan = network.Plan(flow);
            DualPrices prices = DualPrices.Of(network, flow, plan);
            CandidateRows wider = rows.WithImproving(model, prices.Groups, prices.Entry, out int added);
            if (added == 0)
                return Certified(plan, rows, new(flow.Objective + network.Constant, flow.Kernel, round, rows.Count, pivots, spent, Check(network, flow)), prices);
            rows = wider;
        }
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

    private static OptimalityCertificate Check(DispatchNetwork network, FlowSolution flow) =>
        OptimalityCertificate.Check(network.Network, flow.Flow, flow.Potentials);

    private static SolveResult Certified(TrafficPlan optimum, CandidateRows rows, SolveTrace trace, DualPrices prices)
    {
        if (!trace.Certificate.Valid)
        {
            return new(FlowStatus.RejectedInput, null, $"The solver's answer failed its certificate, gap {trace.Certificate.Gap}.",
                "Keep the last good table and report the snapshot: this is a defect of the solver.");
        }
        Assignment assignment = new(optimum, rows, trace, prices)
        {
            Contradictions = [.. LawContradictions.Of(optimum.Model), .. ContractContradictions.Of(optimum.Model)],
        };
        return new(FlowStatus.Optimal, assignment, "", "");
    }
}
