using System.CommandLine;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Remote;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch status</c>: asks the service what is in force and how fresh it is.</summary>
internal sealed class StatusCommand : DispatchCommand
{
    private readonly ServiceCall _call;
    private readonly Option<bool> _json = JsonOption();

    public StatusCommand(Terminal terminal)
        : base(terminal, "status", "Asks the service which table is in force, how it was solved and how fresh it is")
    {
        _call = ServiceCall.ToServing(terminal);
        _call.AddTo(this);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch status",
        "dispatch status --address http://127.0.0.1:5051 --json",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        return _call.RunAsync(
            parsed, (invoker, options) => new Protocol.V1.Status.StatusClient(invoker).GetAsync(new StatusRequest(), options), Write, cancellation);

        void Write(StatusReply reply)
        {
            if (parsed.GetValue(_json)) StatusReport.WriteJson(Terminal.Output, reply);
            else StatusReport.WriteText(Terminal, reply);
        }
    }
}
