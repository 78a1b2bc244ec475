using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch rollback</c>: goes back to what an older table said.</summary>
internal sealed class RollbackCommand : ChangeCommand
{
    private readonly Argument<string> _to = new("TABLE") { Description = "The table whose content is to be in force again, EPOCH.NUMBER" };
    private readonly Option<bool> _goOn = new("--keep-publishing") { Description = "Do not stop publishing: the next cycle may put another table in force at once" };

    public RollbackCommand(Terminal terminal)
        : base(terminal, "rollback", "Publishes the content of an older table under a new version, and stops publishing so that it stays")
    {
        Add(_to);
        Add(_goOn);
        AddTime();
        AddReason();
        AddCall();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch rollback 1795314121.6 --reason \"Paris overloaded since 12:00\"",
        "dispatch rollback 1795314121.6 --for 2h --json",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (TableArgument.Read(parsed.GetRequiredValue(_to), Terminal) is not { } to || ForSeconds(parsed) is not { } seconds) return Task.FromResult(ExitCode.BadInput);
        RollbackRequest request = new() { To = to, KeepPublishing = parsed.GetValue(_goOn), FreezeSeconds = seconds, Reason = Reason(parsed), OnBehalfOf = OnBehalfOf(parsed) };
        return Call.RunAsync(parsed, (invoker, options) => new Admin.AdminClient(invoker).RollbackAsync(request, options),
            reply => TablesReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
    }
}
