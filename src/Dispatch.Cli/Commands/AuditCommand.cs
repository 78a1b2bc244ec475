using System.CommandLine;
using System.Diagnostics;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;
using TrafficDispatch.Table.Audit;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch audit</c>: proves that a table keeps the law of a world, in failover too.</summary>
internal sealed class AuditCommand : DispatchCommand
{
    private readonly Argument<string?> _table = new("TABLEFILE")
    {
        Description = "A published table, as the service keeps it (table-*.tdt); without it the world is solved and its table audited",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly Option<int> _hour = NumberOption.Whole(
        "--utc-hour", "H", "Without a table: hour of the day whose demand is served, 0 to 23 UTC", 0, 23, Snapshot.DefaultUtcHour);
    private readonly Option<bool> _json = JsonOption();

    public AuditCommand(Terminal terminal)
        : base(terminal, "audit", "Proves that traffic never leaves what the law allows it, at any hop, in failover too")
    {
        Add(_table);
        Add(_world);
        Add(_hour);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch audit --world data/world",
        "dispatch audit state/table-001763000000-000000000001.tdt --world data/world --json",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using ProgressLine progress = new(Terminal);
        progress.Report("reading the world");
        // Prefixes lead a client to its region; what a region gets does not depend on them.
        if (WorldArgument.Load(Terminal, parsed.GetRequiredValue(_world), WorldParts.Network) is not { } world) return Task.FromResult(ExitCode.BadInput);
        progress.Report("reading the table");
        (RoutingTable? table, int code) = parsed.GetValue(_table) is { } file ? ReadTable(file) : Solve(world, parsed.GetValue(_hour), cancellation);
        if (table is null) return Task.FromResult(code);
        progress.Report("auditing");
        long started = Stopwatch.GetTimestamp();
        AuditReport report = ResidencyAudit.Run(table, world);
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        progress.Dispose();
        if (parsed.GetValue(_json)) AuditOutput.WriteJson(Terminal.Output, report, took);
        else AuditOutput.WriteText(Terminal, report, took);
        return Task.FromResult(report.IsClean ? ExitCode.Done : ExitCode.Violated);
    }

    private (RoutingTable? Table, int Code) ReadTable(string file)
    {
        try
        {
            if (RoutingTableCodec.TryRead(File.ReadAllBytes(file), out RoutingTable? table, out string fault)) return (table, ExitCode.Done);
            Terminal.WriteFault($"{file}: {fault}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Terminal.WriteFault($"{file}: {e.Message}");
        }
        return (null, ExitCode.BadInput);
    }

    /// <summary>The table that the service would publish of this world, prefixes aside.</summary>
    private (RoutingTable? Table, int Code) Solve(World world, int hour, CancellationToken cancellation)
    {
        SolveResult result = DispatchSolver.Solve(new Snapshot(world, hour), null, cancellation);
        if (result.Assignment is { } assignment)
        {
            TableContent content = TableBuilder.Build(assignment, PrefixIndex.Build([]), TableBuilder.RegionLocations(world));
            return (RoutingTable.Create(content, new TableVersion(0, 1), DateTimeOffset.UnixEpoch), ExitCode.Done);
        }
        Terminal.WriteFault($"{result.Status.Word()}: {result.Cause}");
        Terminal.WriteHint(result.Remedy);
        return (null, result.Status.ToExitCode());
    }
}
