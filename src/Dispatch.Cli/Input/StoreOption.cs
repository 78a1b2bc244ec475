using System.CommandLine;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.State;
using TrafficDispatch.State.Files;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Cli.Input;

/// <summary>The options that say where services keep their state: in Redis, or in the folder of a service that keeps it alone.</summary>
internal sealed class StoreOption
{
    private readonly RedisOption _redis = new(isRequired: false);
    private readonly Option<string?> _folder = new("--state") { Description = "State:Path of a service on this machine that runs without Redis", HelpName = "DIR" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _redis.AddTo(command);
        command.Add(_folder);
    }

    /// <summary>Opens the store and runs something on it.</summary>
    /// <returns>What the work returned, or a code of <see cref="ExitCode"/> after the fault is written.</returns>
    public async Task<int> RunAsync(ParseResult parsed, Terminal terminal, Func<IStateStore, Task<int>> work, CancellationToken cancellation)
    {
        try
        {
            if (await OpenAsync(parsed, terminal, cancellation) is not { } store) return ExitCode.BadInput;
            await using (store) return await work(store);
        }
        catch (StoreUnavailableException e)
        {
            return StoreFault.Write(terminal, e);
        }
    }

    private async Task<IStateStore?> OpenAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string? folder = parsed.GetValue(_folder);
        if (_redis.IsGiven(parsed) == folder is not null)
        {
            terminal.WriteFault("either --redis or --state must be given, and not both");
            return null;
        }
        if (folder is null)
            return _redis.Read(parsed, terminal) is { } settings ? await RedisState.OpenAsync(settings, RedisState.DefaultKept, terminal.Clock, cancellation) : null;
        // A folder that is made here by a slip of the finger would take statements that nobody reads.
        if (Directory.Exists(folder)) return FileState.Open(Path.GetFullPath(folder), RedisState.DefaultKept, terminal.Clock);
        terminal.WriteFault($"--state '{folder}' is not there");
        return null;
    }
}
