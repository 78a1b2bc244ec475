using System.CommandLine;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch freeze</c>: stops publishing.</summary>
internal sealed class FreezeCommand : ChangeCommand
{
    public FreezeCommand(Terminal terminal)
        : base(terminal, "freeze", "Stops publishing tables; answers, failovers and drains go on")
    {
        AddTime();
        AddReason();
        AddCall();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch freeze --reason \"match day\" --for 6h", "dispatch freeze --json"];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (ForSeconds(parsed) is not { } seconds) return Task.FromResult(ExitCode.BadInput);
        FreezeRequest request = new() { Reason = Reason(parsed), ForSeconds = seconds, OnBehalfOf = OnBehalfOf(parsed) };
        return Call.RunAsync(parsed, (invoker, options) => new Admin.AdminClient(invoker).FreezeAsync(request, options),
            reply => AdminReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
    }
}
