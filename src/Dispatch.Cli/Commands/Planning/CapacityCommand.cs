using System.Collections.Immutable;
using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Input.Studies;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Output.Sheets;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Files;
using Library = TrafficDispatch.WhatIf.Tradeoffs;

namespace TrafficDispatch.Cli.Commands.Planning;

/// <summary><c>dispatch capacity</c>: where to add Gbit/s, and what each would bring.</summary>
internal sealed class CapacityCommand : PlannerCommand
{
    private readonly Argument<string?> _file = new("FILE") { Description = "A scenario that holds besides, YAML or JSON; by default the world as it is", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<double?> _total = NumberOption.Real("--gbps", "G", "How much may be added in all, Gbit/s; by default 500", aboveZero: true);
    private readonly Option<double?> _piece = NumberOption.Real("--piece", "G", "The piece that is added at a time, Gbit/s; by default a tenth of all", aboveZero: true);
    private readonly Option<int> _tried = NumberOption.Whole("--tried", "N", "Places that each piece is tried at, those where room is worth most", 1, 1000, 6);
    private readonly Option<double?> _price = NumberOption.Real("--usd-per-gbps-month", "USD", "What a Gbit/s more costs a month; a piece that saves less is not added", aboveZero: false);
    private readonly Option<string[]> _at = new("--at")
    {
        Description = "Only add at these: edge:ID, operator:ID, domain:ID, site:CODE",
        HelpName = "KIND:ID",
        AllowMultipleArgumentsPerToken = true,
    };

    public CapacityCommand(Terminal terminal)
        : base(terminal, "capacity", "Finds where more capacity does most, a piece at a time", true, "pieces", "places", "figures")
    {
        Add(_file);
        Add(_total);
        Add(_piece);
        Add(_tried);
        Add(_price);
        Add(_at);
        AddCommon();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch capacity --world data/world --gbps 200 --piece 50",
        "dispatch capacity docs/samples/scenarios/surge.yaml --world data/world --at operator:own --usd-per-gbps-month 400",
    ];

    /// <inheritdoc/>
    protected override async Task<int> PlanAsync(ParseResult parsed, ProgressLine progress, CancellationToken budget)
    {
        if (!TryReadPlaces(parsed, out ImmutableArray<ScenarioTarget> at)) return ExitCode.BadInput;
        ScenarioStudy? study = null;
        if (parsed.GetValue(_file) is { } file && (study = StudyFile.Read(Terminal, file)) is null) return ExitCode.BadInput;
        double total = parsed.GetValue(_total) ?? 500;
        Library.CapacityQuestion question = new()
        {
            Total = new(total),
            Piece = new(parsed.GetValue(_piece) ?? total / 10),
            Tried = parsed.GetValue(_tried),
            UsdPerGbpsMonth = parsed.GetValue(_price) ?? 0,
            At = at,
        };
        if (!IsAsking(parsed)) return Plan(parsed, study, question, progress, budget);
        WhatIfRequest request = new()
        {
            Capacity = new()
            {
                TotalMbps = question.Total.ToMbps().Value,
                PieceMbps = question.Piece.ToMbps().Value,
                Tried = (uint)question.Tried,
                MicroUsdPerGbpsMonth = (long)Math.Min(question.UsdPerGbpsMonth * 1e6, 1e18),
                At = { at.Select(static t => t.ToString()) },
            },
        };
        return await AskAsync(parsed, request, study, study?.Name ?? "the plan in force", progress, budget);
    }

    private int Plan(ParseResult parsed, ScenarioStudy? study, Library.CapacityQuestion question, ProgressLine progress, CancellationToken budget)
    {
        (ScenarioRunner? runner, int code) = Start(parsed, study?.UtcHour, progress, budget);
        if (runner is null) return code;
        StudyCase? only = study is null ? new(Scenario.Named("the world as it is"), []) : OnlyCase(study, runner.Snapshot.World);
        if (only is null) return ExitCode.BadInput;
        if (question.At.FirstOrDefault(t => !runner.Snapshot.World.Edges.Any(t.Covers)) is { Id.Length: > 0 } unknown) return Refuse($"--at is '{unknown}'; the world holds no such edge, operator, domain or site");
        progress.Report("looking for the first piece");
        (Library.CapacityAdvice? advice, ImmutableArray<ScenarioFault> faults) = Library.CapacitySearch.Run(runner, only.Scenario, question, p => progress.Report($"{p.Id} gets a piece"), budget);
        if (advice is null) return study is null ? Refuse(faults[0].Text) : Refuse(study, only, faults);
        progress.Dispose();
        Sheets.Write(Terminal, parsed, json =>
        {
            json.WriteNumber("utc_hour", runner.Snapshot.UtcHour);
            json.WriteNumber("added_gbps", advice.Pieces.Sum(static p => p.Added.Value));
            json.WriteString("stopped", advice.Stopped);
        }, [WhatIfSheets.Pieces(advice.Pieces), WhatIfSheets.Places(advice.ByPlace), FigureSheets.Change(only.Scenario.Name, advice.Start, advice.Pieces.IsEmpty ? advice.Start : advice.Pieces[^1].After)], advice.Stopped);
        return ExitCode.Done;
    }

    private bool TryReadPlaces(ParseResult parsed, out ImmutableArray<ScenarioTarget> at)
    {
        List<ScenarioTarget> read = [];
        bool isSound = true;
        foreach (string text in parsed.GetValue(_at) ?? [])
        {
            if (ScenarioTarget.TryParse(text, out ScenarioTarget target) && target.NamesEdges) read.Add(target);
            else
            {
                isSound = false;
                Terminal.WriteFault($"--at is '{text}'; it must be edge:ID, operator:ID, domain:ID or site:CODE");
            }
        }
        at = [.. read];
        return isSound;
    }
}
