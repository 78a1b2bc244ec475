using System.Diagnostics;
using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Overload;
using TrafficDispatch.Service.Tests.Fuzz;

namespace TrafficDispatch.Service.Tests.Overload;

/// <summary>
/// Connections that come and go, in order, in the middle of a call or with a reset, while others are answered: nothing of them stays. `./test.sh --long`
/// takes a hundred thousand.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ChurnTests : IDisposable
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("DISPATCH_LONG_TESTS") == "1" ? 2500 : 20;
    private const int Together = 20;

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(20));

    public void Dispose()
    {
        _patience.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Connections_ComeAndGo_NothingStays()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:UtcHour=10", "Solve:Failures=off");
        ConnectionLimit connections = service.Part<OverloadParts>().Connections[0];
        ResolveReply before = await service.Resolve(new() { RegionId = "FR-01" });
        await RoundsAsync(service, Rounds);
        await Eventually.Holds(() => connections.Open == 1, _patience.Token);
        (long memory, int handles, int threads) = Held();
        await RoundsAsync(service, Rounds);
        await Eventually.Holds(() => connections.Open == 1, _patience.Token);
        (long memoryAfter, int handlesAfter, int threadsAfter) = Held();
        Assert.Equal(before, await service.Resolve(new() { RegionId = "FR-01" }));
        Assert.Equal(0, service.Part<OverloadParts>().Calls.Calls);
        Assert.InRange(memoryAfter - memory, long.MinValue, 4L << 20);
        Assert.InRange(handlesAfter - handles, int.MinValue, 20);
        Assert.InRange(threadsAfter - threads, int.MinValue, 20);
    }

    private async Task RoundsAsync(TestService service, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Together).Select(i => VisitAsync(service, i)));
            Assert.NotEmpty((await service.Resolve(new() { RegionId = "FR-01" })).Edges);
        }
    }

    private async Task VisitAsync(TestService service, int kind)
    {
        using RawConnection visit = await RawConnection.OpenAsync(service.GrpcUrl);
        Http2Bytes bytes = new Http2Bytes().Preface();
        byte[] ask = Http2Bytes.Message(new ResolveRequest { RegionId = "FR-01" }.ToByteArray());
        for (int call = 0; call < 3; call++)
        {
            int stream = 1 + 2 * call;
            bytes.Call(stream, call == 2 ? "/dispatch.v1.Relay/Route" : "/dispatch.v1.Routing/Resolve");
            // Of every third kind the calls never end: the connection goes under them.
            if (kind % 3 != 0) bytes.Frame(Http2Bytes.Data, Http2Bytes.EndStream, stream, ask);
            if (kind % 3 == 1) bytes.Frame(Http2Bytes.Reset, 0, stream, [0, 0, 0, 8]);
        }
        await visit.SendAndBeHeardAsync(bytes, _patience.Token);
    }

    private static (long Memory, int Handles, int Threads) Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using Process self = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), self.HandleCount, self.Threads.Count);
    }
}
