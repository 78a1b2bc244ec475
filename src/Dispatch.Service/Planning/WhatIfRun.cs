using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Files;
using TrafficDispatch.WhatIf.Results;

namespace TrafficDispatch.Service.Planning;

/// <summary>One run from the question to the last result. Used by one thread, which has others help it.</summary>
/// <param name="question">What is asked.</param>
/// <param name="cases">Its cases on the world of the facts.</param>
/// <param name="facts">What everything is held against.</param>
/// <param name="baseline">Makes the baseline.</param>
/// <param name="threads">How many threads it may keep busy.</param>
/// <param name="tally">Counts cases.</param>
/// <param name="outbox">Where results go.</param>
/// <param name="steps">How far it is.</param>
internal sealed class WhatIfRun(
    WhatIfQuestion question, ImmutableArray<StudyCase> cases, SolvedFacts facts, PlannerBaseline baseline, int threads, PlannerTally tally, WhatIfOutbox outbox, RunSteps steps)
{
    private ScenarioStudy Study => question.Study;

    /// <summary>Runs it.</summary>
    /// <returns>Why it cannot be run to its end: faults of the scenario that a world or a solve shows; empty otherwise.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public ImmutableArray<string> Run(CancellationToken run)
    {
        steps.Expect(cases.Length);
        steps.Say("baseline");
        ScenarioRunner runner = baseline.Of(facts, Study.UtcHour, run);
        outbox.Post(new() { Started = Started(runner) }, run);
        if (!Study.IsSweep) return Single(runner, run);
        Sweep(runner, run);
        return [];
    }

    private ImmutableArray<string> Single(ScenarioRunner runner, CancellationToken run)
    {
        CaseExtras extras = new(question, runner, threads, tally, outbox, steps);
        extras.Expect();
        ScenarioResult result = runner.Run(cases[0].Scenario, run);
        if (result.Comparison is not { } both) return [.. Study.FaultsOf(cases[0], result.Faults).Select(QuestionReader.Told)];
        Post(0, result, run);
        ScenarioDifference difference = DifferenceMessages.Of(cases[0].Scenario.Name, both, question.Most);
        if (question.Baselines) DifferenceMessages.AddBaselines(difference, runner, both);
        outbox.Post(new() { Difference = difference }, run);
        return extras.Run(cases[0], both, run);
    }

    // A case that cannot be applied is told as such; the others go on.
    private void Sweep(ScenarioRunner runner, CancellationToken run) => PlannerThreads.ForEach(cases.Length, threads, i => Post(i, runner.Run(cases[i].Scenario, run), run));

    private void Post(int index, ScenarioResult result, CancellationToken run)
    {
        ScenarioCase message = new() { Name = result.Scenario.Name, Index = (uint)index };
        if (result.Comparison is { } both) Fill(message, both);
        else message.Faults.Add(Study.FaultsOf(cases[index], result.Faults).Select(QuestionReader.Told));
        outbox.Post(new() { CaseResult = message }, run);
        tally.Tried();
        steps.Tried(isFaulty: result.Comparison is null);
        steps.Did(1, message.Name);
    }

    private static void Fill(ScenarioCase message, ScenarioComparison both)
    {
        message.Figures = PlanMessages.Of(both.After);
        message.MovedMbps = both.Moved.Value;
        message.UnservedMoreMbps = (both.After.Unserved - both.Before.Unserved).Value;
        message.Absorbed = both.Assignment.Optimum.UnservedCharge() <= both.Baseline.Optimum.UnservedCharge();
    }

    private WhatIfStarted Started(ScenarioRunner runner)
    {
        World world = runner.Snapshot.World;
        return new()
        {
            TableEpoch = (ulong)facts.Version.Epoch,
            TableVersion = (ulong)facts.Version.Number,
            WorldVersion = world.Version,
            UtcHour = (uint)runner.Snapshot.UtcHour,
            SolvedAt = Timestamp.FromDateTimeOffset(facts.SolvedAt),
            Baseline = PlanMessages.Of(runner.BaselineFigures),
            Cases = (uint)cases.Length,
            Regions = (uint)world.Regions.Length,
            Edges = (uint)world.Edges.Length,
        };
    }
}
