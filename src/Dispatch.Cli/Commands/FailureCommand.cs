using System.Collections.Immutable;
using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch n1</c>: every fault domain and every edge of a world fails once: what is left, what moves, what would fix it.</summary>
internal sealed class FailureCommand : DispatchCommand
{
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly Option<int> _hour = NumberOption.Whole(
        "--utc-hour", "H", "Hour of the day whose demand is served, 0 to 23 UTC", 0, 23, Snapshot.DefaultUtcHour);
    private readonly ScenarioOptions _changes = new();
    private readonly Option<bool> _operators = new("--operators") { Description = "Let whole operators fail, too" };
    private readonly Option<double?> _moveCost = NumberOption.Real(
        "--move-cost", "C", "What moving 1 Mbit/s away from the main plan is held to cost in a failure, micro-USD an hour; by default nothing", aboveZero: false);
    private readonly Option<ReservePlaces?> _reserve = new("--reserve")
    {
        Description = "Plan with room kept free so that a fault domain may fail, by zone, continent or contract alone, tightened in a few rounds",
        HelpName = "zone|continent|contract",
        CustomParser = static result =>
        {
            ReservePlaces? places = result.Tokens[0].Value switch { "zone" => ReservePlaces.Zone, "continent" => ReservePlaces.Continent, "contract" => ReservePlaces.None, _ => null };
            if (places is null) result.AddError($"--reserve is '{result.Tokens[0].Value}'; it must be zone, continent or contract");
            return places;
        },
    };
    private readonly Option<string?> _show = new("--show") { Description = "Instead of the list, show what the shipped failover of this failure answers to --region", HelpName = "KIND:ID" };
    private readonly Option<string?> _region = new("--region") { Description = "With --show: the region that asks", HelpName = "ID" };
    private readonly Option<int> _top = NumberOption.Whole("--top", "N", "How many of the worst failures to list, 0 to 100000", 0, 100_000, 20);
    private readonly Option<int> _threads = NumberOption.Whole(
        "--threads", "N", "Threads, 1 to 1024; one a processor by default; no figure depends on it", 1, 1024, Math.Min(1024, Environment.ProcessorCount));
    private readonly Option<bool> _json = JsonOption();

    public FailureCommand(Terminal terminal)
        : base(terminal, "n1", "Lets every fault domain and every edge of a world fail once: what goes unserved, what moves, what would fix it")
    {
        Add(_world);
        Add(_hour);
        Add(_changes.Drop);
        Add(_changes.Scale);
        Add(_operators);
        Add(_moveCost);
        Add(_reserve);
        Add(_show);
        Add(_region);
        Add(_top);
        Add(_threads);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch n1 --world data/world",
        "dispatch n1 --world data/world --utc-hour 20 --operators --top 5 --json",
        "dispatch n1 --world data/world --scale continent:AS=1.1 --move-cost 40",
        "dispatch n1 --world data/world --reserve zone --json",
        "dispatch n1 --world data/world --move-cost 40 --show \"domain:HK:Hong Kong\" --region HK-01",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using ProgressLine progress = new(Terminal);
        progress.Report("reading the world");
        if (ReadSnapshot(parsed) is not { } snapshot) return Task.FromResult(ExitCode.BadInput);
        progress.Report("solving the main plan");
        FailureOptions options = new()
        {
            Operators = parsed.GetValue(_operators),
            Threads = parsed.GetValue(_threads),
            MoveCost = parsed.GetValue(_moveCost) is { } cost ? (long)Math.Min(cost, 1e9) : null,
        };
        ReserveReport? reserve = parsed.GetValue(_reserve) is { } places ? Reserved(snapshot, places, options, progress, cancellation) : null;
        int code = ExitCode.Done;
        if ((reserve?.Plan ?? Solved(snapshot, progress, out code, cancellation)) is not { } main) return Task.FromResult(code);
        FailureReport report = FailureSweep.Run(main, options, p => progress.Report($"failing, round {p.Round}: {p.Done} of {p.Of}"), cancellation);
        progress.Dispose();
        return Task.FromResult(parsed.GetValue(_show) is { } show ? Show(report, show, parsed) : Write(report, reserve, parsed));
    }

    private int Write(FailureReport report, ReserveReport? reserve, ParseResult parsed)
    {
        long bytes = FailoverTable.AddTo(TableBuilder.Build(report.Main, PrefixIndex.Build([]), []), report).Failovers.Bytes;
        if (parsed.GetValue(_json)) FailureJson.Write(Terminal.Output, report, reserve, bytes, parsed.GetValue(_top));
        else FailureTables.Write(Terminal, report, reserve, bytes, parsed.GetValue(_top));
        return ExitCode.Done;
    }

    private int Show(FailureReport report, string name, ParseResult parsed)
    {
        World world = report.Main.Snapshot.World;
        FailureOutcome? outcome = report.Outcomes.FirstOrDefault(o => o.Scenario.Names.Contains(name));
        int region = world.RegionOrdinal(parsed.GetValue(_region) ?? "");
        if (outcome is null) Terminal.WriteFault($"--show is '{name}'; it must be edge:ID, domain:ID or, with --operators, operator:ID of healthy edges in the world");
        if (region < 0) Terminal.WriteFault($"--region is '{parsed.GetValue(_region)}'; it must be a region of the world");
        if (outcome is null || region < 0) return ExitCode.BadInput;
        TableContent content = TableBuilder.Build(report.Main, PrefixIndex.Build([]), TableBuilder.RegionLocations(world));
        RoutingTable table = RoutingTable.Create(FailoverTable.AddTo(content, report), new(0, 0), DateTimeOffset.UnixEpoch);
        FailoverView.Write(Terminal, table, outcome, region, parsed.GetValue(_json));
        return ExitCode.Done;
    }

    private static ReserveReport Reserved(Snapshot snapshot, ReservePlaces places, FailureOptions options, ProgressLine progress, CancellationToken cancellation) =>
        ReservePlanner.Run(snapshot, new() { Reserve = new() { Places = places } }, options, 6,
            p => progress.Report($"reserving, failing round {p.Round}: {p.Done} of {p.Of}"), cancellation);

    private Assignment? Solved(Snapshot snapshot, ProgressLine progress, out int code, CancellationToken cancellation)
    {
        SolveResult result = DispatchSolver.Solve(snapshot, null, cancellation);
        code = result.Status.ToExitCode();
        if (result.Assignment is not null) return result.Assignment;
        progress.Dispose();
        Terminal.WriteFault($"{result.Status.Word()}: {result.Cause}");
        Terminal.WriteHint(result.Remedy);
        return null;
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
        }
        faults.ForEach(Terminal.WriteFault);
        return faults.Count == 0 ? changed : null;
    }
}
