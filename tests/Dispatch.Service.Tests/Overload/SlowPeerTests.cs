using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Overload;
using TrafficDispatch.Service.Tests.Fuzz;

namespace TrafficDispatch.Service.Tests.Overload;

/// <summary>Peers that take and do not give: what they cost is bounded and ends. `./test.sh --long` waits for the server to give up on them.</summary>
[Collection(nameof(Alone))]
public sealed class SlowPeerTests : IDisposable
{
    private const string Resolve = "/dispatch.v1.Routing/Resolve", Batch = "/dispatch.v1.Routing/ResolveBatch";
    private const int Peers = 40, StreamsEach = 100;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("DISPATCH_LONG_TESTS") == "1";

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        _patience.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    /// <summary>Peers that ask for much and open no window for the answers.</summary>
    [Fact]
    public Task Answers_NeverTaken_HoldLittleMemory() => HoldsLittleAsync(static bytes =>
    {
        bytes.Preface().Frame(Http2Bytes.Settings, 0, 0, [0, 4, 0, 0, 0, 0]);
        ResolveBatchRequest request = new() { Requests = { Enumerable.Repeat(new ResolveRequest { RegionId = "FR-01", Count = 16 }, 100) } };
        byte[] batch = Http2Bytes.Message(request.ToByteArray());
        for (int i = 0; i < StreamsEach; i++) bytes.Call(1 + 2 * i, Batch).Frame(Http2Bytes.Data, Http2Bytes.EndStream, 1 + 2 * i, batch);
    });

    /// <summary>Peers that begin calls and end none.</summary>
    [Fact]
    public Task Bodies_NeverEnded_HoldLittleMemory() => HoldsLittleAsync(static bytes =>
    {
        bytes.Preface();
        byte[] part = Http2Bytes.Message(new byte[995], length: 60_000);
        for (int i = 0; i < StreamsEach; i++) bytes.Call(1 + 2 * i, i % 2 == 0 ? Resolve : Batch).Frame(Http2Bytes.Data, 0, 1 + 2 * i, part);
    });

    private async Task HoldsLittleAsync(Action<Http2Bytes> ask)
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:UtcHour=10", "Solve:Failures=off");
        Http2Bytes bytes = new();
        ask(bytes);
        using (RawConnection warm = await RawConnection.OpenAsync(service.GrpcUrl)) await warm.SendAsync(bytes);
        ResolveReply before = await service.Resolve(new() { RegionId = "FR-01" });
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        List<RawConnection> peers = [];
        try
        {
            for (int i = 0; i < Peers; i++)
            {
                RawConnection peer = await RawConnection.OpenAsync(service.GrpcUrl);
                peers.Add(peer);
                await peer.SendAsync(bytes);
            }
            Assert.Equal(before, await service.Resolve(new() { RegionId = "FR-01" }));
            Assert.InRange(service.Part<OverloadParts>().Calls.Calls, 1, 4096 / 16);
            // What a connection costs with all of its streams in use, measured: 0.7 to 1.1 MB.
            Assert.InRange((GC.GetTotalMemory(forceFullCollection: true) - memory) / (double)Peers / 1024, double.MinValue, 1500);
            if (IsLong) Assert.All(await Task.WhenAll(peers.Select(peer => peer.IsClosedAsync(_patience.Token))), Assert.True);
        }
        finally
        {
            foreach (RawConnection peer in peers) peer.Dispose();
        }
    }
}
