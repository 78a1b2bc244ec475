using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch history</c>: who changed what.</summary>
internal sealed class HistoryCommand : ChangeCommand
{
    private readonly Option<int> _last = NumberOption.Whole("--last", "N", "Show so many, up to 1000; 50 where not given", 1, 1000, standard: 50);

    public HistoryCommand(Terminal terminal)
        : base(terminal, "history", "Shows who changed what, when and why, newest first")
    {
        Add(_last);
        AddCall();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch history", "dispatch history --last 5 --json"];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => Call.RunAsync(
        parsed, (invoker, options) => new Admin.AdminClient(invoker).HistoryAsync(new HistoryRequest { Most = (uint)parsed.GetValue(_last) }, options),
        reply => HistoryReport.Write(Terminal, reply, parsed.GetValue(Json)), cancellation);
}
