using System.CommandLine;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch unfreeze</c>: lets tables be published again.</summary>
internal sealed class UnfreezeCommand : ChangeCommand
{
    public UnfreezeCommand(Terminal terminal)
        : base(terminal, "unfreeze", "Lets tables be published again, from the next cycle on")
    {
        AddReason();
        AddCall();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch unfreeze", "dispatch unfreeze --reason \"match over\""];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        UnfreezeRequest request = new() { Reason = Reason(parsed), OnBehalfOf = OnBehalfOf(parsed) };
        return Call.RunAsync(parsed, (invoker, options) => new Admin.AdminClient(invoker).UnfreezeAsync(request, options),
            reply => AdminReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
    }
}
