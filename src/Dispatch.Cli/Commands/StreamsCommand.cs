using System.CommandLine;
using System.Diagnostics;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Relays;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch streams</c>: plans live streams over the relays of a world, beside two fixed rules; below it the registry of streams at run time.</summary>
internal sealed class StreamsCommand : DispatchCommand
{
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly Option<int> _streams = NumberOption.Whole(
        "--streams", "N", "How many made-up streams to plan, 0 to 100000; 0 takes the world's own registry", 0, 100_000, 10_000);
    private readonly Option<double?> _zipf = NumberOption.Real("--zipf", "S", "Exponent of popularity, at most 4; 1 where not given", aboveZero: false);
    private readonly Option<int> _seed = NumberOption.Whole("--seed", "N", "The same seed gives the same streams and viewers on every machine", 0, int.MaxValue, 1);
    private readonly Option<int> _hour = NumberOption.Whole(
        "--utc-hour", "H", "Hour of the day whose demand is served, 0 to 23 UTC", 0, 23, Snapshot.DefaultUtcHour);
    private readonly Option<double?> _copy = NumberOption.Real(
        "--origin-copy-ms", "MS", "What one copy fewer from an origin is worth in path delay; 50 where not given, at most 10000", aboveZero: false);
    private readonly Option<bool> _json = JsonOption();

    public StreamsCommand(Terminal terminal)
        : base(terminal, "streams", "Plans live streams over the relays of a world, beside the nearest relay and a two-level hierarchy")
    {
        Add(_world);
        Add(_streams);
        Add(_zipf);
        Add(_seed);
        Add(_hour);
        Add(_copy);
        Add(_json);
        Add(new StreamRegisterCommand(terminal));
        Add(new StreamUnregisterCommand(terminal));
        Add(new StreamListCommand(terminal));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch streams --world data/world",
        "dispatch streams --world data/world --streams 10000 --zipf 1.0 --seed 1 --json",
        "dispatch streams --world data/world --streams 0",
        "dispatch streams register harbour-cam --origin og-1 --mbps 8 --for 6h --redis 127.0.0.1:6379",
        "dispatch streams unregister harbour-cam --redis 127.0.0.1:6379",
        "dispatch streams list --redis 127.0.0.1:6379",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        double zipf = parsed.GetValue(_zipf) ?? 1, copy = parsed.GetValue(_copy) ?? StreamPlanOptions.Default.OriginCopyMicroseconds / 1000.0;
        if (zipf > 4) return Task.FromResult(Refuse("--zipf must be at most 4"));
        if (copy > 10_000) return Task.FromResult(Refuse("--origin-copy-ms must be at most 10000"));
        using ProgressLine progress = new(Terminal);
        progress.Report("reading the world");
        if (WorldArgument.Load(Terminal, parsed.GetRequiredValue(_world), WorldParts.Network) is not { } world) return Task.FromResult(ExitCode.BadInput);
        if (world.Relays.IsEmpty || !world.Origins.Any(o => world.Health.Of(o).CanServe))
            return Task.FromResult(Refuse("the world must have relays and an origin that is up"));
        AudienceOptions audience = new(zipf, parsed.GetValue(_seed));
        StreamPlanOptions options = new() { OriginCopyMicroseconds = (long)Math.Round(copy * 1000) };
        if (RegistryOf(world, parsed.GetValue(_streams), audience.Seed) is not { } registry) return Task.FromResult(ExitCode.BadInput);
        progress.Report("solving");
        SolveResult solved = DispatchSolver.Solve(new Snapshot(world, parsed.GetValue(_hour)), null, cancellation);
        if (solved.Assignment is not { } assignment)
        {
            Terminal.WriteFault($"{solved.Status.Word()}: {solved.Cause}");
            return Task.FromResult(solved.Status.ToExitCode());
        }
        progress.Report("planning");
        StreamsAnswer answer = Answer(assignment, registry, audience, options, cancellation);
        progress.Dispose();
        if (parsed.GetValue(_json)) StreamsReport.WriteJson(Terminal.Output, answer);
        else StreamsReport.WriteText(Terminal, answer);
        return Task.FromResult(ExitCode.Done);
    }

    private StreamRegistry? RegistryOf(World world, int count, int seed)
    {
        if (StreamRegistry.TryCreate(world, count == 0 ? world.Facts.Streams : StreamCatalogue.Create(world, count, seed), out StreamRegistry? registry, out var faults))
            return registry;
        foreach (StreamFault fault in faults) Terminal.WriteFault(fault.ToString());
        return null;
    }

    private StreamsAnswer Answer(
        Assignment assignment, StreamRegistry registry, AudienceOptions options, StreamPlanOptions planning, CancellationToken cancellation)
    {
        World world = assignment.Snapshot.World;
        long started = Stopwatch.GetTimestamp();
        StreamAudience audience = StreamAudience.Of(assignment.Optimum, registry, Terminal.Clock.GetUtcNow(), options);
        TimeSpan drawn = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        StreamPlan plan = StreamPlanner.Plan(world, audience, planning, cancellation);
        TimeSpan planned = Stopwatch.GetElapsedTime(started);
        return new(assignment.Snapshot, options, plan, drawn, planned, StreamFigures.Of(plan),
            StreamFigures.Of(StreamBaselines.NearestRelay(world, audience)), StreamFigures.Of(StreamBaselines.Hierarchy(world, audience)),
            StreamFigures.Of(StreamBaselines.HierarchyWithSpill(world, audience)));
    }

    private int Refuse(string fault)
    {
        Terminal.WriteFault(fault);
        return ExitCode.BadInput;
    }
}
