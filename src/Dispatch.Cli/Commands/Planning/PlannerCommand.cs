using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Output.Sheets;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Files;
using TrafficDispatch.WhatIf.Sweeps;

namespace TrafficDispatch.Cli.Commands.Planning;

/// <summary>A command that plans on a world folder: it solves the world as it is, then what is asked, under a time limit.</summary>
internal abstract class PlannerCommand : DispatchCommand
{
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly Option<int?> _hour = new("--utc-hour")
    {
        Description = $"Hour of the day whose demand is served, 0 to 23 UTC; by default the scenario's own, else {Snapshot.DefaultUtcHour}",
        HelpName = "H",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int hour) && hour is >= 0 and <= 23) return hour;
            result.AddError($"--utc-hour is '{text}'; it must be a whole number from 0 to 23");
            return null;
        },
    };
    private readonly Option<double?> _limit = NumberOption.Real("--time-limit", "SECONDS", "Give up after so long (exit code 5)", aboveZero: true);

    protected PlannerCommand(Terminal terminal, string name, string description, params string[] sheets)
        : base(terminal, name, description) => Sheets = new(sheets);

    /// <summary>In which form the answer is written.</summary>
    protected SheetWriter Sheets { get; }

    /// <summary>Adds the options that all planners have; after the command's own.</summary>
    protected void AddCommon()
    {
        Add(_world);
        Add(_hour);
        Add(_limit);
        Sheets.AddTo(this);
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
        if (WorldArgument.Load(Terminal, parsed.GetRequiredValue(_world), WorldParts.Network) is not { } world) return (null, ExitCode.BadInput);
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
