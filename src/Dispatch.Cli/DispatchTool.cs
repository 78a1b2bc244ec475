using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using TrafficDispatch.Cli.Commands;
using TrafficDispatch.Cli.Commands.Planning;
using TrafficDispatch.Cli.Output;

namespace TrafficDispatch.Cli;

/// <summary>The <c>dispatch</c> tool: its commands, and how arguments become an exit code. Stateless.</summary>
internal static class DispatchTool
{
    /// <summary>How long a cancelled command may take to end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>The program's version, without the commit.</summary>
    public static string Version { get; } = (typeof(DispatchTool).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];

    /// <summary>Runs one command line.</summary>
    /// <returns>A code of <see cref="ExitCode"/>. Never throws for what the arguments, files or a service hold.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation = default)
    {
        // No response files and no bundling: a session key may well begin with @, and -abc is a mistake here.
        ParserConfiguration parser = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        ParseResult parsed = Root(terminal).Parse(arguments, parser);
        if (parsed.Errors.Count > 0) return Refuse(parsed, terminal);
        InvocationConfiguration invocation = new()
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await EndInOrder(parsed.InvokeAsync(invocation, cancellation), terminal, cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException || (e is TimeoutException && cancellation.IsCancellationRequested))
        {
            terminal.WriteFault("cancelled; nothing half-done is kept");
            return ExitCode.BudgetEnded;
        }
        catch (Exception e)
        {
            // The last resort: a script must see an exit code, not an abort, and we want the whole trace.
            terminal.WriteFault($"unexpected, please report this: {e}");
            return ExitCode.Defect;
        }
        finally
        {
            await terminal.Output.FlushAsync(CancellationToken.None);
        }
    }

    /// <summary>The tree of commands.</summary>
    public static RootCommand Root(Terminal terminal)
    {
        RootCommand root = new("Decides which edge serves which clients: solves worlds, locates clients, and asks a running service.")
        {
            new FlowCommand(terminal),
            new GenerateCommand(terminal),
            new SolveCommand(terminal),
            new ExplainCommand(terminal),
            new AuditCommand(terminal),
            new FailureCommand(terminal),
            new MonthCommand(terminal),
            new WhatIfCommand(terminal),
            new SweepCommand(terminal),
            new CompareCommand(terminal),
            new CapacityCommand(terminal),
            new LocateCommand(terminal),
            new MmdbCommand(terminal),
            new ResolveCommand(terminal),
            new RouteCommand(terminal),
            new IngestCommand(terminal),
            new StreamsCommand(terminal),
            new StatusCommand(terminal),
            new LoadCommand(terminal),
            new HealthCommand(terminal),
            new ProbeCommand(terminal),
            new DrainCommand(terminal),
            new RestoreCommand(terminal),
            new OverridesCommand(terminal),
            new FreezeCommand(terminal),
            new UnfreezeCommand(terminal),
            new PublishCommand(terminal),
            new TablesCommand(terminal),
            new DiffCommand(terminal),
            new RollbackCommand(terminal),
            new HistoryCommand(terminal),
        };
        root.HelpName = "dispatch";
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        HelpPage page = new((HelpAction)help.Action!, terminal);
        help.Action = page;
        root.Options.OfType<VersionOption>().Single().Action = new VersionLine(terminal);
        root.SetAction(parsed => page.Invoke(parsed));
        return root;
    }

    /// <summary>A command that is cancelled may say how far it came; one that hangs in a read is left behind after a moment.</summary>
    private static async Task<int> EndInOrder(Task<int> run, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            return await run.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (!run.IsCompleted)
        {
            return await run.WaitAsync(Grace, terminal.Clock, CancellationToken.None);
        }
    }

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        string command = parsed.CommandResult.Command is RootCommand ? "dispatch" : $"dispatch {parsed.CommandResult.Command.Name}";
        foreach (string message in parsed.Errors.Select(static e => e.Message).Distinct(StringComparer.Ordinal)) terminal.WriteFault(message);
        terminal.WriteHint($"'{command} --help' shows the options and examples");
        return ExitCode.BadInput;
    }
}
