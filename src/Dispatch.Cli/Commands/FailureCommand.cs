using System.Collections.Immutable;
using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch n1</c>: every fault domain and every edge of a world fails once: what is left, what moves, what would fix it.</summary>
internal sealed class FailureCommand : DispatchCommand
{
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly Option<int> _hour = NumberOption.Whole(
        "--utc-hour", "H", "Hour of the day whose demand is served, 0 to 23 UTC", 0, 23, Snapshot.DefaultUtcHour);
    private readonly ScenarioOptions _changes = new();
    private readonly Option<bool> _operators = new("--operators") { Description = "Let whole operators fail, too" };
    private readonly Option<int> _top = NumberOption.Whole("--top", "N", "How many of the worst failures to list, 0 to 100000", 0, 100_000, 20);
    private readonly Option<int> _threads = NumberOption.Whole(
        "--threads", "N", "Threads, 1 to 1024; one a processor by default", 1, 1024, Math.Min(1024, Environment.ProcessorCount));
    private readonly Option<bool> _json = JsonOption();

    public FailureCommand(Terminal terminal)
        : base(terminal, "n1", "Lets every fault domain and every edge of a world fail once: what goes unserved, what moves, what would fix it")
    {
        Add(_world);
        Add(_hour);
        Add(_changes.Drop);
        Add(_changes.Scale);
        Add(_operators);
        Add(_top);
        Add(_threads);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch n1 --world data/world",
        "dispatch n1 --world data/world --utc-hour 20 --operators --top 5 --json",
        "dispatch n1 --world data/world --scale continent:AS=1.1",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using ProgressLine progress = new(Terminal);
        progress.Report("reading the world");
        if (ReadSnapshot(parsed) is not { } snapshot) return Task.FromResult(ExitCode.BadInput);
        progress.Report("solving the main plan");
        SolveResult result = DispatchSolver.Solve(snapshot, null, cancellation);
        if (result.Assignment is not { } main)
        {
            progress.Dispose();
            Terminal.WriteFault($"{result.Status.Word()}: {result.Cause}");
            Terminal.WriteHint(result.Remedy);
            return Task.FromResult(result.Status.ToExitCode());
        }
        FailureOptions options = new() { Operators = parsed.GetValue(_operators), Threads = parsed.GetValue(_threads) };
        FailureReport report = FailureSweep.Run(main, options, p => progress.Report($"failing, round {p.Round}: {p.Done} of {p.Of}"), cancellation);
        progress.Dispose();
        if (parsed.GetValue(_json)) FailureJson.Write(Terminal.Output, report, parsed.GetValue(_top));
        else FailureTables.Write(Terminal, report, parsed.GetValue(_top));
        return Task.FromResult(ExitCode.Done);
    }

    private Snapshot? ReadSnapshot(ParseResult parsed)
    {
        List<string> faults = [];
        WhatIf.Scenario scenario = _changes.Read(parsed, faults);
        World? world = WorldArgument.Load(Terminal, parsed.GetRequiredValue(_world), WorldParts.Network);
        Snapshot? changed = null;
        if (world is not null)
        {
            (changed, ImmutableArray<string> unknown) = scenario.Apply(new Snapshot(world, parsed.GetValue(_hour)));
            faults.AddRange(unknown);
        }
        faults.ForEach(Terminal.WriteFault);
        return faults.Count == 0 ? changed : null;
    }
}
