using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class CompressionTests(EchoServer server)
{
    private static readonly Metadata GzipRequests = new() { { "grpc-internal-encoding-request", "gzip" } };

    private Uri Unary => new($"{server.Address}/echo.v1.CompressedEcho/Unary");

    [Theory]
    [InlineData("identity,gzip", 1)]
    [InlineData("gzip", 1)]
    [InlineData("identity, deflate", 0)]
    [InlineData("xgzip", 0)]
    public async Task Response_Accepted_IsGzip(string accepted, int flag)
    {
        RawAnswer answer = await Send(new EchoRequest { Text = new string('a', 10_000) }, accepted);
        Assert.Equal(StatusCode.OK, answer.Status);
        Assert.Equal(flag, answer.Body[0]);
        Assert.Equal(flag == 1, answer.Body.Length < 500);
        Assert.Equal(flag == 1, answer.Headers.Contains("grpc-encoding"));
    }

    [Fact]
    public async Task Response_EmptyMessage_IsNotCompressed()
    {
        RawAnswer answer = await RawRequest.SendAsync(
            server.Http,
            new Uri($"{server.Address}/echo.v1.CompressedEcho/Expand"),
            RawRequest.Frame(new EchoRequest { Count = 1 }.ToByteArray()),
            headers: ("grpc-accept-encoding", "gzip"));
        Assert.Equal([0, 0, 0, 0, 0], answer.Body);
    }

    [Fact]
    public async Task Response_NoCompressFlag_IsPlain()
    {
        RawAnswer answer = await Send(new EchoRequest { Text = "plain" }, "gzip");
        Assert.Equal(0, answer.Body[0]);
    }

    [Fact]
    public async Task BothWays_Gzip_EchoesWhole()
    {
        byte[] payload = new byte[300_000];
        new Random(3).NextBytes(payload.AsSpan(0, 1000));
        var request = new EchoRequest { Payload = ByteString.CopyFrom(payload) };
        EchoReply reply = await server.Compressed.UnaryAsync(request, GzipRequests);
        Assert.Equal(payload, reply.Payload.ToByteArray());
    }

    [Fact]
    public async Task Stream_GzipRequests_EchoWhole()
    {
        using var call = server.Echo.Chat(GzipRequests);
        for (int i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = new string('z', i * 100) });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(i * 100, call.ResponseStream.Current.Text.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    private Task<RawAnswer> Send(EchoRequest request, string accepted) =>
        RawRequest.SendAsync(server.Http, Unary, RawRequest.Frame(request.ToByteArray()), headers: ("grpc-accept-encoding", accepted));
}
