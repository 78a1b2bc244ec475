using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace TrafficDispatch.Docs.Tests.Samples;

/// <summary>The relay's loop against a real service and parents on this machine, each at an address of its own.</summary>
public sealed partial class RelayTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Parents = ["rl-ams", "rl-lon"];

    // Nobody listens at rl-par's address; the port is one for all, as a media server's is.
    private readonly TestWorld _world = RelayWorld.Create().With("endpoints.csv",
        "node_id,service,type,value", "own-par,live,A,198.18.0.1", "rl-par,live,A,127.0.71.1", "rl-ams,live,A,127.0.71.2", "rl-lon,live,A,127.0.71.3").Save();
    private readonly StateDirectory _state = new();
    private readonly Dictionary<string, TcpListener> _listeners = [];
    private ServiceProcess? _service;
    private int _port;

    public async Task InitializeAsync()
    {
        foreach (string parent in Parents)
        {
            TcpListener listener = new(IPAddress.Parse(parent == "rl-ams" ? "127.0.71.2" : "127.0.71.3"), _port);
            listener.Start();
            _port = ((IPEndPoint)listener.LocalEndpoint).Port;
            _listeners[parent] = listener;
        }
        _service = ServiceProcess.Start("--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Admin:Url=http://127.0.0.1:0",
            $"--World:Path={_world.Directory}", $"--State:Path={_state.Path}", "--Solve:Failures=off");
        await _service.WaitFor("ask  ");
    }

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose()
    {
        foreach (TcpListener listener in _listeners.Values) listener.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Relay_ParentsFail_ReportsThemAndKeepsWhatWorks()
    {
        await using SampleProgram relay = await StartAsync("own-par", patience: 300);
        Assert.Equal("own-par > rl-par fails (CONNECT_FAILURE): taken", await relay.NextAsync());
        string first = ParentOf(await relay.NextAsync());
        using Socket stream = await _listeners[first].AcceptSocketAsync();
        for (int i = 0; i < 3; i++) Assert.Equal($"stays with {first} > og-par", await relay.NextAsync());

        stream.Close();
        string line = await relay.NextAsync();
        while (line == $"stays with {first} > og-par") line = await relay.NextAsync();
        Assert.Equal($"own-par > {first} fails (CONNECT_FAILURE): taken", line);
        string second = ParentOf(await relay.NextAsync());
        Assert.NotEqual(first, second);
        using Socket other = await _listeners[second].AcceptSocketAsync();
        Assert.Equal($"stays with {second} > og-par", await relay.NextAsync());
    }

    [Fact]
    public async Task Relay_ParentFallsSilent_IsReportedAndLeft()
    {
        await using SampleProgram relay = await StartAsync("own-bos", patience: 0.2);
        string line = await relay.NextAsync();
        while (!line.Contains("STALL", StringComparison.Ordinal)) line = await relay.NextAsync();
        Assert.Matches("^own-bos > rl-(ams|lon) fails \\(STALL\\): ", line);
        Assert.DoesNotMatch($"^fetches over {Silent().Match(line).Groups["parent"].Value} ", await relay.NextAsync());
    }

    private async Task<SampleProgram> StartAsync(string node, double patience)
    {
        string grpc = Grpc().Match(_service!.Output).Groups["authority"].Value;
        return SampleProgram.Start("/usr/bin/python3", ("PYTHONPATH", await PythonMessages.Folder), "-B", Path.Combine(ForeignTool.Root, "docs", "samples", "relay-python", "relay.py"),
            grpc, node, "news", "--port", FormattableString.Invariant($"{_port}"), "--patience", FormattableString.Invariant($"{patience}"), "--refresh", "0.1");
    }

    private static string ParentOf(string line)
    {
        Match found = Fetches().Match(line);
        Assert.True(found.Success, line);
        return found.Groups["parent"].Value;
    }

    [GeneratedRegex("^fetches over (?<parent>rl-ams|rl-lon) > og-par, ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fetches();

    [GeneratedRegex("> (?<parent>rl-[a-z]+) fails", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Silent();

    [GeneratedRegex("gRPC +http://(?<authority>[0-9.:]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grpc();
}
