using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

/// <summary>Bodies and headers that no client would send: each must get a status or a closed stream, and never hang.</summary>
[Collection(nameof(EchoServer))]
public sealed class FramingFuzzTests(EchoServer server)
{
    private const int RequestsPerSeed = 1500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly string[] Methods = ["echo.v1.Echo/Unary", "echo.v1.Echo/Cached", "echo.v1.Echo/Expand", "echo.v1.Echo/Collect", "echo.v1.Echo/Chat", "echo.v1.CompressedEcho/Unary", "grpc.reflection.v1.ServerReflection/ServerReflectionInfo"];
    private static readonly string[] Encodings = ["gzip", "identity", "deflate", "", "gzip,gzip"];
    private static readonly string[] Timeouts = ["1S", "5m", "1n", "99999999H", "x", "-1S", ""];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyBody_Sent_GetsAStatusOrAClosedStream(int seed)
    {
        var random = new Random(seed);
        int answered = 0;
        foreach (Task<bool>[] batch in Enumerable.Range(0, RequestsPerSeed).Select(_ => SendAsync(random)).Chunk(50))
            answered += (await Task.WhenAll(batch)).Count(got => got);

        // A status is the rule; only requests broken below gRPC may end without one.
        Assert.InRange(answered, RequestsPerSeed * 9 / 10, RequestsPerSeed);
        EchoReply alive = await server.Echo.UnaryAsync(new EchoRequest { Text = "alive" });
        Assert.Equal("alive", alive.Text);
    }

    private static byte[] Body(Random random)
    {
        var body = new List<byte>();
        for (int frames = random.Next(4); frames >= 0; frames--)
            body.AddRange(Frame(random));
        return Mutate(random, [.. body]);
    }

    private static byte[] Frame(Random random)
    {
        var request = new EchoRequest { Text = new string('f', random.Next(300)), Count = random.Next(3) };
        byte[] payload = request.ToByteArray();
        if (random.Next(3) > 0)
            return RawRequest.Frame(payload, (byte)random.Next(2));
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(payload);
        return RawRequest.Frame(compressed.ToArray(), flag: 1);
    }

    private static byte[] Mutate(Random random, byte[] body)
    {
        switch (random.Next(5))
        {
            case 0:
                return body;
            case 1:
                return body[..random.Next(body.Length)];
            case 2:
                random.NextBytes(body);
                return body;
            default:
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                    body[random.Next(Math.Min(body.Length, random.Next(2) == 0 ? 6 : body.Length))] = (byte)random.Next(256);
                return body;
        }
    }

    private static List<(string Key, string Value)> Headers(Random random)
    {
        var headers = new List<(string Key, string Value)>();
        if (random.Next(2) == 0)
            headers.Add(("grpc-encoding", Encodings[random.Next(Encodings.Length)]));
        if (random.Next(4) == 0)
            headers.Add(("grpc-timeout", Timeouts[random.Next(Timeouts.Length)]));
        if (random.Next(4) == 0)
            headers.Add(("grpc-accept-encoding", Encodings[random.Next(Encodings.Length)]));
        if (random.Next(4) == 0)
            headers.Add(("x-bin", new string((char)random.Next(33, 126), random.Next(9))));
        return headers;
    }

    private async Task<bool> SendAsync(Random random)
    {
        var uri = new Uri($"{server.Address}/{Methods[random.Next(Methods.Length)]}");
        try
        {
            RawAnswer answer = await RawRequest.SendAsync(server.Http, uri, Body(random), headers: [.. Headers(random)]).WaitAsync(Patience);
            Assert.Equal(HttpStatusCode.OK, answer.Http);
            Assert.True(answer.Status is >= StatusCode.OK and <= StatusCode.Unauthenticated);
            Assert.NotEqual(StatusCode.Unknown, answer.Status);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
