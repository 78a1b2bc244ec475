using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Rpc.EchoHost;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class MalformedRequestTests(EchoServer server)
{
    private static readonly byte[] Hello = new EchoRequest { Text = "hello" }.ToByteArray();

    private Uri Unary => new($"{server.Address}/echo.v1.Echo/Unary");

    [Fact]
    public async Task WellFormed_Sent_AnswersInFrames()
    {
        RawAnswer answer = await Send(RawRequest.Frame(Hello));
        Assert.Equal(StatusCode.OK, answer.Status);
        Assert.Equal("hello", EchoReply.Parser.ParseFrom(answer.Body, 5, answer.Body.Length - 5).Text);
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task ContentType_Grpc_IsAccepted(string contentType) =>
        Assert.Equal(StatusCode.OK, (await RawRequest.SendAsync(server.Http, Unary, RawRequest.Frame(Hello), contentType)).Status);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpcx")]
    [InlineData("application/grpc-web")]
    [InlineData(null)]
    public async Task ContentType_Other_Is415(string? contentType)
    {
        RawAnswer answer = await RawRequest.SendAsync(server.Http, Unary, RawRequest.Frame(Hello), contentType);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Http);
    }

    [Fact]
    public async Task Get_OnMethod_Is405()
    {
        using HttpResponseMessage response = await server.Http.GetAsync(Unary);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task Http1_OnMethod_Is426()
    {
        await using var app = EchoApp.Create(EchoApp.Loopback(0, Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1));
        await app.StartAsync();
        using var http = new HttpClient();
        RawAnswer answer = await RawRequest.SendAsync(http, new Uri($"{app.Urls.First()}/echo.v1.Echo/Unary"), RawRequest.Frame(Hello));
        Assert.Equal((HttpStatusCode.UpgradeRequired, StatusCode.Internal), (answer.Http, answer.Status!.Value));
        Assert.Contains("HTTP/1.1", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_Empty_IsInternal() => await Expect(StatusCode.Internal, "Incomplete message.", []);

    [Fact]
    public async Task Frame_CutInHeader_IsInternal() => await Expect(StatusCode.Internal, "Incomplete message.", [0, 0, 0]);

    [Fact]
    public async Task Frame_CutInPayload_IsInternal() => await Expect(StatusCode.Internal, "Incomplete message.", RawRequest.Frame(Hello)[..^1]);

    [Fact]
    public async Task Frame_FollowedByMore_IsInternal() =>
        await Expect(StatusCode.Internal, "Additional data after the message received.", [.. RawRequest.Frame(Hello), 0]);

    [Fact]
    public async Task Frame_Twice_IsInternal() =>
        await Expect(StatusCode.Internal, "Additional data after the message received.", [.. RawRequest.Frame(Hello), .. RawRequest.Frame(Hello)]);

    [Fact]
    public async Task Flag_Two_IsInternal() =>
        await Expect(StatusCode.Internal, "Unexpected compressed flag value in message header.", RawRequest.Frame(Hello, flag: 2));

    [Fact]
    public async Task Flag_CompressedWithoutEncoding_IsInternal() =>
        await Expect(StatusCode.Internal, "The message is flagged as compressed, but no grpc-encoding says how.", RawRequest.Frame(Hello, flag: 1));

    [Fact]
    public async Task Protobuf_Malformed_IsInternal() =>
        await Expect(StatusCode.Internal, "Failed to deserialize the message.", RawRequest.Frame([255, 255, 255, 255, 255]));

    [Fact]
    public async Task Length_FourGigabytes_IsResourceExhaustedAtOnce()
    {
        byte[] frame = RawRequest.Frame(Hello);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), uint.MaxValue);
        Assert.Equal(StatusCode.ResourceExhausted, (await Send(frame)).Status);
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("GZIP, gzip")]
    public async Task Encoding_Unknown_IsUnimplementedWithTheKnownOnes(string encoding)
    {
        RawAnswer answer = await Send(RawRequest.Frame(Hello), ("grpc-encoding", encoding));
        Assert.Equal(StatusCode.Unimplemented, answer.Status);
        Assert.Equal("identity,gzip", string.Join(',', answer.Headers.GetValues("grpc-accept-encoding")).Replace(" ", string.Empty, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gzip_Message_IsExpanded()
    {
        RawAnswer answer = await Send(RawRequest.Frame(Gzip(Hello), flag: 1), ("grpc-encoding", "gzip"));
        Assert.Equal(StatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Gzip_UncompressedMessage_IsTakenAsItIs()
    {
        RawAnswer answer = await Send(RawRequest.Frame(Hello), ("grpc-encoding", "gzip"));
        Assert.Equal(StatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Gzip_Garbage_IsInternal()
    {
        RawAnswer answer = await Send(RawRequest.Frame([1, 2, 3, 4], flag: 1), ("grpc-encoding", "gzip"));
        Assert.Equal((StatusCode.Internal, "The compressed message is not valid gzip."), (answer.Status!.Value, answer.Detail));
    }

    [Fact]
    public async Task Gzip_Bomb_IsResourceExhausted()
    {
        byte[] bomb = Gzip(new byte[32 << 20]);
        Assert.InRange(bomb.Length, 1, EchoApp.MaxReceiveBytes / 2);
        RawAnswer answer = await Send(RawRequest.Frame(bomb, flag: 1), ("grpc-encoding", "gzip"));
        Assert.Equal(StatusCode.ResourceExhausted, answer.Status);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("S")]
    [InlineData("-5S")]
    [InlineData("123456789S")]
    [InlineData("5Y")]
    [InlineData("99999999H")]
    [InlineData("1.5S")]
    public async Task Timeout_AbsurdOrEndless_IsNoDeadline(string timeout) =>
        Assert.Equal(StatusCode.OK, (await Send(RawRequest.Frame(Hello), ("grpc-timeout", timeout))).Status);

    [Theory]
    [InlineData("0n")]
    [InlineData("0S")]
    [InlineData("99n")]
    public async Task Timeout_Zero_IsDeadlineExceeded(string timeout) =>
        Assert.Equal(StatusCode.DeadlineExceeded, (await Send(RawRequest.Frame(Hello), ("grpc-timeout", timeout))).Status);

    [Fact]
    public async Task BinaryHeader_NotBase64_IsInternalWhenRead()
    {
        byte[] describe = RawRequest.Frame(new EchoRequest { Behaviour = Behaviour.Describe }.ToByteArray());
        RawAnswer answer = await Send(describe, ("k-bin", "*not base64*"));
        Assert.Equal((StatusCode.Internal, "Header 'k-bin' is not valid base64."), (answer.Status!.Value, answer.Detail));
        Assert.Equal(StatusCode.OK, (await Send(describe, ("k-bin", "AP8"))).Status);
        Assert.Equal(StatusCode.OK, (await Send(describe, ("k-bin", "AP8=,AAE="))).Status);
    }

    [Fact]
    public async Task Stream_CutInSecondMessage_IsInternal()
    {
        byte[] body = [.. RawRequest.Frame(Hello), .. RawRequest.Frame(Hello)[..^2]];
        RawAnswer answer = await RawRequest.SendAsync(server.Http, new Uri($"{server.Address}/echo.v1.Echo/Collect"), body);
        Assert.Equal((StatusCode.Internal, "Incomplete message."), (answer.Status!.Value, answer.Detail));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    private async Task Expect(StatusCode code, string detail, byte[] body)
    {
        RawAnswer answer = await Send(body);
        Assert.Equal((code, detail), (answer.Status!.Value, answer.Detail));
        Assert.Empty(answer.Body);
    }

    private Task<RawAnswer> Send(byte[] body, params (string Key, string Value)[] headers) =>
        RawRequest.SendAsync(server.Http, Unary, body, headers: headers);
}
