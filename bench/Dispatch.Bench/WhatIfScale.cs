using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Results;
using TrafficDispatch.WhatIf.Sweeps;

namespace TrafficDispatch.Bench;

/// <summary>How long single questions take, from where the baseline ended beside from nothing, with all of the difference read; and a sweep of every failure.</summary>
internal sealed class WhatIfScale(World world, int rounds)
{
    private static readonly Scenario[] Questions =
    [
        Scenario.Named("nothing changes"),
        Scenario.Named("an edge fails").With(new WhatIf.Edits.TakeOutEdit(new(TargetKind.Edge, "0"), HealthState.Down)),
        Scenario.Named("an operator fails").With(new WhatIf.Edits.TakeOutEdit(new(TargetKind.Operator, "0"), HealthState.Down)),
        Scenario.Named("demand up a tenth").Surge("all", 1.1),
        Scenario.Named("a new edge").With(new WhatIf.Edits.AddEdgeEdit("new", "0", new(100))),
        Scenario.Named("round trips of an operator +20 ms").With(new WhatIf.Edits.RttEdit(ScenarioTarget.Parse("all"), new(TargetKind.Operator, "0"), 1, new(20))),
        Scenario.Named("a millisecond worth double").Weigh(2),
    ];

    /// <summary>Runs <c>whatif [GROUPS EDGES [ROUNDS [sweep]]]</c>, or <c>whatif FOLDER [ROUNDS [sweep]]</c>.</summary>
    public static int Run(string[] args)
    {
        bool isFolder = args.Length > 0 && Directory.Exists(args[0]);
        int[] numbers = [.. args.Skip(isFolder ? 1 : 0).Where(static a => a != "sweep").Select(static a => int.Parse(a, CultureInfo.InvariantCulture))];
        World world = isFolder ? Model.Files.WorldFolder.Load(args[0], Model.Files.WorldParts.Network).World ?? throw new InvalidOperationException($"{args[0]} does not load.")
            : MadeWorld.Create(numbers.ElementAtOrDefault(0) is > 0 and int g ? g : 50_000, numbers.ElementAtOrDefault(1) is > 0 and int e ? e : 2_000, features: true);
        new WhatIfScale(world, numbers.ElementAtOrDefault(isFolder ? 0 : 2) is > 0 and int r ? r : 3).Compare(args.Contains("sweep"));
        return 0;
    }

    private void Compare(bool sweeps)
    {
        Snapshot snapshot = new(world, Snapshot.DefaultUtcHour);
        long started = Stopwatch.GetTimestamp();
        ScenarioRunner runner = ScenarioRunner.Start(snapshot);
        Say($"{runner.Baseline.Model.Groups.Count} groups, {world.Edges.Length} edges; the baseline took {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; medians of {rounds}\n\n| question | answered, ms | from nothing, ms | ÷ | same optimum |\n| --- | --- | --- | --- | --- |");
        foreach (Scenario question in Questions.Select(Named))
        {
            Samples warm = new(), cold = new();
            bool isSame = true;
            for (int i = 0; i <= rounds; i++)
            {
                long at = Stopwatch.GetTimestamp();
                Assignment answer = Read(runner.Run(question).Comparison!);
                double ms = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
                at = Stopwatch.GetTimestamp();
                Assignment alone = DispatchSolver.Solve(question.Apply(snapshot).Snapshot!).Assignment!;
                Read(ScenarioComparison.Of(runner.Baseline, alone));
                double whole = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
                isSame &= answer.Trace.Objective == alone.Trace.Objective;
                if (i == 0) continue; // compiled on the way
                warm.Add(ms);
                cold.Add(whole);
            }
            Say($"| {question.Name} | {warm.Median:F0} | {cold.Median:F0} | {cold.Median / warm.Median:F1} | {isSame} |");
        }
        if (!sweeps) return;
        int heard = 0;
        SweepReport report = ScenarioSweep.RunFailures(runner, operators: false, new SweepOptions { Progress = _ => heard++ });
        Say($"\nEvery domain and edge fails: {report.Rows.Length} cases in {report.Elapsed.TotalSeconds:F0} s, {report.Elapsed.TotalMilliseconds / report.Rows.Length:F0} ms each, {heard} times told of.");
    }

    // The first edge and the largest operator stand in for those of the list.
    private Scenario Named(Scenario question)
    {
        string edge = world.Edges[0].Id, largest = world.Edges.GroupBy(static e => e.Operator, StringComparer.Ordinal).MaxBy(static g => g.Count())!.Key;
        return question with
        {
            Edits = [.. question.Edits.Select(edit => edit switch
            {
                WhatIf.Edits.TakeOutEdit t => t with { Target = t.Target with { Id = t.Target.Kind == TargetKind.Edge ? edge : largest } },
                WhatIf.Edits.AddEdgeEdit a => a with { LikeId = edge },
                WhatIf.Edits.RttEdit r => r with { Edges = r.Edges with { Id = largest } },
                _ => edit,
            })],
        };
    }

    private static Assignment Read(ScenarioComparison of)
    {
        GC.KeepAlive((of.Bills.Length, of.Regions.Length, of.Room.Length, of.Edges.Length));
        return of.Assignment;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
