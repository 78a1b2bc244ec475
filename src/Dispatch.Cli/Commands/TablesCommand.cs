using System.CommandLine;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch tables</c>: the tables that are kept.</summary>
internal sealed class TablesCommand : ChangeCommand
{
    public TablesCommand(Terminal terminal)
        : base(terminal, "tables", "Lists the tables that are kept, newest first") => AddCall();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch tables", "dispatch tables --json"];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => Call.RunAsync(
        parsed, (invoker, options) => new Admin.AdminClient(invoker).ListTablesAsync(new ListTablesRequest(), options),
        reply => TablesReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
}
