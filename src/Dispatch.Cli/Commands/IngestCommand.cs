using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Remote;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch ingest</c>: asks the service which origin a publisher sends its stream to.</summary>
internal sealed class IngestCommand : DispatchCommand
{
    private readonly Argument<string?> _publisher = new("PUBLISHER")
    {
        Description = "Where the publisher is: a region such as DE-03, or an IPv4 or IPv6 address",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _node = new("--node") { Description = "Ask for an edge or relay instead", HelpName = "ID" };
    private readonly Option<double?> _bitrate = NumberOption.Real(
        "--bitrate-mbps", "MBPS", "Rate of the stream with all its variants; origins without so much room are left out", aboveZero: true);
    private readonly Option<int> _count = NumberOption.Whole("--count", "N", "How many origins to answer with at most, 1 to 3", 1, 3, 3);
    private readonly Option<string[]> _exclude = new("--exclude") { Description = "An origin not to answer with; may be repeated", HelpName = "O" };
    private readonly ServiceCall _call;
    private readonly Option<bool> _json = JsonOption();

    public IngestCommand(Terminal terminal)
        : base(terminal, "ingest", "Asks the service which origin a publisher sends its live stream to, best first, and why")
    {
        _call = ServiceCall.ToServing(terminal);
        Add(_publisher);
        Add(_node);
        Add(_bitrate);
        Add(_count);
        Add(_exclude);
        _call.AddTo(this);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch ingest DE-03",
        "dispatch ingest 8.8.8.8 --bitrate-mbps 12 --json",
        "dispatch ingest --node own-fra --exclude og-2",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        (string? publisher, string? node) = (parsed.GetValue(_publisher), parsed.GetValue(_node));
        double bitrate = parsed.GetValue(_bitrate) ?? 0;
        if (publisher is null == node is null) return Task.FromResult(Refuse("name the publisher by exactly one of PUBLISHER and --node"));
        if (bitrate > 1_000_000) return Task.FromResult(Refuse("--bitrate-mbps must be at most 1000000"));
        IngestRequest request = new()
        {
            BitrateKbps = (ulong)Math.Ceiling(bitrate * 1000),
            Count = (uint)parsed.GetValue(_count),
            Exclude = { parsed.GetValue(_exclude) ?? [] },
        };
        if (node is not null) request.NodeId = node;
        else if (ClientAddress.TryParse(publisher!, out _)) request.ClientIp = publisher;
        else request.RegionId = publisher;
        return _call.RunAsync(parsed, (invoker, options) => new Protocol.V1.Relay.RelayClient(invoker).IngestAsync(request, options), Write, cancellation);

        void Write(IngestReply reply)
        {
            if (parsed.GetValue(_json)) IngestReport.WriteJson(Terminal.Output, reply);
            else IngestReport.WriteText(Terminal, reply);
        }
    }

    private int Refuse(string fault)
    {
        Terminal.WriteFault(fault);
        Terminal.WriteHint("'dispatch ingest --help' shows the options and examples");
        return ExitCode.BadInput;
    }
}
