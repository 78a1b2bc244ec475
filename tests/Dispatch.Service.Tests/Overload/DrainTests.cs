using System.Net;
using System.Net.Sockets;
using Grpc.Health.V1;
using TrafficDispatch.Service.Tests.Fuzz;

namespace TrafficDispatch.Service.Tests.Overload;

/// <summary>How the service ends: whoever watches knows first, whoever has asked is answered.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        _patience.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Stop_WithDelay_AnswersOnAndSaysThatItLeaves()
    {
        await using TestService service = await StartAsync("Shutdown:Delay=00:01:00");
        using HttpClient http = new();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(service.HttpUrl + "/healthz/ready"))).StatusCode);
        Task ending = service.StopAsync();
        HttpResponseMessage ready = await http.GetAsync(new Uri(service.HttpUrl + "/healthz/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("leaving\n", await ready.Content.ReadAsStringAsync());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await new Grpc.Health.V1.Health.HealthClient(service.Channel).CheckAsync(new())).Status);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(service.HttpUrl + "/healthz/live"))).StatusCode);
        Assert.NotEmpty((await service.Resolve(new() { RegionId = "FR-01" })).Edges);
        Assert.False(ending.IsCompleted);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        await ending.WaitAsync(_patience.Token);
        await Assert.ThrowsAsync<SocketException>(() => RawConnection.OpenAsync(service.GrpcUrl));
    }

    [Fact]
    public async Task Stop_CallUnderWay_IsAnsweredBeforeTheEnd()
    {
        await using TestService service = await StartAsync("Shutdown:Timeout=00:00:20");
        using RawConnection caller = await RawConnection.OpenAsync(service.GrpcUrl);
        await caller.SendAndBeHeardAsync(new Http2Bytes().Preface().Call(1, "/dispatch.v1.Relay/Route"), _patience.Token);
        Task ending = service.StopAsync();
        await caller.ReadToAsync(Http2Bytes.GoAway, _patience.Token);
        Assert.False(ending.IsCompleted);
        await caller.SendAsync(new Http2Bytes().Frame(Http2Bytes.Data, Http2Bytes.EndStream, 1, Http2Bytes.Message([])));
        (byte flags, _) = await caller.ReadToAsync(Http2Bytes.Headers, _patience.Token);
        Assert.Equal(Http2Bytes.EndStream, flags & Http2Bytes.EndStream);
        caller.Dispose();
        await ending.WaitAsync(_patience.Token);
    }

    /// <summary>A call that never ends, and a peer that does not close when it is asked to.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_PeerThatDoesNotEnd_IsCutAfterTheTimeout(bool calls)
    {
        await using TestService service = await StartAsync();
        using RawConnection peer = await RawConnection.OpenAsync(service.GrpcUrl);
        Http2Bytes bytes = new Http2Bytes().Preface();
        await peer.SendAndBeHeardAsync(calls ? bytes.Call(1, "/dispatch.v1.Relay/Route") : bytes, _patience.Token);
        Task ending = service.StopAsync();
        await peer.ReadToAsync(Http2Bytes.GoAway, _patience.Token);
        Assert.True(await peer.IsClosedAsync(_patience.Token));
        await ending.WaitAsync(_patience.Token);
        if (calls) Assert.Single(service.Log.All, static l => l.Contains("1 connections were still open after 1 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_AfterAFloodOfResets_IsNotHeldUp()
    {
        await using TestService service = await StartAsync();
        using RawConnection flood = await RawConnection.OpenAsync(service.GrpcUrl);
        await flood.SendAsync(new Http2Bytes().Preface());
        try
        {
            for (int i = 0; i < 200; i++)
            {
                Http2Bytes part = new();
                for (int s = 0; s < 1000; s++)
                {
                    int stream = 1 + 2 * (1000 * i + s);
                    part.Call(stream, "/dispatch.v1.Routing/Resolve").Frame(Http2Bytes.Reset, 0, stream, [0, 0, 0, 8]);
                }
                await flood.SendAsync(part);
            }
        }
        catch (SocketException)
        {
            // The server gave up on the connection, as it should.
        }
        Assert.True(await flood.IsClosedAsync(_patience.Token));
        Assert.NotEmpty((await service.Resolve(new() { RegionId = "FR-01" })).Edges);
        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    private Task<TestService> StartAsync(params string[] settings) =>
        TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=10", "Solve:Failures=off", .. settings]);
}
