using System.Collections.Immutable;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Solve.Billing;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Files;
using TrafficDispatch.WhatIf.Results;
using TrafficDispatch.WhatIf.Sweeps;
using TrafficDispatch.WhatIf.Time;
using TrafficDispatch.WhatIf.Tradeoffs;

namespace TrafficDispatch.Service.Planning;

/// <summary>What may be asked of a case besides its difference: a day, a month, the curve against latency, where to add capacity, failures. Used by one thread.</summary>
internal sealed class CaseExtras(WhatIfQuestion question, ScenarioRunner runner, int threads, PlannerTally tally, WhatIfOutbox outbox, RunSteps steps)
{
    private readonly int _failures = question.Failures is { } asked ? FailureScenario.AllOf(runner.Snapshot.World, asked.Operators).Length : 0;

    private ScenarioStudy Study => question.Study;

    private int Pieces => question.Capacity is { } asked ? (int)Math.Ceiling(asked.Total.Value / asked.Piece.Value) : 0;

    /// <summary>Counts the steps to come.</summary>
    public void Expect() => steps.Expect(Study.Hours.Length + (Study.Month is null ? 0 : 1) + Study.Pareto.Length + Pieces + _failures);

    /// <summary>Runs all of it.</summary>
    /// <param name="of">The case.</param>
    /// <param name="both">Its comparison.</param>
    /// <param name="run">Ends it.</param>
    /// <returns>Why it cannot be run; empty otherwise.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public ImmutableArray<string> Run(StudyCase of, ScenarioComparison both, CancellationToken run)
    {
        ImmutableArray<ScenarioFault> faults = [.. Day(of.Scenario, run), .. Month(of.Scenario, run), .. Pareto(of.Scenario, run), .. Capacity(of.Scenario, run)];
        if (question.Failures is { } asked) Failures(asked, both, run);
        return [.. Study.FaultsOf(of, faults).Select(QuestionReader.Told)];
    }

    private ImmutableArray<ScenarioFault> Day(Scenario scenario, CancellationToken run) => Study.Hours.IsEmpty
        ? []
        : DayComparison.Run(runner, scenario, Study.Hours, hour =>
        {
            outbox.Post(new() { Hour = WhatIfMessages.Of(scenario.Name, hour) }, run);
            steps.Did(1, FormattableString.Invariant($"{hour.UtcHour:00}:00 UTC"));
        }, run).Faults;

    private ImmutableArray<ScenarioFault> Month(Scenario scenario, CancellationToken run)
    {
        if (Study.Month is not { } asked) return [];
        BillingPeriod period = BillingPeriod.Of(asked.Days, 60 / asked.SlotMinutes);
        (TrafficDispatch.WhatIf.Time.ScenarioMonth? month, ImmutableArray<ScenarioFault> faults) = TrafficDispatch.WhatIf.Time.ScenarioMonth.Run(
            runner, scenario, period, asked.Seed, new MonthOptions { Threads = 1 }, new Saying(steps), run);
        if (month is null) return faults;
        outbox.Post(new() { Month = WhatIfMessages.Of(scenario.Name, asked, month) }, run);
        steps.Did(1, "month");
        return [];
    }

    private ImmutableArray<ScenarioFault> Pareto(Scenario scenario, CancellationToken run)
    {
        if (Study.Pareto.IsEmpty) return [];
        (ParetoCurve? curve, ImmutableArray<ScenarioFault> faults) = ParetoCurve.Run(runner, scenario, Study.Pareto, done => steps.Did(1, FormattableString.Invariant($"point {done}")), run);
        if (curve is not null) outbox.Post(new() { Pareto = WhatIfMessages.Of(scenario.Name, curve) }, run);
        return faults;
    }

    private ImmutableArray<ScenarioFault> Capacity(Scenario scenario, CancellationToken run)
    {
        if (question.Capacity is not { } asked) return [];
        steps.Say("capacity");
        (TrafficDispatch.WhatIf.Tradeoffs.CapacityAdvice? advice, ImmutableArray<ScenarioFault> faults) = CapacitySearch.Run(runner, scenario, asked, piece =>
        {
            outbox.Post(new() { CapacityPiece = WhatIfMessages.Of(scenario.Name, piece) }, run);
            steps.Did(1, FormattableString.Invariant($"{piece.Added.Value} Gbit/s at {piece.Id}"));
        }, run);
        if (advice is null) return faults;
        outbox.Post(new() { CapacityAdvice = WhatIfMessages.Of(scenario.Name, advice) }, run);
        // It may end before all is added.
        steps.Did(Math.Max(0, Pieces - advice.Pieces.Length), "capacity");
        return [];
    }

    // From the case's own optimum: what fails there.
    private void Failures(FailureQuestion asked, ScenarioComparison both, CancellationToken run)
    {
        ScenarioRunner at = ScenarioRunner.From(both.Assignment, runner.Options);
        Dictionary<string, int> places = FailureScenario.AllOf(at.Snapshot.World, asked.Operators).Select(static (s, i) => (s.Name, i)).ToDictionary(StringComparer.Ordinal);
        steps.Expect(places.Count - _failures);
        SweepOptions options = new() { Threads = threads, Progress = progress => Settled(progress, places, run) };
        ScenarioSweep.RunFailures(at, asked.Operators, options, run);
    }

    private void Settled(SweepProgress progress, Dictionary<string, int> places, CancellationToken run)
    {
        if (progress.Last is not { } row) return;
        ScenarioCase message = new()
        {
            Name = row.Name,
            Index = (uint)places[row.Name],
            Failure = true,
            MovedMbps = row.Moved.Value,
            UnservedMoreMbps = row.UnservedMore.Value,
            Absorbed = row.IsAbsorbed,
        };
        if (row.Figures is { } figures) message.Figures = PlanMessages.Of(figures);
        message.Faults.Add(row.Faults);
        outbox.Post(new() { CaseResult = message }, run);
        tally.Tried();
        steps.Tried(isFaulty: row.Figures is null);
        steps.Did(1, row.Name);
    }

    /// <summary>Says at once, on the thread that works, what a month is at.</summary>
    private sealed class Saying(RunSteps steps) : IProgress<string>
    {
        public void Report(string value) => steps.Say(value);
    }
}
