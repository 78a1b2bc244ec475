using System.CommandLine;
using System.Globalization;
using System.Text;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Output.Sheets;
using TrafficDispatch.Cli.Remote;
using TrafficDispatch.Cli.Remote.Planning;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Files;
using TrafficDispatch.WhatIf.Sweeps;

namespace TrafficDispatch.Cli.Commands.Planning;

/// <summary>A command that plans on a world folder: it solves the world as it is, then what is asked, under a time limit.</summary>
internal abstract class PlannerCommand : DispatchCommand
{
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly ServiceCall? _call;
    private readonly Option<int?> _hour = new("--utc-hour")
    {
        Description = $"Hour of the day whose demand is served, 0 to 23 UTC; by default the scenario's own, else {Snapshot.DefaultUtcHour}",
        HelpName = "H",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, CultureInfo.InvariantCulture, out int hour) && hour is >= 0 and <= 23) return hour;
            result.AddError($"--utc-hour is '{text}'; it must be a whole number from 0 to 23");
            return null;
        },
    };
    private readonly Option<double?> _limit = NumberOption.Real("--time-limit", "SECONDS", "Give up after so long (exit code 5)", aboveZero: true);

    /// <param name="terminal">Where it reads and writes.</param>
    /// <param name="name">What the user types.</param>
    /// <param name="description">One sentence for the help.</param>
    /// <param name="asks">True where a running service can be asked in place of a world folder.</param>
    /// <param name="sheets">Names of the lists that it may write.</param>
    protected PlannerCommand(Terminal terminal, string name, string description, bool asks, params string[] sheets)
        : base(terminal, name, description)
    {
        Sheets = new(sheets);
        if (!asks) return;
        _call = ServiceCall.ToPlanner(terminal);
        (_world.Required, _world.Description) = (false, "Folder with the world's tables; without it the running service is asked, on the facts it solves with");
    }

    /// <summary>In which form the answer is written.</summary>
    protected SheetWriter Sheets { get; }

    /// <summary>Adds the options that all planners have; after the command's own.</summary>
    protected void AddCommon()
    {
        Add(_world);
        Add(_hour);
        Add(_limit);
        Sheets.AddTo(this);
        _call?.AddTo(this);
    }

    /// <inheritdoc/>
    protected sealed override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout = new(Seconds.ToTimeSpan(parsed.GetValue(_limit)) ?? Timeout.InfiniteTimeSpan, Terminal.Clock);
        using CancellationTokenSource budget = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        using ProgressLine progress = new(Terminal);
        if (Sheets.FaultOf(parsed) is { } fault) return Refuse(fault);
        try
        {
            return await PlanAsync(parsed, progress, budget.Token);
        }
        catch (OperationCanceledException)
        {
            progress.Dispose();
            Terminal.WriteFault(timeout.IsCancellationRequested ? "the time limit has passed" : "cancelled");
            if (HintWhenCut(parsed) is { Length: > 0 } hint) Terminal.WriteHint(hint);
            return ExitCode.BudgetEnded;
        }
        catch (SweepJournalException e)
        {
            progress.Dispose();
            return Refuse(e.Message);
        }
    }

    /// <summary>Plans; what it throws for cancellation is told by the caller.</summary>
    protected abstract Task<int> PlanAsync(ParseResult parsed, ProgressLine progress, CancellationToken budget);

    /// <summary>Whether a running service is to be asked, no world folder being named.</summary>
    protected bool IsAsking(ParseResult parsed) => _call is not null && parsed.GetValue(_world) is null;

    /// <summary>Asks a running service and writes what it answers.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="request">What to ask; its hour is set here.</param>
    /// <param name="study">The scenario; null for the world as it is.</param>
    /// <param name="title">What it is about.</param>
    /// <param name="progress">Where what it is at is shown.</param>
    /// <param name="budget">Ends it.</param>
    protected async Task<int> AskAsync(ParseResult parsed, WhatIfRequest request, ScenarioStudy? study, string title, ProgressLine progress, CancellationToken budget)
    {
        request.Scenario = Encoding.UTF8.GetString(JsonNodes.Write(WithHour(study, parsed.GetValue(_hour))));
        PlannerAnswer answer = new(progress);
        progress.Report("asking the service");
        int code = await _call!.RunStreamAsync(parsed, (invoker, options) => new Planner.PlannerClient(invoker).WhatIf(request, options), answer.Take, budget);
        progress.Dispose();
        if (code != ExitCode.Done) return code;
        if (answer.Started is not { } started || answer.Done is null)
        {
            Terminal.WriteFault("the service ended before it had told all");
            return ExitCode.Unavailable;
        }
        if (study?.IsSweep != true && request.Failures is null && answer.Fault is { } fault) return Refuse(fault);
        Sheets.Write(Terminal, parsed, json =>
        {
            json.WriteString("name", title);
            json.WriteNumber("utc_hour", started.UtcHour);
            json.WriteString("table_version", string.Create(CultureInfo.InvariantCulture, $"{started.TableEpoch}.{started.TableVersion}"));
            json.WriteString("world_version", started.WorldVersion);
            json.WriteNumber("seconds", answer.Done.ElapsedMs / 1000.0);
        }, answer.Sheets(title), answer.Closing());
        return ExitCode.Done;
    }

    // An hour of the command line holds against the scenario's own.
    private static MapNode WithHour(ScenarioStudy? study, int? hour)
    {
        MapNode root = study?.Source ?? new MapNode([], 1, 1);
        if (hour is not { } utc) return root;
        ScalarNode name = new("utc_hour", IsQuoted: true, 1, 1), value = new(utc.ToString(CultureInfo.InvariantCulture), IsQuoted: false, 1, 1);
        return root with { Entries = [.. root.Entries.Where(static e => e.Name.Text != "utc_hour"), (name, value)] };
    }

    /// <summary>What may be done after a run was cut; empty for nothing.</summary>
    protected virtual string HintWhenCut(ParseResult parsed) => "";

    /// <summary>Says what is wrong.</summary>
    protected int Refuse(string fault)
    {
        Terminal.WriteFault(fault);
        return ExitCode.BadInput;
    }

    /// <summary>Reads the world and solves it as it is; null after faults were written, with the exit code.</summary>
    protected (ScenarioRunner? Runner, int Code) Start(ParseResult parsed, int? scenarioHour, ProgressLine progress, CancellationToken budget)
    {
        progress.Report("reading the world");
        if (WorldArgument.Load(Terminal, parsed.GetValue(_world)!, WorldParts.Network) is not { } world) return (null, ExitCode.BadInput);
        progress.Report("solving the world as it is");
        try
        {
            return (ScenarioRunner.Start(new Snapshot(world, parsed.GetValue(_hour) ?? scenarioHour ?? Snapshot.DefaultUtcHour), null, budget), ExitCode.Done);
        }
        catch (InvalidOperationException e)
        {
            Terminal.WriteFault(e.Message);
            return (null, ExitCode.Infeasible);
        }
    }

    /// <summary>The only case of a study; null after its faults were written.</summary>
    protected StudyCase? OnlyCase(ScenarioStudy study, World world)
    {
        if (!study.IsSweep) return study.Cases(world).Cases[0];
        Terminal.WriteFault($"{study.File}:1:1: it asks for several cases; this command takes one. `dispatch whatif` tries them all");
        return null;
    }

    /// <summary>Writes a scenario's faults with their places.</summary>
    protected int Refuse(ScenarioStudy study, StudyCase of, IEnumerable<ScenarioFault> faults)
    {
        foreach (StudyFault fault in study.FaultsOf(of, [.. faults])) Terminal.WriteFault(fault.ToString());
        return ExitCode.BadInput;
    }
}
