using System.CommandLine;
using System.Globalization;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Input.Studies;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Output.Sheets;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Files;
using TrafficDispatch.WhatIf.Sweeps;

namespace TrafficDispatch.Cli.Commands.Planning;

/// <summary><c>dispatch sweep</c>: every fault domain and every edge fails once, with progress, and can be taken up again.</summary>
internal sealed class SweepCommand : PlannerCommand
{
    private readonly Argument<string?> _file = new("FILE") { Description = "A scenario that holds in every case, YAML or JSON; by default the world as it is", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _operators = new("--operators") { Description = "Let whole operators fail, too" };
    private readonly Option<string?> _resume = new("--resume") { Description = "Keep the cases in this file as they are done, and go on where an earlier run was cut", HelpName = "FILE" };
    private readonly Option<int> _threads = NumberOption.Whole("--threads", "N", "Threads, 1 to 1024; one a processor by default; no figure depends on it", 1, 1024, Math.Min(1024, Environment.ProcessorCount));

    public SweepCommand(Terminal terminal)
        : base(terminal, "sweep", "Lets every fault domain and every edge fail once, worst first; can be cut and taken up again", true, "cases", "figures")
    {
        Add(_file);
        Add(_operators);
        Add(_resume);
        Add(_threads);
        AddCommon();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch sweep --world data/world",
        "dispatch sweep --world data/world --operators --resume failures.jsonl --csv cases",
        "dispatch sweep docs/samples/scenarios/bunny-gone.yaml --world data/world --top 5",
    ];

    /// <inheritdoc/>
    protected override string HintWhenCut(ParseResult parsed) => parsed.GetValue(_resume) is { } file
        ? $"the cases that are done are in '{file}'; the same command goes on from there"
        : "with --resume FILE a run that is cut can be taken up again";

    /// <inheritdoc/>
    protected override async Task<int> PlanAsync(ParseResult parsed, ProgressLine progress, CancellationToken budget)
    {
        ScenarioStudy? study = null;
        if (parsed.GetValue(_file) is { } file && (study = StudyFile.Read(Terminal, file)) is null) return ExitCode.BadInput;
        if (!IsAsking(parsed)) return Plan(parsed, study, progress, budget);
        if (parsed.GetValue(_resume) is not null) return Refuse("--resume needs --world: what a service is asked is not kept");
        WhatIfRequest request = new() { Failures = new FailureQuestion { Operators = parsed.GetValue(_operators) } };
        return await AskAsync(parsed, request, study, "failures", progress, budget);
    }

    private int Plan(ParseResult parsed, ScenarioStudy? study, ProgressLine progress, CancellationToken budget)
    {
        (ScenarioRunner? runner, int code) = Start(parsed, study?.UtcHour, progress, budget);
        if (runner is null) return code;
        if (study is not null)
        {
            if (OnlyCase(study, runner.Snapshot.World) is not { } only) return ExitCode.BadInput;
            progress.Report("solving the scenario");
            ScenarioResult result = runner.Run(only.Scenario, budget);
            if (result.Comparison is not { } change) return Refuse(study, only, result.Faults);
            runner = ScenarioRunner.From(change.Assignment, runner.Options);
        }
        SweepOptions options = new()
        {
            Threads = parsed.GetValue(_threads),
            Journal = parsed.GetValue(_resume) is { } journal ? new SweepJournal(journal) : null,
            Progress = p => progress.Report(string.Create(CultureInfo.InvariantCulture, $"{p.Done} of {p.Of} failures")),
        };
        SweepReport report = ScenarioSweep.RunFailures(runner, parsed.GetValue(_operators), options, budget);
        progress.Dispose();
        Sheets.Write(Terminal, parsed, json =>
        {
            json.WriteNumber("utc_hour", runner.Snapshot.UtcHour);
            json.WriteNumber("absorbed", report.Rows.Count(static r => r.IsAbsorbed));
            json.WriteNumber("resumed", report.Resumed);
            json.WriteNumber("seconds", report.Elapsed.TotalSeconds);
        }, [WhatIfSheets.Cases("failures, worst first", report.WorstFirst()), FigureSheets.Beside("without a failure", [("baseline", report.Baseline)])], Closing(report));
        return ExitCode.Done;
    }

    private static string Closing(SweepReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{report.Rows.Count(static r => r.IsAbsorbed)} of {report.Rows.Length} failures absorbed, in {report.Elapsed.TotalSeconds:F1} s{(report.Resumed > 0 ? $", {report.Resumed} of them from an earlier run" : "")}; what would fix the others: `dispatch n1`");
}
