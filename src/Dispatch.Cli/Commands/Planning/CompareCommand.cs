using System.CommandLine;
using System.Globalization;
using TrafficDispatch.Cli.Input.Studies;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Output.Sheets;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Files;
using TrafficDispatch.WhatIf.Results;

namespace TrafficDispatch.Cli.Commands.Planning;

/// <summary><c>dispatch compare</c>: several scenarios side by side on the same world and hour.</summary>
internal sealed class CompareCommand : PlannerCommand
{
    private const string Today = "today";

    private readonly Argument<string[]> _files = new("FILE") { Description = "Scenarios, YAML or JSON, one case each", Arity = ArgumentArity.OneOrMore };

    public CompareCommand(Terminal terminal)
        : base(terminal, "compare", "Puts scenarios side by side: figures and bills, the world as it is first", false, "figures", "bills", "cases")
    {
        Add(_files);
        AddCommon();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch compare docs/samples/scenarios/bunny-gone.yaml docs/samples/scenarios/warsaw.yaml --world data/world",
        "dispatch compare docs/samples/scenarios/bunny-gone.yaml docs/samples/scenarios/warsaw.yaml --world data/world --csv bills",
    ];

    /// <inheritdoc/>
    protected override Task<int> PlanAsync(ParseResult parsed, ProgressLine progress, CancellationToken budget) => Task.FromResult(Plan(parsed, progress, budget));

    private int Plan(ParseResult parsed, ProgressLine progress, CancellationToken budget)
    {
        ScenarioStudy?[] studies = [.. parsed.GetRequiredValue(_files).Select(file => StudyFile.Read(Terminal, file))];
        if (studies.Contains(null)) return ExitCode.BadInput;
        (ScenarioRunner? runner, int code) = Start(parsed, studies.Select(static s => s!.UtcHour).FirstOrDefault(static h => h is not null), progress, budget);
        if (runner is null) return code;
        List<ScenarioComparison> changes = [];
        List<string> names = [];
        foreach (ScenarioStudy study in studies.OfType<ScenarioStudy>())
        {
            if (OnlyCase(study, runner.Snapshot.World) is not { } only) return ExitCode.BadInput;
            string name = names.Contains(only.Scenario.Name) || only.Scenario.Name == Today ? $"{only.Scenario.Name} ({study.File})" : only.Scenario.Name;
            progress.Report(name);
            ScenarioResult result = runner.Run(only.Scenario, budget);
            if (result.Comparison is not { } change) return Refuse(study, only, result.Faults);
            changes.Add(change);
            names.Add(name);
        }
        progress.Dispose();
        (string Name, PlanFigures Figures)[] plans = [(Today, runner.BaselineFigures), .. changes.Select((c, i) => (names[i], c.After))];
        Sheets.Write(Terminal, parsed, json => json.WriteNumber("utc_hour", runner.Snapshot.UtcHour), [FigureSheets.Beside("side by side", plans), Bills(names, changes), Cases(names, changes)], "");
        return ExitCode.Done;
    }

    private static Sheet Bills(List<string> names, List<ScenarioComparison> changes)
    {
        IEnumerable<(BillKind Kind, string Id)> bills = changes.SelectMany(static c => c.Bills).OrderByDescending(static b => Int128.Abs(b.Change)).Select(static b => (b.Kind, b.Id)).Distinct();
        (SheetColumn, Func<(BillKind Kind, string Id), object?>)[] columns =
        [
            (new("kind", "bill of"), static b => b.Kind == BillKind.Contract ? "contract" : "operator"), (new("id", "id"), static b => b.Id),
            (new(Today, Today, 2), b => Usd(Find(changes[0], b)?.MicroUsdPerHourBefore)),
            .. names.Select((name, i) => (new SheetColumn(name, name, 2), new Func<(BillKind Kind, string Id), object?>(b => Usd(Find(changes[i], b)?.MicroUsdPerHourAfter)))),
        ];
        return Sheet.Of("bills", "bills, USD an hour at the margin", bills, columns);
    }

    private static Sheet Cases(List<string> names, List<ScenarioComparison> changes) => Sheet.Of("cases", "what moves", changes.Select((c, i) => (Name: names[i], Change: c)),
        (new("case", "scenario"), static r => r.Name),
        (new("moved_gbps", "moved, Gbit/s", 2), static r => r.Change.Moved.Gbps),
        (new("regions_changed", "regions changed"), static r => (long)r.Change.Regions.Length),
        (new("full_edges", "full edges"), static r => (long)r.Change.Room.Count(static x => x is { Kind: RoomKind.Edge, After.IsFull: true })),
        (new("solve_ms", "solve, ms", 0), static r => r.Change.Assignment.Trace.SolveTime.TotalMilliseconds));

    private static BillChange? Find(ScenarioComparison change, (BillKind Kind, string Id) bill) => change.Bills.FirstOrDefault(b => b.Kind == bill.Kind && b.Id == bill.Id);

    private static double? Usd(Int128? micro) => micro is { } m ? double.Parse(m.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) / 1e6 : null;
}
