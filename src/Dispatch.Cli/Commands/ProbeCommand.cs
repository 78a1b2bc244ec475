using System.Collections.Immutable;
using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Probing;
using TrafficDispatch.Cli.Remote;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch probe</c>: a vantage. It tries the nodes of a world and tells services which of them answer.</summary>
internal sealed class ProbeCommand : DispatchCommand
{
    /// <summary>The environment variable that holds the vantage's token.</summary>
    public const string TokenVariable = "DISPATCH_VANTAGE_TOKEN";

    private const int LongestVantage = 64;

    private readonly Option<string?> _world = new("--world") { Description = "Folder with the world's tables; either this or --redis", HelpName = "DIR" };
    private readonly RedisOption _redis = new(isRequired: false);
    private readonly Option<string[]> _services = new("--service")
    {
        Description = $"A service's gRPC endpoint; repeat it for others to turn to when one is away; otherwise the variable {RemoteEndpoint.Serving.Variable}, otherwise {RemoteEndpoint.Serving.Default}",
        HelpName = "URL",
    };
    private readonly Option<string> _vantage = new("--vantage") { Description = "What this vantage is called, 1 to 64 characters; one name, one vote: no two vantages may share one", HelpName = "NAME", Required = true };
    private readonly Option<string?> _token = new("--token-file") { Description = $"A file whose first line is the vantage's token (the service's Probes:TokenFile); otherwise the variable {TokenVariable}", HelpName = "FILE" };
    private readonly Option<string?> _targets = new("--targets") { Description = "A file of lines kind:id,host:port that adds to the world's endpoints, or replaces those of the nodes it names", HelpName = "FILE" };
    private readonly Option<double?> _interval = NumberOption.Real("--interval", "SECONDS", "Time from one round to the next; 1 where not given", aboveZero: true);
    private readonly Option<double?> _within = NumberOption.Real("--within", "SECONDS", "An address that has not answered after so long fails; half the interval where not given", aboveZero: true);
    private readonly Option<int> _port = NumberOption.Whole("--port", "N", "The port to try, 1 to 65535; 0 for 443, or 80 with --http", 0, ushort.MaxValue, 0);
    private readonly Option<string?> _http = new("--http") { Description = "Ask for this path over HTTP and want a status from 200 to 399, instead of a TCP connection alone", HelpName = "PATH" };
    private readonly Option<int> _parallel = NumberOption.Whole("--parallel", "N", "Most addresses tried at once, 1 to 10000", 1, 10_000, 256);
    private readonly Option<int> _rounds = NumberOption.Whole("--rounds", "N", "End after so many rounds; 0 runs until it is ended", 0, int.MaxValue, 0);
    private readonly TlsOptions _tls = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print a line of JSON for each round instead of a line for each change" };

    public ProbeCommand(Terminal terminal)
        : base(terminal, "probe", "Tries the endpoints of edges, relays and origins and reports to services which answer")
    {
        Add(_world);
        _redis.AddTo(this);
        foreach (Option option in (Option[])[_services, _vantage, _token, _targets, _interval, _within, _port, _http, _parallel, _rounds, _json]) Add(option);
        _tls.AddTo(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch probe --world data/world --vantage ams-1 --service http://127.0.0.1:5051",
        "dispatch probe --redis 127.0.0.1:6379 --vantage nyc-1 --service https://a.example.net:5051 --service https://b.example.net:5051 --token-file /run/secrets/vantage --http /healthz --json",
    ];

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        List<string> faults = [];
        string vantage = parsed.GetRequiredValue(_vantage), token = Token(parsed, faults);
        Uri[] services = Services(parsed, faults);
        TimeSpan interval = Seconds.ToTimeSpan(parsed.GetValue(_interval) ?? 1)!.Value, timeout = Seconds.ToTimeSpan(parsed.GetValue(_within)) ?? interval / 2;
        string? path = parsed.GetValue(_http);
        if (vantage.Length is 0 or > LongestVantage) faults.Add($"--vantage is '{vantage}'; it must have 1 to {LongestVantage} characters");
        if (timeout > interval) faults.Add("--within must be at most --interval: rounds would overlap");
        if (path is { } asked && !asked.StartsWith('/')) faults.Add($"--http is '{asked}'; it must begin with a slash");
        if (parsed.GetValue(_world) is not null == _redis.IsGiven(parsed)) faults.Add("either --world or --redis must be given, and not both");
        RedisSettings? redis = _redis.IsGiven(parsed) ? _redis.Read(parsed, Terminal) : null;
        foreach (string fault in faults) Terminal.WriteFault(fault);
        if (faults.Count > 0 || (redis is null && _redis.IsGiven(parsed))) return ExitCode.BadInput;

        List<(Uri, HttpMessageHandler)> ways = [];
        foreach (Uri service in services)
        {
            if (!_tls.TryMake(parsed, service, Terminal, out SocketsHttpHandler? way)) return ExitCode.BadInput;
            ways.Add((service, way));
        }
        using HttpProbe? http = path is null ? null : new HttpProbe(path);
        using ProbeReporter reporter = new(ways, token, Terminal.Clock);
        // What is left of the interval after the slowest probe is what the beginnings may be spread over.
        ProbeRules rules = new(timeout, (interval - timeout) / 2, parsed.GetValue(_parallel));
        ProbeLoop loop = new(Terminal, vantage, http ?? (IProbe)new TcpProbe(), rules, interval, reporter, parsed.GetValue(_json));
        int port = parsed.GetValue(_port) is > 0 and int given ? given : path is null ? 443 : 80;
        try
        {
            return await loop.RunAsync(() => ReadAsync(parsed, redis, port, cancellation), parsed.GetValue(_rounds), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Probing has no end of its own: to be ended is how it ends in order.
            return ExitCode.Done;
        }
    }

    private async Task<(ImmutableArray<ProbeTarget>? Targets, int Code)> ReadAsync(ParseResult parsed, RedisSettings? redis, int port, CancellationToken cancellation)
    {
        (World? world, int code) = redis is null
            ? (WorldArgument.Load(Terminal, parsed.GetValue(_world)!, WorldParts.Network), ExitCode.BadInput)
            : await StoredAsync(redis, cancellation);
        if (world is null) return (null, code);
        ImmutableArray<ProbeTarget> targets = ProbeTargets.Of(world, port);
        if (parsed.GetValue(_targets) is not { } file) return (targets, ExitCode.Done);
        List<string> faults = [];
        try
        {
            targets = ProbeTargets.Merge(targets, ProbeTargets.Read(File.ReadLines(file), faults));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"cannot be read: {e.Message}");
        }
        foreach (string fault in faults) Terminal.WriteFault($"--targets '{file}': {fault}");
        return faults.Count == 0 ? (targets, ExitCode.Done) : (null, ExitCode.BadInput);
    }

    private async Task<(World? World, int Code)> StoredAsync(RedisSettings redis, CancellationToken cancellation)
    {
        try
        {
            await using RedisState state = await RedisState.OpenAsync(redis, RedisState.DefaultKept, Terminal.Clock, cancellation);
            WorldReading read = await state.Worlds.ReadAsync(cancellation);
            foreach (StateFault fault in read.Faults) Terminal.WriteFault(fault.ToString());
            if (read.World is null && read.Faults.IsEmpty) Terminal.WriteFault("there is no world in Redis yet: write one with 'dispatch load'");
            return (read.World, ExitCode.Unavailable);
        }
        catch (StoreUnavailableException e)
        {
            return (null, StoreFault.Write(Terminal, e));
        }
    }

    private string Token(ParseResult parsed, List<string> faults)
    {
        if (parsed.GetValue(_token) is not { } file) return Terminal.Variable(TokenVariable) ?? "";
        try
        {
            string line = File.ReadLines(file).FirstOrDefault("").Trim();
            if (line.Length == 0) faults.Add($"--token-file '{file}': the first line must hold the token");
            return line;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"--token-file '{file}' cannot be read: {e.Message}");
            return "";
        }
    }

    private Uri[] Services(ParseResult parsed, List<string> faults)
    {
        string[] given = parsed.GetValue(_services) is { Length: > 0 } named ? named : [Terminal.Variable(RemoteEndpoint.Serving.Variable) ?? RemoteEndpoint.Serving.Default];
        List<Uri> read = [];
        foreach (string address in given)
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https") read.Add(uri);
            else faults.Add($"--service is '{address}'; it must be a URL such as {RemoteEndpoint.Serving.Default}");
        }
        return [.. read];
    }
}
