using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using TrafficDispatch.State.Tests;

namespace TrafficDispatch.Cli.Tests.Commands;

/// <summary>Real listeners, some of them closed, and a service that keeps what it is told.</summary>
public sealed class ProbeCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<TcpListener> _listeners = [];

    public void Dispose()
    {
        foreach (TcpListener listener in _listeners) listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Probe_OneListenerIsClosed_ReportsEachNode()
    {
        await using FakeService service = await FakeService.StartAsync();
        CliRun run = await Run(service, Targets(open: 4, closed: 1), "--rounds", "2", "--json", "--token-file", _folder.Write("token", "s3cret"));
        Assert.Equal((0, ""), (run.Code, run.Error));
        JsonElement[] rounds = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonDocument.Parse(l).RootElement)];
        Assert.All(rounds, static r => Assert.Equal((5, "edge:c0", true, 5),
            (r.GetProperty("targets").GetInt32(), Assert.Single(r.GetProperty("failed").EnumerateArray()).GetString(), r.GetProperty("reported").GetBoolean(), r.GetProperty("taken").GetInt32())));
        Assert.Equal(10, service.Answers.Probed.Count);
        Assert.All(service.Answers.Probed, static p => Assert.Equal("Bearer s3cret", p.Authorization));
        Assert.Equal([(false, 1u), (false, 2u)], service.Answers.Probed.Where(static p => p.Report.Id == "c0").Select(static p => (p.Report.Good, p.Report.Streak)));
    }

    [Fact]
    public async Task Probe_MostListenersAreClosed_SaysSoAndReportsNothing()
    {
        await using FakeService service = await FakeService.StartAsync();
        CliRun run = await Run(service, Targets(open: 2, closed: 3), "--rounds", "2");
        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.StartsWith("warning: 3 of 5 targets fail: vantage 'ams' distrusts itself", Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(service.Answers.Probed);
    }

    [Fact]
    public async Task Probe_FirstServiceIsAway_TurnsToTheNext()
    {
        await using FakeService service = await FakeService.StartAsync();
        string away = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RedisServer.FreePort()}");
        CliRun run = await Run(service, Targets(open: 1, closed: 1), "--service", away, "--rounds", "1");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.EndsWith("Z edge:c0 fails\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, service.Answers.Probed.Count);
    }

    [Fact]
    public async Task Probe_ServiceRefusesTheVantage_ExitsSeven()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Probe = static _ => StatusCode.PermissionDenied;
        CliRun run = await Run(service, Targets(open: 1, closed: 0));
        Assert.Equal(7, run.Code);
        Assert.Contains("nothing was reported (PermissionDenied)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_Http_WantsAGoodStatus()
    {
        await using FakeService service = await FakeService.StartAsync();
        string targets = _folder.Write("targets", $"edge:good,{Answering("200 OK")}", $"edge:moved,{Answering("301 Moved")}", $"edge:broken,{Answering("500 Oops")}");
        CliRun run = await CliRun.Of(Line(service, targets, "--rounds", "1", "--http", "/healthz", "--interval", "10"));
        Assert.Equal(0, run.Code);
        Assert.Equal([("broken", false), ("good", true), ("moved", true)],
            service.Answers.Probed.Select(static p => (p.Report.Id, p.Report.Good)).OrderBy(static p => p.Id, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("--interval 1 --within 2", "--within must be at most --interval")]
    [InlineData("--http healthz", "--http is 'healthz'")]
    [InlineData("--service ftp://x", "--service is 'ftp://x'")]
    [InlineData("--redis h:1", "either --world or --redis")]
    [InlineData("--token-file /none", "--token-file '/none' cannot be read")]
    [InlineData("--targets /none", "--targets '/none': cannot be read")]
    public async Task Probe_BadOption_ExitsTwoAndSaysWhy(string options, string fault)
    {
        CliRun run = await CliRun.Of(["probe", "--world", TinyWorld.Write(_folder), "--vantage", "ams", .. options.Split(' ')]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edge:a", "line 2 is 'edge:a'")]
    [InlineData("domain:a,h:1", "line 2 is 'domain:a,h:1'")]
    [InlineData("edge:a,h:0", "line 2 is 'edge:a,h:0'")]
    public async Task Probe_BadTarget_ExitsTwoAndNamesTheLine(string line, string fault)
    {
        CliRun run = await CliRun.Of("probe", "--world", TinyWorld.Write(_folder), "--vantage", "ams", "--targets", _folder.Write("targets", "# targets", line));
        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_WorldWithoutEndpoints_ExitsTwo()
    {
        CliRun run = await CliRun.Of("probe", "--world", TinyWorld.Write(_folder), "--vantage", "ams");
        Assert.Equal(2, run.Code);
        Assert.Contains("there is nothing to probe", run.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> Run(FakeService service, string targets, params string[] more) => CliRun.Of(Line(service, targets, [.. more, "--interval", "0.4"]));

    private string[] Line(FakeService service, string targets, params string[] more) =>
        ["probe", "--world", TinyWorld.Write(_folder), "--vantage", "ams", "--targets", targets, .. more, "--service", service.Address];

    private string Targets(int open, int closed) => _folder.Write("targets",
    [
        .. Enumerable.Range(0, open).Select(i => string.Create(CultureInfo.InvariantCulture, $"edge:o{i},{Listening()}")),
        .. Enumerable.Range(0, closed).Select(static i => string.Create(CultureInfo.InvariantCulture, $"edge:c{i},127.0.0.1:{RedisServer.FreePort()}")),
    ]);

    private EndPoint Listening()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        _listeners.Add(listener);
        return listener.LocalEndpoint;
    }

    /// <summary>A listener that answers every request with a status.</summary>
    private EndPoint Answering(string status)
    {
        EndPoint at = Listening();
        TcpListener listener = _listeners[^1];
        _ = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            byte[] asked = new byte[4096];
            int length = await stream.ReadAsync(asked);
            Assert.StartsWith("GET /healthz HTTP/1.1", Encoding.ASCII.GetString(asked, 0, length), StringComparison.Ordinal);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nLocation: /elsewhere\r\nConnection: close\r\n\r\n"));
        });
        return at;
    }
}
