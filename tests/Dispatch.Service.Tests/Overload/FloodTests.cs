using Google.Protobuf;
using Grpc.Health.V1;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Control;
using TrafficDispatch.Service.Tests.Fuzz;

namespace TrafficDispatch.Service.Tests.Overload;

/// <summary>Thousands of calls at once, again and again as soon as they are answered: whoever watches or runs the service is answered beside them.</summary>
[Collection(nameof(Alone))]
public sealed class FloodTests : IDisposable
{
    private const int Connections = 60, CallsEach = 100;

    private static readonly int Visits = Environment.GetEnvironmentVariable("DISPATCH_LONG_TESTS") == "1" ? 500 : 10;

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(2)), _enough = new();

    public void Dispose()
    {
        _patience.Dispose();
        _enough.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Health_AdminAndPages_AreAnsweredBesideAFlood()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:UtcHour=10", "Solve:Failures=off", "Overload:QueueMs=20");
        using AdminCaller admin = AdminCaller.Of(service, _state.Path);
        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };
        Task<long>[] floods = [.. Enumerable.Range(0, Connections).Select(_ => FloodAsync(service))];
        for (int visit = 0; visit < Visits; visit++)
        {
            HealthCheckResponse health = await new Grpc.Health.V1.Health.HealthClient(service.Channel).CheckAsync(new(), deadline: DateTime.MaxValue, cancellationToken: _patience.Token);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
            Assert.Equal("ready", (await service.Status()).State);
            await admin.Overrides();
            Assert.Equal("live\n", await http.GetStringAsync(new Uri(service.HttpUrl + "/healthz/live"), _patience.Token));
        }
        await _enough.CancelAsync();
        long[] answered = await Task.WhenAll(floods);
        // Each connection went on being answered, or told to come later: nobody was left waiting.
        Assert.All(answered, static calls => Assert.True(calls >= CallsEach));
    }

    /// <summary>A hundred calls at once, and again when they have ended.</summary>
    /// <returns>How many ended.</returns>
    private async Task<long> FloodAsync(TestService service)
    {
        using RawConnection flood = await RawConnection.OpenAsync(service.GrpcUrl);
        byte[] ask = Http2Bytes.Message(new ResolveRequest { RegionId = "FR-01" }.ToByteArray());
        long ended = 0;
        for (int first = 1; !_enough.IsCancellationRequested; first += 2 * CallsEach)
        {
            Http2Bytes bytes = first == 1 ? new Http2Bytes().Preface().Frame(Http2Bytes.WindowUpdate, 0, 0, [0x7f, 0xfe, 0, 0]) : new();
            for (int call = 0; call < CallsEach; call++)
                bytes.Call(first + 2 * call, "/dispatch.v1.Routing/Resolve").Frame(Http2Bytes.Data, Http2Bytes.EndStream, first + 2 * call, ask);
            await flood.SendAsync(bytes);
            for (int open = CallsEach; open > 0;)
            {
                (byte flags, _) = await flood.ReadToAsync(Http2Bytes.Headers, _patience.Token);
                if ((flags & Http2Bytes.EndStream) == 0) continue;
                open--;
                ended++;
            }
        }
        return ended;
    }
}
