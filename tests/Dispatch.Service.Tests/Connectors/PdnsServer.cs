using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TrafficDispatch.Service.Tests.Connectors;

/// <summary>A real PowerDNS, with a configuration of the documentation but for addresses.</summary>
internal sealed class PdnsServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PdnsServer(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    /// <summary>The UDP port that it answers on.</summary>
    public int Port { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="sample">A file of <c>docs/samples/dns</c>.</param>
    /// <param name="changes">What stands there, and what is to stand there instead; each must occur.</param>
    public static async Task<PdnsServer> StartAsync(string sample, params (string From, string To)[] changes)
    {
        string folder = Directory.CreateTempSubdirectory("dispatch-pdns-").FullName;
        int port = FreePort();
        string text = await File.ReadAllTextAsync(Path.Combine(ForeignTool.Root, "docs", "samples", "dns", sample));
        (string, string)[] all = [.. changes, ("local-address=0.0.0.0", "local-address=127.0.0.1"), ("local-port=53", $"local-port={port.ToString(CultureInfo.InvariantCulture)}")];
        foreach ((string from, string to) in all)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "pdns.conf"), text);
        Process process = ForeignTool.Start("/usr/sbin/pdns_server", $"--config-dir={folder}", "--daemon=no", "--guardian=no", $"--socket-dir={folder}", "--disable-syslog", "--write-pid=no");
        PdnsServer server = new(process, folder, port);
        process.OutputDataReceived += (_, line) => server.Hear(line.Data);
        process.ErrorDataReceived += (_, line) => server.Hear(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => server._ready.TrySetException(new InvalidOperationException($"pdns_server ended: {server.Log}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await server._ready.Task.WaitAsync(Patience);
        return server;
    }

    private string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>Asks with dig.</summary>
    public async Task<string> Dig(params string[] arguments)
    {
        (int code, string output) = await ForeignTool.RunAsync("dig", ["@127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "+tries=2", "+time=10", .. arguments]);
        Assert.True(code == 0, output);
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_log) _log.AppendLine(line);
        if (line.Contains("ready to distribute questions", StringComparison.Ordinal)) _ready.TrySetResult();
    }

    private static int FreePort()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
