using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Overload;
using TrafficDispatch.Service.Tests.Control;
using TrafficDispatch.Service.Tests.Fuzz;

namespace TrafficDispatch.Service.Tests.Overload;

/// <summary>What the whole service does when more is asked than it takes: it says so, says when to come again, and answers whoever watches it.</summary>
public sealed class LimitTests : IDisposable
{
    private const string Route = "/dispatch.v1.Relay/Route";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ResolveRequest Ask = new() { RegionId = "FR-01" };

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly CancellationTokenSource _patience = new(Patience);

    public void Dispose()
    {
        _patience.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Calls_WaitTooLong_AreShedWithPushbackOnBothWays()
    {
        await using TestService service = await StartAsync("Overload:QueueMs=250");
        Shedding shedding = service.Part<Shedding>();
        // The probe, which sees no wait here, is held off by a state that it would only reach under load.
        RpcException direct = await ShedAsync(shedding, () => service.Routing.ResolveAsync(Ask).ResponseAsync);
        RpcException pipeline = await ShedAsync(shedding, () => service.Routing.ResolveBatchAsync(new() { Requests = { Ask } }).ResponseAsync);
        foreach (RpcException shed in (RpcException[])[direct, pipeline])
        {
            Assert.Equal(StatusCode.ResourceExhausted, shed.StatusCode);
            Assert.InRange(int.Parse(shed.Trailers.GetValue("grpc-retry-pushback-ms") ?? "", System.Globalization.CultureInfo.InvariantCulture), 1000, 2000);
        }
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Grpc.Health.V1.Health.HealthClient(service.Channel).CheckAsync(new())).Status);
        Assert.Matches("""dispatch_shed_total\{reason="queue_time"\} [1-9]""", await PageAsync(service, "/metrics"));
    }

    [Fact]
    public async Task Calls_AsManyAsMayBe_OthersAreRefusedUntilOneEnds()
    {
        await using TestService service = await StartAsync("Overload:Calls=3");
        using RawConnection holder = await RawConnection.OpenAsync(service.GrpcUrl);
        Http2Bytes held = new Http2Bytes().Preface();
        for (int i = 0; i < 3; i++) held.Call(1 + 2 * i, Route);
        await holder.SendAndBeHeardAsync(held, _patience.Token);
        CallLimit limit = service.Part<OverloadParts>().Calls;
        await Eventually.Holds(() => limit.Calls == 3, _patience.Token);

        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await service.Relay.RouteAsync(new()));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.NotNull(refused.Trailers.GetValue("grpc-retry-pushback-ms"));
        Assert.NotEmpty((await service.Resolve(Ask)).Edges);
        await service.Status();

        await holder.SendAsync(new Http2Bytes().Frame(Http2Bytes.Reset, 0, 1, [0, 0, 0, 8]));
        await Eventually.Holds(() => limit.Calls < 3, _patience.Token);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () => await service.Relay.RouteAsync(new()))).StatusCode);
    }

    [Fact]
    public async Task Streams_AsManyAsMayBe_OthersAreRefusedUntilOneEnds()
    {
        await using TestService service = await StartAsync("Overload:Streams=2");
        CallLimit limit = service.Part<OverloadParts>().Calls;
        using CancellationTokenSource over = new();
        Protocol.V1.Telemetry.TelemetryClient client = new(service.Channel);
        using AsyncClientStreamingCall<ReportBatch, ReportReply> first = client.Report(cancellationToken: over.Token);
        using AsyncClientStreamingCall<ReportBatch, ReportReply> second = client.Report();
        await Eventually.Holds(() => limit.Streams == 2, _patience.Token);
        using AsyncClientStreamingCall<ReportBatch, ReportReply> third = client.Report();
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () => await third)).StatusCode);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = new Grpc.Health.V1.Health.HealthClient(service.Channel).Watch(new());
        Assert.True(await watch.ResponseStream.MoveNext(_patience.Token));
        await over.CancelAsync();
        await Eventually.Holds(() => limit.Streams == 2, _patience.Token);
    }

    [Fact]
    public async Task GrpcConnections_MoreThanMayBe_LearnOfHealthAlone()
    {
        await using TestService service = await StartAsync("Overload:GrpcConnections=1");
        using RawConnection holder = await RawConnection.OpenAsync(service.GrpcUrl);
        await holder.SendAndBeHeardAsync(new Http2Bytes().Preface(), _patience.Token);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await service.Resolve(Ask));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.NotNull(refused.Trailers.GetValue("grpc-retry-pushback-ms"));
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () => await service.Relay.RouteAsync(new()))).StatusCode);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Grpc.Health.V1.Health.HealthClient(service.Channel).CheckAsync(new())).Status);
        holder.Dispose();
        await Eventually.Holds(() => service.Part<OverloadParts>().Connections[0].Open == 1, _patience.Token);
        using GrpcChannel fresh = GrpcChannel.ForAddress(service.GrpcUrl);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () => await new Routing.RoutingClient(fresh).ResolveAsync(Ask))).StatusCode);
    }

    [Fact]
    public async Task HttpConnections_MoreThanMayBe_LearnOfHealthAndMetricsAlone()
    {
        await using TestService service = await StartAsync("Overload:HttpConnections=1");
        using HttpClient holder = new(), other = new();
        Assert.Equal(HttpStatusCode.OK, (await holder.GetAsync(new Uri(service.HttpUrl))).StatusCode);
        HttpResponseMessage refused = await other.GetAsync(new Uri(service.HttpUrl));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.True(refused.Headers.ConnectionClose);
        foreach (string path in (string[])["/healthz/live", "/healthz/ready", "/metrics"])
            Assert.Equal(HttpStatusCode.OK, (await other.GetAsync(new Uri(service.HttpUrl + path))).StatusCode);
    }

    [Fact]
    public async Task AdminConnections_MoreThanMayBe_AreClosedAndToldOnce()
    {
        await using TestService service = await StartAsync("Overload:AdminConnections=1");
        using AdminCaller admin = AdminCaller.Of(service, _state.Path);
        await admin.Overrides();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(await IsTurnedAwayAsync(service.AdminUrl));
        }
        await admin.Overrides();
        Assert.Single(service.Log.All, static l => l.Contains("Overload:AdminConnections", StringComparison.Ordinal));
        Assert.Contains("dispatch_connections_refused_total{endpoint=\"admin\"} 3\n", await PageAsync(service, "/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_OfOneConnectionMoreThanMayBe_AreRefusedAlone()
    {
        await using TestService service = await StartAsync();
        using RawConnection one = await RawConnection.OpenAsync(service.GrpcUrl);
        Http2Bytes many = new Http2Bytes().Preface();
        for (int i = 0; i < 110; i++) many.Call(1 + 2 * i, Route);
        await one.SendAsync(many);
        (_, byte[] code) = await one.ReadToAsync(Http2Bytes.Reset, _patience.Token);
        Assert.Equal([0, 0, 0, 7], code);
        Assert.NotEmpty((await service.Resolve(Ask)).Edges);
    }

    private Task<TestService> StartAsync(params string[] settings) =>
        TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=10", "Solve:Failures=off", .. settings]);

    // The real probe measures every 50 ms that nobody waits here, so calls are made until one meets the state that the test sets.
    private async Task<RpcException> ShedAsync(Shedding shedding, Func<Task> call)
    {
        while (true)
        {
            shedding.Heed(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
            try
            {
                await call().WaitAsync(_patience.Token);
            }
            catch (RpcException e)
            {
                return e;
            }
        }
    }

    // A peer that is slow to look finds the reset already when it opens.
    private async Task<bool> IsTurnedAwayAsync(string url)
    {
        try
        {
            using RawConnection other = await RawConnection.OpenAsync(url);
            return await other.IsClosedAsync(_patience.Token);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }

    private static async Task<string> PageAsync(TestService service, string path)
    {
        using HttpClient http = new();
        return await http.GetStringAsync(new Uri(service.HttpUrl + path));
    }
}
