using System.Collections.Immutable;
using System.Diagnostics;
using TrafficDispatch.Solve.Failure;

namespace TrafficDispatch.WhatIf.Sweeps;

/// <summary>Tries many scenarios on one baseline, or every failure of its world.</summary>
/// <remarks>
/// Can be cancelled at any case and, with a journal, taken up again where it ended. Every row is an optimum of its own and does not depend on the others, on
/// threads or on where a run was cut; of several optima that are as good, another may be found.
/// </remarks>
public static class ScenarioSweep
{
    /// <summary>Tries scenarios, each a solve of its own from where the baseline ended.</summary>
    /// <param name="runner">Holds the baseline.</param>
    /// <param name="scenarios">What to try; names differ.</param>
    /// <param name="options">How; defaults where null.</param>
    /// <param name="cancellation">Ends it; what is done is in the journal.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="SweepJournalException">The journal is of another sweep, damaged, or cannot be written.</exception>
    public static SweepReport Run(ScenarioRunner runner, IReadOnlyList<Scenario> scenarios, SweepOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(scenarios);
        options ??= new();
        long started = Stopwatch.GetTimestamp();
        SweepTally tally = new(options, SweepFingerprint.Of(runner, scenarios), [.. scenarios.Select(static s => s.Name)]);
        IReadOnlySet<string> done = tally.Done;
        ParallelOptions threads = new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(scenarios.Where(s => !done.Contains(s.Name)), threads, scenario => tally.Add(SweepRow.Of(runner.Run(scenario, cancellation))));
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.All(static i => i is OperationCanceledException))
        {
            throw new OperationCanceledException("The sweep was cancelled.", e, cancellation);
        }
        return new(runner.BaselineFigures, tally.Rows(), tally.Resumed, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Lets every fault domain, every edge and, if asked for, every operator fail: warm re-solves of one network, many times faster than a solve each.</summary>
    /// <param name="runner">Holds the baseline.</param>
    /// <param name="operators">True to let whole operators fail, too.</param>
    /// <param name="options">How; defaults where null.</param>
    /// <param name="cancellation">Ends it; what is done is in the journal.</param>
    /// <inheritdoc cref="Run"/>
    public static SweepReport RunFailures(ScenarioRunner runner, bool operators, SweepOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        options ??= new();
        long started = Stopwatch.GetTimestamp();
        ImmutableArray<string> names = [.. FailureScenario.AllOf(runner.Snapshot.World, operators).Select(static s => s.Name)];
        SweepTally tally = new(options, SweepFingerprint.OfFailures(runner, operators), names);
        IReadOnlySet<string> done = tally.Done;
        if (done.Count < names.Length)
        {
            FailureOptions how = new()
            {
                Operators = operators,
                Fixes = false,
                Threads = options.Threads,
                Except = done,
                Settled = outcome => tally.Add(RowOf(runner, outcome)),
            };
            FailureSweep.Run(runner.Baseline, how, null, cancellation);
        }
        return new(runner.BaselineFigures, tally.Rows(), tally.Resumed, Stopwatch.GetElapsedTime(started));
    }

    private static SweepRow RowOf(ScenarioRunner runner, FailureOutcome outcome) => new(
        outcome.Scenario.Name, Solve.PlanFigures.Of(outcome.Diff.ApplyTo(runner.Baseline.Optimum)), outcome.Moved, outcome.Unserved - runner.BaselineFigures.Unserved, outcome.IsAbsorbed, []);
}
