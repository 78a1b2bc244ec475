using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using TrafficDispatch.Rpc.EchoHost;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class UnaryTests(EchoServer server)
{
    [Fact]
    public async Task Unary_PlainRequest_EchoesEveryField()
    {
        var request = new EchoRequest { Text = "grüße", Payload = ByteString.CopyFrom(0, 1, 255), Labels = { ["a"] = "b" } };
        using AsyncUnaryCall<EchoReply> call = server.Echo.UnaryAsync(request);
        EchoReply reply = await call;
        Assert.Equal(("grüße", request.Payload, "b"), (reply.Text, reply.Payload, reply.Labels["a"]));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public void Unary_Blocking_Answers() =>
        Assert.Equal("x", server.Echo.Unary(new EchoRequest { Text = "x" }).Text);

    [Fact]
    public async Task Unary_EmptyMessages_Answer()
    {
        EchoReply reply = await server.Compressed.UnaryAsync(new EchoRequest());
        Assert.Empty(reply.Text);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public async Task Unary_LargeRequest_ArrivesWhole(int bytes)
    {
        byte[] payload = new byte[bytes];
        new Random(7).NextBytes(payload);
        EchoReply reply = await server.Echo.UnaryAsync(new EchoRequest { Payload = ByteString.CopyFrom(payload) });
        Assert.Equal(payload, reply.Payload.ToByteArray());
    }

    [Fact]
    public async Task Unary_TwoThousandAtOnce_AllAnswered()
    {
        Task<EchoReply>[] calls =
            [.. Enumerable.Range(0, 2000).Select(i => server.Echo.UnaryAsync(new EchoRequest { Text = new string('a', i % 300) }).ResponseAsync)];
        EchoReply[] replies = await Task.WhenAll(calls).InTime();
        Assert.All(replies.Index(), r => Assert.Equal(r.Index % 300, r.Item.Text.Length));
    }

    [Fact]
    public async Task Headers_SentByBothSides_Arrive()
    {
        using AsyncUnaryCall<EchoReply> call = server.Echo.UnaryAsync(
            new EchoRequest { Behaviour = Behaviour.Headers },
            new Metadata { { "x-in", "from the client" } });
        await call;
        Assert.Equal("from the client", (await call.ResponseHeadersAsync).GetValue("x-head"));
        Assert.Equal("t2", call.GetTrailers().GetValue("x-trail"));
    }

    [Fact]
    public async Task Context_Described_HasMethodPeerHostDeadlineAndHeaders()
    {
        var headers = new Metadata { { "k-bin", new byte[] { 0, 255 } }, { "k", "v" }, { "empty", string.Empty } };
        EchoReply reply = await server.Echo.UnaryAsync(
            new EchoRequest { Behaviour = Behaviour.Describe },
            headers,
            TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(60));
        Assert.Equal("/echo.v1.Echo/Unary", reply.Labels["method"]);
        Assert.StartsWith("ipv4:127.0.0.1:", reply.Labels["peer"], StringComparison.Ordinal);
        Assert.Equal(new Uri(server.Address).Authority, reply.Labels["host"]);
        Assert.Equal($"{new Uri(server.Address).Port}", reply.Labels["local_port"]);
        Assert.StartsWith("59.", reply.Labels["remaining_s"].Replace("60.0", "59.9", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(("00FF", "v", string.Empty), (reply.Labels["k-bin"], reply.Labels["k"], reply.Labels["empty"]));
        Assert.False(reply.Labels.ContainsKey("grpc-timeout"));
        Assert.False(reply.Labels.ContainsKey("content-type"));
    }

    [Fact]
    public async Task Unary_LimitsAboveTheHttpServersOwn_AreTheOnlyOnes()
    {
        await using var app = EchoApp.Create(
            EchoApp.Loopback(0),
            b => b.Services.Configure<GrpcServiceOptions>(o => o.MaxReceiveMessageSize = null));
        await app.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(app.Urls.First());
        var request = new EchoRequest { Payload = ByteString.CopyFrom(new byte[31_000_000]), ResponseBytes = 1 };
        EchoReply reply = await new Echo.EchoClient(channel).UnaryAsync(request);
        Assert.Equal(1, reply.Payload.Length);
    }

    [Fact]
    public async Task PerCallService_AfterCalls_IsDisposed()
    {
        await server.Compressed.UnaryAsync(new EchoRequest());
        await Waiting.UntilAsync(() => CompressedEchoService.Living == 0, "per-call services disposed");
    }
}
