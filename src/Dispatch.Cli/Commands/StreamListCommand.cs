using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch streams list</c>: shows the live streams registered at run time.</summary>
internal sealed class StreamListCommand : DispatchCommand
{
    private readonly StoreOption _store = new();
    private readonly Option<bool> _json = JsonOption();

    public StreamListCommand(Terminal terminal)
        : base(terminal, "list", "Shows the live streams registered at run time, by whom and until when")
    {
        _store.AddTo(this);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch streams list --redis 127.0.0.1:6379", "dispatch streams list --state /var/lib/dispatch --json"];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => _store.RunAsync(parsed, Terminal, async store =>
    {
        StreamListReport.Write(Terminal, await store.Streams.ListAsync(cancellation), parsed.GetValue(_json));
        return ExitCode.Done;
    }, cancellation);
}
