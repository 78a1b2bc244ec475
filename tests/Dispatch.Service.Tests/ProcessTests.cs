using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Rpc.Tests;

namespace TrafficDispatch.Service.Tests;

public sealed class ProcessTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Run_GoodWorld_TellsAFirstAnswerServesAndEndsOnSignal()
    {
        await using ServiceProcess service = Start();
        await service.WaitFor("ask  ");
        Assert.Contains("3 regions, 4 edges, 2 relays, 2 origins, 2 services, 4 prefixes", service.Output, StringComparison.Ordinal);
        Assert.Contains("first  192.0.2.1 → own-", service.Output, StringComparison.Ordinal);
        Assert.Contains("Region FR-01 (Paris): the plan sends", service.Output, StringComparison.Ordinal);
        string grpc = UrlOf(service.Output, "gRPC");
        Assert.DoesNotContain(":0 ", grpc + " ", StringComparison.Ordinal);
        using GrpcChannel channel = GrpcChannel.ForAddress(grpc);
        Assert.Equal("FR-01", (await new Routing.RoutingClient(channel).ResolveAsync(new() { ClientIp = "192.0.2.1" })).RegionId);
        service.Terminate();
        Assert.Equal(0, await service.ExitCode());
        Assert.Equal("", service.Errors);
    }

    [Fact]
    public async Task Run_BadWorldAndNoTable_PrintsEveryFaultAndEnds()
    {
        _world.Change("edges.csv", "42.4,-71,5,", "42.4,-71,-5,").Change("rtt_region_edge.csv", "FR-01,8.5,", "FR-01,NaN,")
            .Change("links_relay_relay.csv", "rl-par,rl-pek,150", "rl-par,nosuch,150").Save();
        await using ServiceProcess service = Start();
        Assert.Equal(2, await service.ExitCode());
        Assert.Contains("edges.csv:3:", service.Errors, StringComparison.Ordinal);
        Assert.Contains("'-5'", service.Errors, StringComparison.Ordinal);
        Assert.Contains("rtt_region_edge.csv:2:", service.Errors, StringComparison.Ordinal);
        Assert.Contains("links_relay_relay.csv:2:", service.Errors, StringComparison.Ordinal);
        Assert.Contains("State:Path holds no table", service.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SettingsAreBad_PrintsEveryFaultAndEnds()
    {
        await using ServiceProcess service = Start("--Redis:Configuration=localhost:6379,password=hunter2", "--Solve:Interval=never");
        Assert.Equal(2, await service.ExitCode());
        Assert.Contains("Redis:Configuration is '(not shown)': password must not stand here", service.Errors, StringComparison.Ordinal);
        Assert.Contains("Solve:Interval is 'never'", service.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", service.Errors + service.Output, StringComparison.Ordinal);
    }

    /// <summary>All that the process allocates while it answers, counted by itself; whole bursts of requests in one piece, as a busy client sends them.</summary>
    [Fact]
    public async Task Run_ManyRequests_AllocatesLittleForEach()
    {
        const int Burst = 100, Bursts = 200;
        const double MostBytes = 300;
        await using ServiceProcess service = Start("--Solve:Failures=off");
        await service.WaitFor("ask  ");
        using HttpClient http = new();
        Uri metrics = new(UrlOf(service.Output, "pages") + "/metrics");
        using Http2Wire wire = await Http2Wire.ConnectAsync(new Uri(UrlOf(service.Output, "gRPC")));
        await AskAsync(Bursts);
        double before = await AllocatedAsync();
        await AskAsync(Bursts);
        Assert.InRange((await AllocatedAsync() - before) / (Burst * Bursts), 0, MostBytes);

        async Task AskAsync(int bursts)
        {
            byte[] request = RawRequest.Frame(new ResolveRequest { ClientIp = "192.0.2.1", Service = "live" }.ToByteArray());
            using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
            for (int i = 0; i < bursts; i++)
            {
                for (int j = 0; j < Burst; j++) wire.PutBody(wire.PutHead("/dispatch.v1.Routing/Resolve"), request);
                await wire.FlushAsync();
                await wire.ReadAsync(Burst, patience.Token);
            }
        }

        async Task<double> AllocatedAsync()
        {
            string line = (await http.GetStringAsync(metrics)).Split('\n').Single(static l => l.StartsWith("dispatch_allocated_bytes_total ", StringComparison.Ordinal));
            return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }
    }

    private static string UrlOf(string output, string what) =>
        Regex.Match(output, what + @" +(?<url>http://127\.0\.0\.1:\d+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["url"].Value;

    [Fact]
    public async Task Run_StateFolderIsHeld_IsRefused()
    {
        await using ServiceProcess first = Start();
        await first.WaitFor("Settings: ");
        await first.WaitFor("ask  ");
        await using ServiceProcess second = Start();
        Assert.Equal(2, await second.ExitCode());
        Assert.Contains($"State:Path is '{_state.Path}': another process holds it", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PortIsTaken_SaysSoAndEnds()
    {
        await using ServiceProcess first = Start();
        await first.WaitFor("ask  ");
        string taken = Regex.Match(first.Output, @"gRPC   (?<url>http://127\.0\.0\.1:\d+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["url"].Value;
        using StateDirectory other = new();
        await using ServiceProcess second = ServiceProcess.Start(
            [.. TestService.Arguments(_world.Directory, other.Path), "--Kestrel:Endpoints:Grpc:Url=" + taken]);
        Assert.Equal(6, await second.ExitCode());
        Assert.Contains(taken, second.Errors, StringComparison.Ordinal);
        Assert.Contains("address already in use", second.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", second.Errors, StringComparison.Ordinal);
    }

    /// <summary>An address of TEST-NET-3 belongs to no machine.</summary>
    [Fact]
    public async Task Run_AddressIsNotThisMachines_SaysSoAndEnds()
    {
        await using ServiceProcess service = Start("--Kestrel:Endpoints:Grpc:Url=http://203.0.113.7:5051");
        Assert.Equal(6, await service.ExitCode());
        Assert.Contains("Kestrel:Endpoints:Grpc:Url is 'http://203.0.113.7:5051'", service.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CertificateIsMissing_SaysSoAndEnds()
    {
        await using ServiceProcess service = Start(
            "--Kestrel:Endpoints:Grpc:Url=https://127.0.0.1:0", "--Kestrel:Endpoints:Grpc:Certificate:Subject=nobody.example.net", "--Kestrel:Endpoints:Grpc:Certificate:Store=My");
        Assert.Equal(2, await service.ExitCode());
        Assert.Contains("The settings under Kestrel cannot be used", service.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Errors, StringComparison.Ordinal);
    }

    /// <summary>On a signal the calls that run are answered; those that come later find no server. Nothing else may happen to a call.</summary>
    [Fact]
    public async Task Run_SignalUnderLoad_AnswersOrRefusesEveryCall()
    {
        await using ServiceProcess service = Start();
        await service.WaitFor("ask  ");
        string grpc = UrlOf(service.Output, "gRPC");
        using GrpcChannel channel = GrpcChannel.ForAddress(grpc);
        Routing.RoutingClient routing = new(channel);
        TaskCompletionSource warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(AskUntilRefused))];
        await warm.Task;
        service.Terminate();
        Assert.True((await Task.WhenAll(clients)).Sum() >= 200);
        Assert.Equal(0, await service.ExitCode());

        async Task<int> AskUntilRefused()
        {
            for (int count = 0; ; count++)
            {
                if (count == 200) warm.TrySetResult();
                try
                {
                    Assert.NotEmpty((await routing.ResolveAsync(new() { ClientIp = "192.0.2.1" })).Edges);
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
                {
                    return count;
                }
            }
        }
    }

    [Fact]
    public async Task Run_JsonFormatter_LogsJson()
    {
        await using ServiceProcess service = Start("--Logging:Console:FormatterName=json");
        await service.WaitFor("\"EventId\":2002");
        Assert.Contains("\"EventId\":1000", service.Output, StringComparison.Ordinal);
    }

    private ServiceProcess Start(params string[] settings) => ServiceProcess.Start([.. TestService.Arguments(_world.Directory, _state.Path), .. settings]);
}
