using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using TrafficDispatch.Rpc.EchoHost;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Client;

[Collection(nameof(EchoServer))]
public sealed class ChannelTests(EchoServer server)
{
    [Theory]
    [InlineData("127.0.0.1:5051")]
    [InlineData("ftp://localhost")]
    [InlineData("not an address")]
    public void ForAddress_NotHttp_Throws(string address) =>
        Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress(address));

    [Fact]
    public async Task Call_NobodyListens_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var echo = new Echo.EchoClient(channel);
        Assert.Equal(StatusCode.Unavailable, (await EchoServer.Failure(async () => await echo.UnaryAsync(new EchoRequest()))).StatusCode);
        Assert.Equal(StatusCode.Unavailable, Assert.Throws<RpcException>(() => echo.Unary(new EchoRequest())).StatusCode);
        using var stream = echo.Chat();
        Assert.Equal(StatusCode.Unavailable, (await EchoServer.Failure(() => stream.RequestStream.WriteAsync(new EchoRequest()).InTime())).StatusCode);
        Assert.Equal(StatusCode.Unavailable, (await EchoServer.Failure(() => stream.ResponseStream.MoveNext().InTime())).StatusCode);
        Assert.Equal(StatusCode.Unavailable, (await EchoServer.Failure(() => stream.ResponseHeadersAsync)).StatusCode);
    }

    [Fact]
    public async Task Call_ServerRestarted_ConnectsAgain()
    {
        WebApplication first = EchoApp.Create(EchoApp.Loopback(0));
        await first.StartAsync();
        string address = first.Urls.First();
        using GrpcChannel channel = GrpcChannel.ForAddress(address);
        var echo = new Echo.EchoClient(channel);
        await echo.UnaryAsync(new EchoRequest());
        await first.StopAsync();
        await first.DisposeAsync();
        RpcException e = await EchoServer.Failure(async () => await echo.UnaryAsync(new EchoRequest()));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);

        await using WebApplication second = EchoApp.Create(EchoApp.Loopback(new Uri(address).Port));
        await second.StartAsync();
        Assert.Equal("again", (await echo.UnaryAsync(new EchoRequest { Text = "again" })).Text);
    }

    [Fact]
    public async Task Dispose_CallRunning_CancelsItAndRefusesOthers()
    {
        GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        var echo = new Echo.EchoClient(channel);
        Task<EchoReply> running = echo.UnaryAsync(new EchoRequest { Behaviour = Behaviour.Wait }).ResponseAsync;
        channel.Dispose();
        channel.Dispose();
        Assert.Equal(StatusCode.Cancelled, (await EchoServer.Failure(() => running.InTime())).StatusCode);
        Assert.Throws<ObjectDisposedException>(() => echo.Unary(new EchoRequest()));
        Assert.Throws<ObjectDisposedException>(channel.CreateCallInvoker);
    }

    [Fact]
    public async Task Limits_OfTheChannel_AreKept()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(
            server.Address,
            new GrpcChannelOptions { MaxReceiveMessageSize = 1000, MaxSendMessageSize = 500 });
        var echo = new Echo.EchoClient(channel);
        RpcException received = await EchoServer.Failure(async () => await echo.UnaryAsync(new EchoRequest { ResponseBytes = 2000 }));
        Assert.StartsWith("Received message", received.Status.Detail, StringComparison.Ordinal);
        RpcException sent = await EchoServer.Failure(async () =>
            await echo.UnaryAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[600]) }));
        Assert.StartsWith("Sending message", sent.Status.Detail, StringComparison.Ordinal);
        Assert.Equal((StatusCode.ResourceExhausted, StatusCode.ResourceExhausted), (received.StatusCode, sent.StatusCode));
    }

    [Theory]
    [InlineData(401, "text/plain", StatusCode.Unauthenticated)]
    [InlineData(404, "text/plain", StatusCode.Unimplemented)]
    [InlineData(503, "text/plain", StatusCode.Unavailable)]
    [InlineData(418, "text/plain", StatusCode.Unknown)]
    [InlineData(200, "text/html", StatusCode.Unknown)]
    [InlineData(200, "application/grpc", StatusCode.Unknown)]
    public async Task Response_NotGrpc_GivesTheStatusForIt(int httpStatus, string contentType, StatusCode expected)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(EchoApp.Loopback(0));
        await using WebApplication app = builder.Build();
        app.Run(http =>
        {
            http.Response.StatusCode = httpStatus;
            http.Response.ContentType = contentType;
            return Task.CompletedTask;
        });
        await app.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(app.Urls.First());
        RpcException e = await EchoServer.Failure(async () => await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()));
        Assert.Equal(expected, e.StatusCode);
    }

    [Fact]
    public void GetStatus_CallRunning_Throws()
    {
        using var call = server.Echo.Chat();
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }
}
