using System.Net.Sockets;
using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Control;

namespace TrafficDispatch.Service.Tests.Fuzz;

/// <summary>
/// Bytes that no client would send, over raw sockets to the gRPC and the Admin endpoint: each connection is answered or closed, none hangs, nothing is thrown past the
/// server, and afterwards everything is as before. Seeded; `./test.sh --long` sends a hundred times as many.
/// </summary>
public sealed class Http2FuzzTests : IDisposable
{
    private static readonly int Connections = Environment.GetEnvironmentVariable("DISPATCH_LONG_TESTS") == "1" ? 40_000 : 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] Paths =
    [
        "/dispatch.v1.Routing/Resolve", "/dispatch.v1.Relay/Route", "/dispatch.v1.Status/Get", "/dispatch.v1.Telemetry/Report", "/dispatch.v1.Probes/Report", "/dispatch.v1.Admin/Drain",
        "/dispatch.v1.Admin/Diff", "/grpc.health.v1.Health/Check", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "/nobody.Knows/This", "/", "*",
    ];

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task AnyBytes_Sent_AreAnsweredOrClosedAndLeaveNothingBehind(int seed)
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:UtcHour=10", "Solve:Failures=off");
        using AdminCaller admin = AdminCaller.Of(service, _state.Path);
        string token = (await File.ReadAllTextAsync(Path.Combine(_state.Path, "admin.token"))).Trim();
        ResolveReply before = await service.Resolve(new() { RegionId = "FR-01" });
        Random random = new(seed);
        byte[][] attacks = [.. Enumerable.Range(0, Connections / 2).Select(_ => Attack(random, token))];
        await SendAllAsync(service, attacks.Take(40));
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        await SendAllAsync(service, attacks.Skip(40));
        Assert.Equal(before, await service.Resolve(new() { RegionId = "FR-01" }));
        await admin.Overrides();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 32L << 20);
        string[] wrong = [.. service.Log.All.Where(static l => l.Contains("nhandled", StringComparison.Ordinal) || l.StartsWith("Critical", StringComparison.Ordinal))];
        Assert.Empty(wrong);
    }

    /// <summary>What a single peer may cost: the server gives up on it long before the end.</summary>
    [Theory]
    [InlineData("continuation")]
    [InlineData("reset")]
    [InlineData("ping")]
    [InlineData("settings")]
    [InlineData("headers")]
    public async Task Flood_OfOneKind_EndsTheConnection(string kind)
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:UtcHour=10", "Solve:Failures=off");
        byte[] part = Flood(kind, 1, 2_000), first = new Http2Bytes().Preface().ToArray();
        using Socket socket = await ConnectAsync(service.GrpcUrl);
        Task<long> read = DrainAsync(socket);
        try
        {
            await socket.SendAsync(first);
            for (int i = 0; i < (kind switch { "headers" => 1, "reset" => 5, _ => 200 }) && !read.IsCompleted; i++) await socket.SendAsync(kind == "reset" ? Flood(kind, 1 + 4_000 * i, 2_000) : part);
            if (kind == "headers") socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It was closed under the flood, as it should be.
        }
        // Pings and settings are answered as long as the peer reads the answers; what is never answered must end.
        if (kind is "continuation" or "headers") await read.WaitAsync(Patience);
        socket.Close();
        Assert.NotEmpty((await service.Resolve(new() { RegionId = "FR-01" })).Edges);
        Assert.DoesNotContain(service.Log.All, static l => l.Contains("nhandled", StringComparison.Ordinal));
    }

    private static byte[] Flood(string kind, int firstStream, int frames)
    {
        Http2Bytes bytes = new();
        if (kind == "continuation" && firstStream == 1) bytes.Call(1, Paths[0], flags: 0);
        for (int i = 0; i < frames; i++)
        {
            int stream = firstStream + 2 * i;
            if (kind == "continuation") bytes.Frame(Http2Bytes.Continuation, 0, 1, Http2Bytes.Block("/x"));
            else if (kind == "ping") bytes.Frame(Http2Bytes.Ping, 0, 0, new byte[8]);
            else if (kind == "settings") bytes.Frame(Http2Bytes.Settings, 0, 0, [0, 3, 0, 0, 0, 100]);
            else if (kind == "reset") bytes.Call(stream, Paths[0]).Frame(Http2Bytes.Reset, 0, stream, [0, 0, 0, 8]);
            else if (i == 0) bytes.Call(1, Paths[0], flags: 0, ("x-large", new string('x', 15_000)));
            else if (i < 10) bytes.Frame(Http2Bytes.Continuation, i == 9 ? Http2Bytes.EndHeaders : (byte)0, 1, Http2Bytes.Block("/x", ("x-large", new string('x', 15_000))));
        }
        return bytes.ToArray();
    }

    private static byte[] Attack(Random random, string token)
    {
        Http2Bytes bytes = new();
        int kind = random.Next(10);
        if (kind == 0) return Noise(random, random.Next(1, 400));
        bytes.Preface();
        if (kind == 1) return bytes.Raw(Noise(random, random.Next(1, 400))).ToArray();
        for (int calls = random.Next(1, 6), i = 0; i < calls; i++) AddCall(bytes, random, 1 + 2 * i, token);
        byte[] all = bytes.ToArray();
        return kind switch
        {
            2 => all[..random.Next(24, all.Length)],
            3 => Flip(random, all, 24),
            4 => Flip(random, all, 0),
            5 => Flood(random.Next(2) == 0 ? "reset" : "settings", 101, 150).Prepend(all),
            6 => Flood("continuation", 1, 30).Prepend(new Http2Bytes().Preface().ToArray()),
            _ => all,
        };
    }

    private static void AddCall(Http2Bytes bytes, Random random, int stream, string token)
    {
        List<(string, string)> headers = [];
        if (random.Next(2) == 0) headers.Add(("authorization", "Bearer " + (random.Next(2) == 0 ? token : "wrong")));
        if (random.Next(3) == 0) headers.Add(("grpc-encoding", random.Next(2) == 0 ? "gzip" : "lies"));
        if (random.Next(4) == 0) headers.Add(("grpc-timeout", random.Next(2) == 0 ? "1n" : "99999999999H"));
        if (random.Next(8) == 0) headers.Add(("content-length", random.Next(2) == 0 ? "5" : "18446744073709551616"));
        if (random.Next(8) == 0) headers.Add((random.Next(2) == 0 ? "Upper" : ":path", "x"));
        if (random.Next(12) == 0) headers.Add(("x-large", new string('x', 40_000)));
        bytes.Call(stream, Paths[random.Next(Paths.Length)], Http2Bytes.EndHeaders, [.. headers]);
        byte[] payload = random.Next(3) == 0 ? Noise(random, random.Next(200)) : Request(random).ToByteArray();
        if (random.Next(3) == 0) payload = Flip(random, payload, 0);
        int? lie = random.Next(5) switch { 0 => random.Next(), 1 => -1, _ => null };
        byte[] message = Http2Bytes.Message(payload, (byte)(random.Next(4) == 0 ? random.Next(256) : 0), lie);
        bytes.Frame(Http2Bytes.Data, (byte)(random.Next(4) == 0 ? 0 : Http2Bytes.EndStream), random.Next(12) == 0 ? stream + 7 : stream, message, random.Next(12) == 0 ? random.Next(1 << 20) : null);
        if (random.Next(6) == 0) bytes.Frame(Http2Bytes.WindowUpdate, 0, random.Next(2) == 0 ? 0 : stream, [0x7f, 0xff, 0xff, 0xff]);
        if (random.Next(6) == 0) bytes.Frame((byte)random.Next(16), (byte)random.Next(256), random.Next(8), Noise(random, random.Next(40)));
    }

    private static IMessage Request(Random random) => random.Next(4) switch
    {
        0 => new ResolveRequest { RegionId = "FR-01", Service = "live", Count = (uint)random.Next() },
        1 => new DrainRequest { Targets = { new AdminTarget { Kind = "edge", Id = "nowhere" } }, State = "usable", UsablePercent = double.NaN },
        2 => new ReportBatch { ReporterId = "r", Sequence = ulong.MaxValue, Paths = { new PathReport { RegionId = "FR-01", EdgeId = "own-par", RttMs = double.PositiveInfinity } } },
        _ => new DiffRequest { From = new TableName { Epoch = ulong.MaxValue, Number = ulong.MaxValue }, Most = uint.MaxValue },
    };

    private static byte[] Noise(Random random, int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private static byte[] Flip(Random random, byte[] bytes, int from)
    {
        for (int flips = random.Next(1, 6); flips > 0 && bytes.Length > from; flips--) bytes[random.Next(from, bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static async Task SendAllAsync(TestService service, IEnumerable<byte[]> attacks)
    {
        int count = 0;
        foreach (byte[][] together in attacks.Chunk(16))
            await Task.WhenAll(together.Select(bytes => SendAsync(count++ % 3 == 0 ? service.AdminUrl : service.GrpcUrl, bytes)));
    }

    /// <summary>Sends, says that nothing more comes, and waits for the server to close.</summary>
    private static async Task SendAsync(string url, byte[] bytes)
    {
        using Socket socket = await ConnectAsync(url);
        Task<long> read = DrainAsync(socket);
        try
        {
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Closed before all was sent: an answer, too.
        }
        await read.WaitAsync(Patience);
    }

    private static async Task<Socket> ConnectAsync(string url)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", new Uri(url).Port);
        return socket;
    }

    private static async Task<long> DrainAsync(Socket socket)
    {
        byte[] buffer = new byte[16 << 10];
        long read = 0;
        try
        {
            for (int got = -1; got != 0; read += got) got = await socket.ReceiveAsync(buffer);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Reset by the server, or closed by the test.
        }
        return read;
    }
}

internal static class ByteJoin
{
    public static byte[] Prepend(this byte[] end, byte[] start) => [.. start, .. end];
}
