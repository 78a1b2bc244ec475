using System.CommandLine;
using System.Diagnostics;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch load</c>: writes a world to Redis, reads it back and compares.</summary>
internal sealed class LoadCommand : DispatchCommand
{
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly RedisOption _redis = new();
    private readonly Option<bool> _json = JsonOption();

    public LoadCommand(Terminal terminal)
        : base(terminal, "load", "Writes a world to Redis, where services read it, and reads it back to compare")
    {
        Add(_world);
        _redis.AddTo(this);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch load --world data/world --redis 127.0.0.1:6379",
        "dispatch load --world data/world --redis redis-a:6379 --redis redis-b:6379 --prefix live --password-file /run/secrets/redis --tls-ca ca.pem --json",
    ];

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (_redis.Read(parsed, Terminal) is not { } settings) return ExitCode.BadInput;
        using ProgressLine progress = new(Terminal);
        progress.Report("reading the world");
        if (WorldArgument.Load(Terminal, parsed.GetRequiredValue(_world), WorldParts.All) is not { } world) return ExitCode.BadInput;
        try
        {
            await using RedisState state = await RedisState.OpenAsync(settings, RedisState.DefaultKept, Terminal.Clock, cancellation);
            (LoadResult? result, int code) = await LoadAsync(state.Worlds, world, progress, cancellation);
            progress.Dispose();
            if (result is null) return code;
            if (parsed.GetValue(_json)) LoadReport.WriteJson(Terminal.Output, settings, result);
            else LoadReport.WriteText(Terminal, settings, result);
            return ExitCode.Done;
        }
        catch (StoreUnavailableException e)
        {
            progress.Dispose();
            return StoreFault.Write(Terminal, e);
        }
    }

    private async Task<(LoadResult? Result, int Code)> LoadAsync(IWorldStore store, World world, ProgressLine progress, CancellationToken cancellation)
    {
        progress.Report("writing to Redis");
        long started = Stopwatch.GetTimestamp();
        WorldWriting written = await store.WriteAsync(world, null, cancellation);
        TimeSpan writing = Stopwatch.GetElapsedTime(started);
        foreach (StateFault fault in written.Faults) Terminal.WriteFault(fault.ToString());
        if (written.Stamp is null)
        {
            Terminal.WriteFault($"the world was not put in force: {written.Refusal}");
            return (null, written.Faults.IsEmpty ? ExitCode.Unavailable : ExitCode.BadInput);
        }
        progress.Report("reading it back");
        started = Stopwatch.GetTimestamp();
        WorldReading read = await store.ReadAsync(cancellation);
        TimeSpan reading = Stopwatch.GetElapsedTime(started);
        foreach (StateFault fault in read.Faults) Terminal.WriteFault($"read back: {fault}");
        if (read.World is null) return (null, ExitCode.Unavailable);
        progress.Report("comparing");
        // Another loader may have put its own world in force since: then there is nothing of ours to compare with.
        bool isOurs = written.Stamp.IsSameAs(read.Stamp);
        if (isOurs && !WorldComparison.AreSame(world, read.World))
        {
            Terminal.WriteFault($"generation {written.Stamp.Generation} was read back otherwise than it was written; please report this");
            return (null, ExitCode.Defect);
        }
        return (new(world, written.Stamp, written.BytesMoved, isOurs, writing, reading), ExitCode.Done);
    }
}
