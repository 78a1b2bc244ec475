using System.Collections.Immutable;
using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch solve</c>: the optimal assignment of a world at one hour, beside its baselines.</summary>
internal sealed class SolveCommand : DispatchCommand
{
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly Option<int> _hour = NumberOption.Whole(
        "--utc-hour", "H", "Hour of the day whose demand is served, 0 to 23 UTC", 0, 23, Snapshot.DefaultUtcHour);
    private readonly Option<double?> _maxRtt = NumberOption.Real(
        "--max-rtt-ms", "R", "Use no edge farther than this from its clients; exactly as far is allowed", aboveZero: false);
    private readonly ScenarioOptions _changes = new();
    private readonly LoopOptions _loops = new();
    private readonly Option<string> _objective = new("--objective")
    {
        Description = "What the optimum is measured by: full (money, latency, unserved traffic) or the fixed yardstick reference",
        HelpName = "full|reference",
        DefaultValueFactory = static _ => "full",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            if (text is not ("full" or "reference")) result.AddError($"--objective is '{text}'; it must be full or reference");
            return text;
        },
    };
    private readonly Option<double?> _limit = NumberOption.Real("--time-limit", "SECONDS", "Give up the solve after so long (exit code 5)", aboveZero: true);
    private readonly Option<string?> _export = new("--export")
    {
        Description = "Write the flow network over all allowed edges as a DIMACS file (.min or .min.gz), for `dispatch flow` and other solvers",
        HelpName = "FILE",
    };
    private readonly Option<bool> _json = JsonOption();

    public SolveCommand(Terminal terminal)
        : base(terminal, "solve", "Finds the best assignment of a world's regions to its edges, and proves it")
    {
        Add(_world);
        Add(_hour);
        Add(_maxRtt);
        Add(_changes.Drop);
        Add(_changes.Scale);
        Add(_loops.Caps);
        Add(_loops.MinMaxSlack);
        Add(_objective);
        Add(_limit);
        Add(_export);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch solve --world data/world",
        "dispatch solve --world data/world --utc-hour 20 --max-rtt-ms 120 --json",
        "dispatch solve --world data/world --drop operator:cdn-bunny --drop \"domain:HK:Hong Kong\" --scale zone:EUW=1.2",
        "dispatch solve --world data/world --cap \"domain:DE:Frankfurt=250\" --min-max-slack 5",
        "dispatch solve --world data/world --objective reference --json",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using ProgressLine progress = new(Terminal);
        progress.Report("reading the world");
        if (ReadSnapshot(parsed) is not { } snapshot) return Task.FromResult(ExitCode.BadInput);
        if (parsed.GetValue(_export) is { } file && !Export(snapshot, parsed, file)) return Task.FromResult(ExitCode.BadInput);
        progress.Report("solving");
        SolveResult result = Solve(snapshot, parsed, cancellation);
        progress.Dispose();
        return Task.FromResult(Report(snapshot, result, parsed));
    }

    private Snapshot? ReadSnapshot(ParseResult parsed)
    {
        List<string> faults = [];
        WhatIf.Scenario scenario = _changes.Read(parsed, faults);
        World? world = WorldArgument.Load(Terminal, parsed.GetRequiredValue(_world), WorldParts.Network);
        Snapshot? changed = null;
        if (world is not null)
        {
            (changed, ImmutableArray<WhatIf.ScenarioFault> unknown) = scenario.Apply(new Snapshot(world, parsed.GetValue(_hour)));
            faults.AddRange(unknown.Select(static f => f.Text));
            _loops.Read(parsed, world, OptionsOf(parsed), faults);
        }
        faults.ForEach(Terminal.WriteFault);
        return faults.Count == 0 ? changed : null;
    }

    private SolveOptions OptionsOf(ParseResult parsed) => new()
    {
        Objective = parsed.GetValue(_objective) == "reference" ? Objective.Reference : Objective.Full,
        MaxRtt = parsed.GetValue(_maxRtt) is { } ms ? new Milliseconds(ms) : null,
    };

    private bool Export(Snapshot snapshot, ParseResult parsed, string file)
    {
        try
        {
            DimacsWriter.WriteFile(file, DispatchSolver.NetworkOf(snapshot, OptionsOf(parsed)));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OverflowException)
        {
            Terminal.WriteFault($"--export {file}: {e.Message}");
            return false;
        }
    }

    private SolveResult Solve(Snapshot snapshot, ParseResult parsed, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout = new(Seconds.ToTimeSpan(parsed.GetValue(_limit)) ?? Timeout.InfiniteTimeSpan, Terminal.Clock);
        using CancellationTokenSource budget = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        return DispatchSolver.Solve(snapshot, _loops.Read(parsed, snapshot.World, OptionsOf(parsed), []), budget.Token);
    }

    private int Report(Snapshot snapshot, SolveResult result, ParseResult parsed)
    {
        bool json = parsed.GetValue(_json);
        if (result.Assignment is not { } assignment)
        {
            if (json) SolveJson.WriteFailure(Terminal.Output, snapshot, result);
            Terminal.WriteFault($"{result.Status.Word()}: {result.Cause}");
            Terminal.WriteHint(result.Remedy);
            return result.Status.ToExitCode();
        }
        if (json) SolveJson.Write(Terminal.Output, assignment);
        else SolveTables.Write(Terminal, assignment);
        return ExitCode.Done;
    }
}
