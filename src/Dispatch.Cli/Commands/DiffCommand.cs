using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch diff</c>: what two tables would do otherwise.</summary>
internal sealed class DiffCommand : ChangeCommand
{
    private readonly Argument<string> _from = new("FROM") { Description = "The table before, EPOCH.NUMBER" };
    private readonly Argument<string?> _to = new("TO") { Description = "The table after; the one in force where not given", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int> _rows = NumberOption.Whole("--rows", "N", "Most rows of each list, 1 to 1000; 20 where not given", 1, 1000, standard: 20);

    public DiffCommand(Terminal terminal)
        : base(terminal, "diff", "Says what two kept tables would do otherwise with the demand of now")
    {
        Add(_from);
        Add(_to);
        Add(_rows);
        AddCall();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch diff 1795314121.7", "dispatch diff 1795314121.6 1795314121.7 --rows 5 --json"];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (TableArgument.Read(parsed.GetRequiredValue(_from), Terminal) is not { } from) return Task.FromResult(ExitCode.BadInput);
        DiffRequest request = new() { From = from, Most = (uint)parsed.GetValue(_rows) };
        if (parsed.GetValue(_to) is { } text)
        {
            if (TableArgument.Read(text, Terminal) is not { } to) return Task.FromResult(ExitCode.BadInput);
            request.To = to;
        }
        return Call.RunAsync(parsed, (invoker, options) => new Admin.AdminClient(invoker).DiffAsync(request, options),
            reply => DiffReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
    }
}
