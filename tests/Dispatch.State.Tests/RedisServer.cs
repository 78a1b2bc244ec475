using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>A redis-server of our own on a free loopback port, with a folder of its own, ended with the test.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("dispatch-redis-").FullName;
    private readonly string[] _options;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private RedisServer(int port, string[] options) => (Port, _options) = (port, options);

    private IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public int Port { get; }

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Settings that reach it, under a prefix that no other test has.</summary>
    public RedisSettings Settings => new() { Endpoints = [Endpoint], Prefix = $"t-{Guid.NewGuid():N}", ConnectTimeout = TimeSpan.FromSeconds(10), CallTimeout = TimeSpan.FromSeconds(20) };

    /// <summary>Starts a server.</summary>
    /// <param name="options">More of redis-server's options, such as <c>--requirepass x</c>.</param>
    public static Task<RedisServer> StartAsync(params string[] options) => StartAsync(FreePort(), options);

    /// <summary>Starts a server with variables of its own.</summary>
    public static async Task<RedisServer> StartAsync(IReadOnlyDictionary<string, string> environment)
    {
        RedisServer server = new(FreePort(), []) { Environment = environment };
        await server.StartAgainAsync();
        return server;
    }

    public static async Task<RedisServer> StartAsync(int port, params string[] options)
    {
        RedisServer server = new(port, options);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts a Sentinel that watches a primary by the name <c>main</c> and alone decides on a failover.</summary>
    public static async Task<RedisServer> StartSentinelAsync(RedisServer primary)
    {
        RedisServer server = new(FreePort(), []);
        string file = Path.Combine(server._folder, "sentinel.conf");
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"""
            port {server.Port}
            bind 127.0.0.1
            dir {server._folder}
            sentinel monitor main 127.0.0.1 {primary.Port} 1
            sentinel down-after-milliseconds main 500
            sentinel failover-timeout main 5000

            """));
        await server.StartAsync([file, "--sentinel"], "+monitor master");
        return server;
    }

    /// <summary>A port that nobody has just now.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it after <see cref="KillAsync"/>; it comes back empty.</summary>
    public Task StartAgainAsync() => StartAsync(
        ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "no", .. _options],
        "Ready to accept connections");

    /// <summary>Sends the process a signal, such as STOP.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private async Task StartAsync(string[] arguments, string readyText)
    {
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ProcessStartInfo start = new("redis-server", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in Environment) start.Environment[name] = value;
        Process process = new() { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Hear(line.Data, readyText, ready);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"redis-server ended: {Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        await ready.Task.WaitAsync(Patience);
    }

    /// <summary>Ends it as a crash does.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    private void Hear(string? line, string readyText, TaskCompletionSource ready)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        if (line.Contains(readyText, StringComparison.Ordinal)) ready.TrySetResult();
    }
}
