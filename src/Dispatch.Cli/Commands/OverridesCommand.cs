using System.CommandLine;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch overrides</c>: what operators say of nodes.</summary>
internal sealed class OverridesCommand : ChangeCommand
{
    public OverridesCommand(Terminal terminal)
        : base(terminal, "overrides", "Shows what operators say of nodes, who said it and until when it holds") => AddCall();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch overrides", "dispatch overrides --admin http://127.0.0.1:5052 --json"];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => Call.RunAsync(
        parsed, (invoker, options) => new Admin.AdminClient(invoker).ListOverridesAsync(new ListOverridesRequest(), options),
        reply => AdminReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
}
