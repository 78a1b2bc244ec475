using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Input.Studies;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Output.Sheets;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Solve.Billing;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Files;
using TrafficDispatch.WhatIf.Results;
using TrafficDispatch.WhatIf.Sweeps;
using TrafficDispatch.WhatIf.Time;
using TrafficDispatch.WhatIf.Tradeoffs;
using ScenarioMonth = TrafficDispatch.WhatIf.Time.ScenarioMonth;

namespace TrafficDispatch.Cli.Commands.Planning;

/// <summary><c>dispatch whatif</c>: what a scenario file asks, by the solver that production runs.</summary>
internal sealed class WhatIfCommand : PlannerCommand
{
    // As many as a service gives.
    private const uint MostRows = 5000;

    private readonly Argument<string> _file = new("FILE") { Description = "The scenario, YAML or JSON; - for standard input" };
    private readonly Option<string?> _resume = new("--resume") { Description = "With several cases: keep them in this file as they are done, and go on where an earlier run was cut", HelpName = "FILE" };
    private readonly Option<int> _threads = NumberOption.Whole("--threads", "N", "Cases at a time, 1 to 1024; one a processor by default", 1, 1024, Math.Min(1024, Environment.ProcessorCount));

    public WhatIfCommand(Terminal terminal)
        : base(terminal, "whatif", "Tries a scenario on a world: what changes in bills, latency, unserved traffic and room", true, "figures", "bills", "room", "regions", "edges", "cases", "hours", "month", "pareto")
    {
        Add(_file);
        Add(_resume);
        Add(_threads);
        AddCommon();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch whatif docs/samples/scenarios/bunny-gone.yaml --world data/world",
        "dispatch whatif docs/samples/scenarios/bunny-gone.yaml --world data/world --csv regions",
        "dispatch whatif docs/samples/scenarios/cable-cut-day.yaml --world data/world --json",
        "dispatch whatif docs/samples/scenarios/surge-grid.yaml --world data/world --resume grid.jsonl",
        "dispatch whatif docs/samples/scenarios/bunny-gone.yaml --address http://127.0.0.1:5051",
    ];

    /// <inheritdoc/>
    protected override string HintWhenCut(ParseResult parsed) =>
        parsed.GetValue(_resume) is { } file ? $"the cases that are done are in '{file}'; the same command goes on from there" : "";

    /// <inheritdoc/>
    protected override async Task<int> PlanAsync(ParseResult parsed, ProgressLine progress, CancellationToken budget)
    {
        if (StudyFile.Read(Terminal, parsed.GetRequiredValue(_file)) is not { } study) return ExitCode.BadInput;
        if (!IsAsking(parsed)) return Plan(parsed, study, progress, budget);
        if (parsed.GetValue(_resume) is not null) return Refuse("--resume needs --world: what a service is asked is not kept");
        return await AskAsync(parsed, new WhatIfRequest { Most = MostRows }, study, study.Name, progress, budget);
    }

    private int Plan(ParseResult parsed, ScenarioStudy study, ProgressLine progress, CancellationToken budget)
    {
        (ScenarioRunner? runner, int code) = Start(parsed, study.UtcHour, progress, budget);
        if (runner is null) return code;
        (ImmutableArray<StudyCase> cases, ImmutableArray<StudyFault> faults) = study.Cases(runner.Snapshot.World);
        foreach (StudyFault fault in faults) Terminal.WriteFault(fault.ToString());
        if (!faults.IsEmpty) return ExitCode.BadInput;
        foreach (StudyCase one in cases)
            if (one.Scenario.Apply(runner.Snapshot).Faults is { IsEmpty: false } wrong) return Refuse(study, one, wrong);
        return study.IsSweep ? Sweep(parsed, study, runner, cases, progress, budget) : Single(parsed, study, runner, cases[0], progress, budget);
    }

    private int Sweep(ParseResult parsed, ScenarioStudy study, ScenarioRunner runner, ImmutableArray<StudyCase> cases, ProgressLine progress, CancellationToken budget)
    {
        if (!study.Hours.IsEmpty || study.Month is not null || !study.Pareto.IsEmpty) return Refuse($"{study.File}:1:1: hours, month and pareto are of one case; variants and each make several");
        SweepOptions options = new()
        {
            Threads = parsed.GetValue(_threads),
            Journal = parsed.GetValue(_resume) is { } file ? new SweepJournal(file) : null,
            Progress = p => progress.Report(string.Create(CultureInfo.InvariantCulture, $"{p.Done} of {p.Of} cases")),
        };
        SweepReport report = ScenarioSweep.Run(runner, [.. cases.Select(static c => c.Scenario)], options, budget);
        progress.Dispose();
        Sheets.Write(Terminal, parsed, json =>
        {
            json.WriteString("name", study.Name);
            json.WriteNumber("utc_hour", runner.Snapshot.UtcHour);
            json.WriteNumber("resumed", report.Resumed);
            json.WriteNumber("seconds", report.Elapsed.TotalSeconds);
        }, [WhatIfSheets.Cases($"{study.Name}, worst first", report.WorstFirst()), FigureSheets.Beside("the world as it is", [("baseline", report.Baseline)])], Closing(report));
        return ExitCode.Done;
    }

    private int Single(ParseResult parsed, ScenarioStudy study, ScenarioRunner runner, StudyCase only, ProgressLine progress, CancellationToken budget)
    {
        progress.Report("solving the scenario");
        ScenarioResult result = runner.Run(only.Scenario, budget);
        if (result.Comparison is not { } change) return Refuse(study, only, result.Faults);
        List<Sheet> sheets = [FigureSheets.Change(only.Scenario.Name, change.Before, change.After), .. WhatIfSheets.Difference(change.Bills, change.Room, change.Regions, change.Edges)];
        if (OverTime(study, runner, only.Scenario, sheets, progress, budget) is { Length: > 0 } fault) return Refuse(fault);
        progress.Dispose();
        Sheets.Write(Terminal, parsed, json =>
        {
            json.WriteString("name", only.Scenario.Name);
            json.WriteNumber("utc_hour", runner.Snapshot.UtcHour);
            json.WriteStartArray("edits");
            foreach (var edit in only.Scenario.Edits) json.WriteStringValue(edit.ToString());
            json.WriteEndArray();
            json.WriteNumber("moved_gbps", change.Moved.Gbps);
            json.WriteBoolean("certified", change.Assignment.Trace.Certificate.Valid);
            json.WriteNumber("solve_ms", change.Assignment.Trace.SolveTime.TotalMilliseconds);
        }, sheets, Closing(change));
        return ExitCode.Done;
    }

    private static string OverTime(ScenarioStudy study, ScenarioRunner runner, Scenario scenario, List<Sheet> sheets, ProgressLine progress, CancellationToken budget)
    {
        if (!study.Hours.IsEmpty)
        {
            (DayComparison? day, ImmutableArray<ScenarioFault> faults) = DayComparison.Run(runner, scenario, study.Hours, h => progress.Report(string.Create(CultureInfo.InvariantCulture, $"{h.UtcHour:00}:00 UTC")), budget);
            if (day is null) return faults[0].Text;
            sheets.Add(WhatIfSheets.Hours(day.Hours));
        }
        if (study.Month is { } m)
        {
            BillingPeriod period = BillingPeriod.Of(m.Days, 60 / m.SlotMinutes);
            (ScenarioMonth? month, ImmutableArray<ScenarioFault> faults) = ScenarioMonth.Run(runner, scenario, period, m.Seed, null, progress, budget);
            if (month is null) return faults[0].Text;
            sheets.Add(WhatIfSheets.Month(month));
        }
        if (!study.Pareto.IsEmpty)
        {
            (ParetoCurve? curve, ImmutableArray<ScenarioFault> faults) = ParetoCurve.Run(runner, scenario, study.Pareto, n => progress.Report(string.Create(CultureInfo.InvariantCulture, $"point {n} of {study.Pareto.Length}")), budget);
            if (curve is null) return faults[0].Text;
            sheets.Add(WhatIfSheets.Pareto(curve.Points));
        }
        return "";
    }

    private static string Closing(ScenarioComparison change) => string.Create(CultureInfo.InvariantCulture,
        $"{change.Moved.Gbps:F2} Gbit/s moved; {(change.Assignment.Trace.Certificate.Valid ? "proved optimal" : "not proved")} by {change.Assignment.Trace.Kernel} in {change.Assignment.Trace.SolveTime.TotalMilliseconds:F0} ms{(change.Assignment.Trace.IsContinued ? ", from where the baseline ended" : "")}");

    private static string Closing(SweepReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{report.Rows.Count(static r => r.IsAbsorbed)} of {report.Rows.Length} cases shed nothing that is served today; {report.Elapsed.TotalSeconds:F1} s{(report.Resumed > 0 ? $", {report.Resumed} cases from an earlier run" : "")}");
}
