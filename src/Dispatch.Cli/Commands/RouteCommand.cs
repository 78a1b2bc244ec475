using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Remote;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch route</c>: asks the service where a node fetches a stream from.</summary>
internal sealed class RouteCommand : DispatchCommand
{
    private readonly Argument<string> _node = new("NODE") { Description = "The edge or relay that wants the stream" };
    private readonly Option<string> _stream = new("--stream") { Description = "The stream it wants", HelpName = "KEY", Required = true };
    private readonly Option<int> _count = NumberOption.Whole("--count", "N", "How many paths to answer with at most, 1 to 3", 1, 3, 3);
    private readonly Option<string[]> _exclude = new("--exclude") { Description = "A node that no path may touch; may be repeated", HelpName = "E" };
    private readonly Option<string[]> _excludeHop = new("--exclude-hop") { Description = "A hop that no path may take, written FROM:TO; may be repeated", HelpName = "H" };
    private readonly Option<string[]> _current = new("--current") { Description = "A node over which the stream is fetched now, the first relay first; repeat it for the next", HelpName = "NODE" };
    private readonly ServiceCall _call;
    private readonly Option<bool> _json = JsonOption();

    public RouteCommand(Terminal terminal)
        : base(terminal, "route", "Asks the service over which relays a node fetches a live stream, best path first")
    {
        _call = ServiceCall.ToServing(terminal);
        Add(_node);
        Add(_stream);
        Add(_count);
        Add(_exclude);
        Add(_excludeHop);
        Add(_current);
        _call.AddTo(this);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch route own-fra --stream harbour-news",
        "dispatch route rl-tokyo --stream harbour-news --count 2 --exclude rl-singapore --json",
        "dispatch route own-fra --stream harbour-news --current rl-frankfurt --exclude-hop own-fra:rl-dublin",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        List<HopPair> hops = [];
        foreach (string hop in parsed.GetValue(_excludeHop) ?? [])
        {
            if (hop.Split(':') is not [{ Length: > 0 } from, { Length: > 0 } to])
            {
                Terminal.WriteFault($"--exclude-hop is '{hop}'; it must be two nodes, FROM:TO");
                return Task.FromResult(ExitCode.BadInput);
            }
            hops.Add(new() { From = from, To = to });
        }
        RouteRequest request = new()
        {
            NodeId = parsed.GetRequiredValue(_node),
            StreamKey = parsed.GetRequiredValue(_stream),
            Count = (uint)parsed.GetValue(_count),
            Exclude = { parsed.GetValue(_exclude) ?? [] },
            ExcludeHops = { hops },
            Current = { parsed.GetValue(_current) ?? [] },
        };
        return _call.RunAsync(parsed, (invoker, options) => new Relay.RelayClient(invoker).RouteAsync(request, options), Write, cancellation);

        void Write(RouteReply reply)
        {
            if (parsed.GetValue(_json)) RouteReport.WriteJson(Terminal.Output, reply);
            else RouteReport.WriteText(Terminal, reply);
        }
    }
}
