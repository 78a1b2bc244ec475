using System.CommandLine;

namespace TrafficDispatch.Cli.Commands;

/// <summary>One command of the tool. It owns its options and runs against a <see cref="Cli.Terminal"/>, never against the console.</summary>
internal abstract class DispatchCommand : Command
{
    /// <summary>Names the command.</summary>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <param name="name">What the user types.</param>
    /// <param name="description">One sentence for the help.</param>
    protected DispatchCommand(Terminal terminal, string name, string description)
        : base(name, description)
    {
        Terminal = terminal;
        // Solving and reading keep a thread busy: off the caller's, so that a signal is seen meanwhile.
        SetAction((parsed, cancellation) => Task.Run(() => RunAsync(parsed, cancellation), cancellation));
    }

    /// <summary>Command lines that work as they stand, for the help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Where the command reads and writes.</summary>
    protected Terminal Terminal { get; }

    /// <summary>Runs the command.</summary>
    /// <returns>A code of <see cref="ExitCode"/>.</returns>
    protected abstract Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation);

    /// <summary>The option that asks for JSON.</summary>
    protected static Option<bool> JsonOption() => new("--json") { Description = "Print the answer as one line of JSON" };
}
