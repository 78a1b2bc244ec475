using TrafficDispatch.Model;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf;

namespace TrafficDispatch.Service.Planning;

/// <summary>
/// Makes what scenarios are held against: the optimum on the facts of the last table, as if no plan were in force. A cycle's plan owes something to the one
/// before (moves cost, edges fill up slowly); a planner asks where things come to rest. Thread-safe.
/// </summary>
/// <remarks>
/// The last one made is remembered for the next question about the same facts and hour, but only weakly: memory that the process needs for serving is given
/// back.
/// </remarks>
internal sealed class PlannerBaseline(SolveSettings settings)
{
    private readonly WeakReference<Made> _last = new(null!);

    /// <summary>The baseline of an hour.</summary>
    /// <param name="facts">The last optimum.</param>
    /// <param name="utcHour">The hour, 0 to 23; null for that of the facts.</param>
    /// <param name="run">Ends it.</param>
    /// <exception cref="OperationCanceledException">The run is over.</exception>
    /// <exception cref="InvalidOperationException">There is no optimum at that hour; the message says why.</exception>
    public ScenarioRunner Of(SolvedFacts facts, int? utcHour, CancellationToken run)
    {
        Snapshot snapshot = facts.Assignment.Snapshot;
        int hour = utcHour ?? snapshot.UtcHour;
        SolveOptions options = SolveRules.Free(settings);
        if (hour == snapshot.UtcHour && facts.Assignment.Model.Options.Continuity is null) return ScenarioRunner.From(facts.Assignment, options);
        if (_last.TryGetTarget(out Made? made) && ReferenceEquals(made.Snapshot, snapshot) && made.Hour == hour) return made.Runner;
        ScenarioRunner runner = ScenarioRunner.Start(snapshot with { UtcHour = hour }, options with { StartingPoint = facts.Assignment.StartingPoint }, run);
        // From its own end and not from the plan in force: that is where its scenarios begin.
        runner = ScenarioRunner.From(runner.Baseline, options);
        _last.SetTarget(new(snapshot, hour, runner));
        return runner;
    }

    private sealed record Made(Snapshot Snapshot, int Hour, ScenarioRunner Runner);
}
