using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;

namespace TrafficDispatch.WhatIf;

/// <summary>
/// Answers "what if?" with the very solver that production runs: solves the baseline once, then each scenario, and compares.
/// </summary>
/// <remarks>Thread-safe; scenarios may run side by side.</remarks>
public sealed class ScenarioRunner
{
    private readonly Snapshot _snapshot;
    private readonly SolveOptions _options;

    private ScenarioRunner(Snapshot snapshot, SolveOptions options, Assignment baseline)
    {
        (_snapshot, _options) = (snapshot, options);
        Baseline = baseline;
        BaselineFigures = PlanFigures.Of(baseline.Optimum);
    }

    /// <summary>The optimum without any change.</summary>
    public Assignment Baseline { get; }

    /// <summary>The baseline's figures.</summary>
    public PlanFigures BaselineFigures { get; }

    /// <summary>The optimum without any change beside the simpler rules on the same input. Summed up at each call, O(groups × edges).</summary>
    public OptimumReport ReportBefore() => OptimumReport.Of(Baseline);

    /// <summary>Solves the baseline.</summary>
    /// <exception cref="OperationCanceledException">The budget ended first.</exception>
    /// <exception cref="InvalidOperationException">The baseline has no optimum; the message says why.</exception>
    public static ScenarioRunner Start(Snapshot snapshot, SolveOptions? options = null, CancellationToken budget = default)
    {
        SolveResult result = DispatchSolver.Solve(snapshot, options, budget);
        if (result.Status == FlowStatus.BudgetEnded) throw new OperationCanceledException(result.Cause, budget);
        if (result.Assignment is null) throw new InvalidOperationException($"The baseline cannot be solved: {result.Cause} {result.Remedy}");
        return new(snapshot, options ?? SolveOptions.Default, result.Assignment);
    }

    /// <summary>Solves a scenario and compares it with the baseline.</summary>
    /// <returns>The comparison, or every fault of the scenario.</returns>
    public ScenarioResult Run(Scenario scenario, CancellationToken budget = default)
    {
        (Snapshot? changed, ImmutableArray<string> faults) = scenario.Apply(_snapshot);
        if (changed is null) return new(scenario, null, faults);
        SolveResult result = DispatchSolver.Solve(changed, _options, budget);
        return result.Assignment is null
            ? new(scenario, null, [$"{result.Status}: {result.Cause} {result.Remedy}"])
            : new(scenario, ScenarioComparison.Of(Baseline, result.Assignment), []);
    }
}

/// <summary>The outcome of one scenario.</summary>
/// <param name="Scenario">What was tried.</param>
/// <param name="Comparison">What came of it; null where the scenario could not be applied or solved.</param>
/// <param name="Faults">Why it could not; empty otherwise.</param>
public sealed record ScenarioResult(Scenario Scenario, ScenarioComparison? Comparison, ImmutableArray<string> Faults);
