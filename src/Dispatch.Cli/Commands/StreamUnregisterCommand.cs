using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch streams unregister</c>: takes live streams out of the registry, whoever put them there.</summary>
internal sealed class StreamUnregisterCommand : DispatchCommand
{
    private readonly Argument<string[]> _keys = new("KEYS") { Description = "Keys of the streams", Arity = ArgumentArity.OneOrMore };
    private readonly StoreOption _store = new();
    private readonly Option<bool> _json = JsonOption();

    public StreamUnregisterCommand(Terminal terminal)
        : base(terminal, "unregister", "Takes live streams out of the registry; those of the world's own tables stay")
    {
        Add(_keys);
        _store.AddTo(this);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["dispatch streams unregister harbour-cam --redis 127.0.0.1:6379"];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => _store.RunAsync(parsed, Terminal, async store =>
    {
        List<string> unknown = [];
        foreach (string key in parsed.GetValue(_keys) ?? [])
            if (!await store.Streams.RemoveAsync(key, cancellation)) unknown.Add(key);
        foreach (string key in unknown) Terminal.WriteFault($"no stream '{key}' is registered");
        if (unknown.Count > 0) return ExitCode.BadInput;
        StreamListReport.Write(Terminal, await store.Streams.ListAsync(cancellation), parsed.GetValue(_json));
        return ExitCode.Done;
    }, cancellation);
}
