using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Remote;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch resolve</c>: asks the service which edges serve a client.</summary>
internal sealed class ResolveCommand : DispatchCommand
{
    private readonly Argument<string?> _ip = new("IP") { Description = "The client's IPv4 or IPv6 address", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _subnet = new("--subnet") { Description = "Ask for a prefix instead, as EDNS Client Subnet gives it", HelpName = "CIDR" };
    private readonly Option<string?> _region = new("--region") { Description = "Ask for a region instead", HelpName = "ID" };
    private readonly Option<string?> _service = new("--service") { Description = "The service; otherwise the world's first", HelpName = "S" };
    private readonly Option<string?> _session = new("--session")
    {
        Description = "What the choice stays the same for, such as a user id; otherwise the client's /24 or /48",
        HelpName = "KEY",
    };
    private readonly Option<int> _count = NumberOption.Whole("--count", "N", "How many edges to answer with at most, 1 to 16; fewer is no error", 1, 16, 3);
    private readonly Option<string[]> _exclude = new("--exclude") { Description = "An edge not to answer with; may be repeated", HelpName = "E" };
    private readonly ServiceCall _call;
    private readonly Option<bool> _json = JsonOption();

    public ResolveCommand(Terminal terminal)
        : base(terminal, "resolve", "Asks the service which edges serve a client, best first, and why")
    {
        _call = ServiceCall.ToServing(terminal);
        Add(_ip);
        Add(_subnet);
        Add(_region);
        Add(_service);
        Add(_session);
        Add(_count);
        Add(_exclude);
        _call.AddTo(this);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch resolve 8.8.8.8",
        "dispatch resolve 2001:db8::1 --service live --session viewer-42 --count 2 --json",
        "dispatch resolve 8.8.8.8 --exclude own-fra --exclude own-ams",
        "dispatch resolve --region DE-03 --address http://127.0.0.1:5051",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (Read(parsed) is not { } request) return Task.FromResult(ExitCode.BadInput);
        return _call.RunAsync(parsed, (invoker, options) => new Routing.RoutingClient(invoker).ResolveAsync(request, options), Write, cancellation);

        void Write(ResolveReply reply)
        {
            if (parsed.GetValue(_json)) ResolveReport.WriteJson(Terminal.Output, reply);
            else ResolveReport.WriteText(Terminal, reply);
        }
    }

    private ResolveRequest? Read(ParseResult parsed)
    {
        ResolveRequest request = new()
        {
            Service = parsed.GetValue(_service) ?? "",
            SessionKey = parsed.GetValue(_session) ?? "",
            Count = (uint)parsed.GetValue(_count),
            Exclude = { parsed.GetValue(_exclude) ?? [] },
        };
        string? fault = SetClient(request, parsed.GetValue(_ip), parsed.GetValue(_subnet), parsed.GetValue(_region));
        if (fault is null) return request;
        Terminal.WriteFault(fault);
        Terminal.WriteHint("'dispatch resolve --help' shows the options and examples");
        return null;
    }

    private static string? SetClient(ResolveRequest request, string? ip, string? subnet, string? region)
    {
        int given = (ip is null ? 0 : 1) + (subnet is null ? 0 : 1) + (region is null ? 0 : 1);
        if (given != 1) return "name the client by exactly one of IP, --subnet and --region";
        if (ip is not null && !ClientAddress.TryParse(ip, out _))
            return $"IP is '{ip}'; it must be one IPv4 or IPv6 address without port, prefix length or zone";
        if (region is { Length: 0 }) return "--region is empty; it must be a region of the world";
        if (ip is not null) request.ClientIp = ip;
        else if (subnet is not null) request.ClientSubnet = subnet;
        else request.RegionId = region;
        return null;
    }
}
