using System.Net;
using System.Net.Sockets;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>Three vantages as processes of their own, real listeners for nodes, and a service: from a listener that closes to the answers.</summary>
public sealed class ProberTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Nodes = ["edge:own-par", "edge:own-bos", "edge:own-pek", "edge:cdn-par", "relay:rl-par", "origin:og-par"];

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _files = new();
    private readonly Dictionary<string, TcpListener> _listeners = Nodes.ToDictionary(static n => n, static _ => Listening(), StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (TcpListener listener in _listeners.Values) listener.Dispose();
        _files.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Probe_ListenerCloses_LeavesTheAnswersAndBlindVantagesTakeNothingOut()
    {
        string tokens = Write("tokens", "ams ams-token", "nyc nyc-token", "sin sin-token"), targets = Write("targets", [.. _listeners.Select(static l => $"{l.Key},{l.Value.LocalEndpoint}")]);
        await using ReplicaProcess service = await ReplicaProcess.StartAsync(
        [
            $"--World:Path={_world.Directory}", "--Solve:Interval=12:00:00", "--Solve:UtcHour=16", "--Health:BadToFall=3", "--Health:MostTakenPercent=100", $"--Probes:TokenFile={tokens}",
        ]);
        await service.Until(static s => s.State == "ready", "it serves");
        ServiceProcess[] vantages = [.. new[] { "ams", "nyc", "sin" }.Select(name => ServiceProcess.StartProgram("dispatch.dll",
            "probe", "--world", _world.Directory, "--targets", targets, "--vantage", name, "--token-file", Write(name, $"{name}-token"), "--service", service.Url, "--interval", "0.3"))];
        try
        {
            await service.Until(static s => s.Health.Vantages == 3, "three vantages have a say");
            _listeners["edge:own-par"].Dispose();
            TimeSpan took = await SharedHealth.UntilAsync(service, static e => e != "own-par", "answers leave own-par");
            ReplicaGroup.Measured(output, "a listener closes: answers leave the edge, three vantages probing every 0.3 s, down after 3 bad probes, after", took, TimeSpan.FromSeconds(10));

            // Everything fails: the vantages take it for their own trouble.
            foreach (TcpListener listener in _listeners.Values) listener.Dispose();
            foreach (ServiceProcess vantage in vantages) await vantage.WaitForError("distrusts itself and reports nothing");
            StatusReply status = await service.StatusAsync();
            Assert.Equal("own-par", Assert.Single(status.Overlay, static o => o.Source == "probes").Id);
        }
        finally
        {
            foreach (ServiceProcess vantage in vantages)
            {
                vantage.Terminate();
                Assert.Equal(0, await vantage.ExitCode());
                await vantage.DisposeAsync();
            }
        }
    }

    private string Write(string name, params string[] lines)
    {
        string path = Path.Combine(_files.Path, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    private static TcpListener Listening()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        _ = AcceptAsync(listener);
        return listener;
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true) (await listener.AcceptTcpClientAsync()).Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has closed it.
        }
    }
}
