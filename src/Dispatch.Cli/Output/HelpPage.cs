using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using TrafficDispatch.Cli.Commands;

namespace TrafficDispatch.Cli.Output;

/// <summary>The parser's own help page, with examples and exit codes after it.</summary>
internal sealed class HelpPage(HelpAction page, Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        page.Invoke(parseResult);
        if (parseResult.CommandResult.Command is DispatchCommand command)
        {
            terminal.Output.WriteLine("Examples:");
            foreach (string example in command.Examples) terminal.Output.WriteLine($"  {example}");
            terminal.Output.WriteLine();
        }
        terminal.Output.WriteLine("Exit codes:");
        foreach ((int code, string meaning) in ExitCode.All)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {code}  {meaning}"));
        return ExitCode.Done;
    }
}

/// <summary>Prints the version.</summary>
internal sealed class VersionLine(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        terminal.Output.WriteLine(DispatchTool.Version);
        return ExitCode.Done;
    }
}
