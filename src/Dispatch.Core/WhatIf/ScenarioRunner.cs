using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;
using TrafficDispatch.WhatIf.Results;

namespace TrafficDispatch.WhatIf;

/// <summary>
/// Answers "what if?" with the very solver that production runs: solves the baseline once, then each scenario from where the baseline ended, and
/// compares.
/// </summary>
/// <remarks>Thread-safe; scenarios may run side by side. Of several optima that are as good, the one that is found is near the baseline's, as a solve from there comes upon it.</remarks>
public sealed class ScenarioRunner
{
    private ScenarioRunner(Snapshot snapshot, SolveOptions options, Assignment baseline)
    {
        (Snapshot, Options, Baseline) = (snapshot, options, baseline);
        BaselineFigures = PlanFigures.Of(baseline.Optimum);
    }

    /// <summary>What is changed by scenarios.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>How everything is solved: as the baseline, and from where it ended.</summary>
    public SolveOptions Options { get; }

    /// <summary>The optimum without any change.</summary>
    public Assignment Baseline { get; }

    /// <summary>The baseline's figures.</summary>
    public PlanFigures BaselineFigures { get; }

    /// <summary>The optimum without any change beside the simpler rules on the same input. Summed up at each call, O(groups × edges).</summary>
    public OptimumReport ReportBefore() => OptimumReport.Of(Baseline);

    /// <summary>Solves the baseline.</summary>
    /// <param name="snapshot">What to change later.</param>
    /// <param name="options">How to solve; defaults where null. Give <see cref="SolveOptions.StartingPoint"/> to begin where production ended.</param>
    /// <param name="budget">Ends it.</param>
    /// <exception cref="OperationCanceledException">The budget ended first.</exception>
    /// <exception cref="InvalidOperationException">The baseline has no optimum; the message says why.</exception>
    public static ScenarioRunner Start(Snapshot snapshot, SolveOptions? options = null, CancellationToken budget = default)
    {
        SolveOptions how = options ?? SolveOptions.Default;
        SolveResult result = DispatchSolver.Solve(snapshot, how, budget);
        if (result.Status == FlowStatus.BudgetEnded) throw new OperationCanceledException(result.Cause, budget);
        if (result.Assignment is null) throw new InvalidOperationException($"The baseline cannot be solved: {result.Cause} {result.Remedy}");
        return From(result.Assignment, how);
    }

    /// <summary>Takes an optimum that is there already for the baseline.</summary>
    /// <param name="baseline">The optimum.</param>
    /// <param name="options">How it was solved.</param>
    public static ScenarioRunner From(Assignment baseline, SolveOptions options)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(options);
        return new(baseline.Snapshot, options with { StartingPoint = baseline.StartingPoint }, baseline);
    }

    /// <summary>Solves a scenario and compares it with the baseline.</summary>
    /// <returns>The comparison, or every fault of the scenario.</returns>
    /// <exception cref="OperationCanceledException">The budget ended first.</exception>
    public ScenarioResult Run(Scenario scenario, CancellationToken budget = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        (Snapshot? changed, ImmutableArray<ScenarioFault> faults) = scenario.Apply(Snapshot);
        if (changed is null) return new(scenario, null, faults);
        SolveResult result = DispatchSolver.Solve(changed, For(changed.World), budget);
        if (result.Status == FlowStatus.BudgetEnded) throw new OperationCanceledException(result.Cause, budget);
        return result.Assignment is null
            ? new(scenario, null, [new(-1, $"{result.Status}: {result.Cause} {result.Remedy}")])
            : new(scenario, ScenarioComparison.Of(Baseline, result.Assignment, BaselineFigures), []);
    }

    // Edits put edges and contracts behind those that are there, and take none away but by ending a contract.
    private SolveOptions For(World changed)
    {
        World world = Snapshot.World;
        int edges = changed.Edges.Length - world.Edges.Length, contracts = changed.Facts.Contracts.Length - world.Facts.Contracts.Length;
        return contracts < 0 ? Options : Options with { StartingPoint = Options.StartingPoint?.WithMore(world, edges, contracts) };
    }
}

/// <summary>The outcome of one scenario.</summary>
/// <param name="Scenario">What was tried.</param>
/// <param name="Comparison">What came of it; null where the scenario could not be applied or solved.</param>
/// <param name="Faults">Why it could not; empty otherwise.</param>
public sealed record ScenarioResult(Scenario Scenario, ScenarioComparison? Comparison, ImmutableArray<ScenarioFault> Faults);
