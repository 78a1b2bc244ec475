using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using TrafficDispatch.Rpc.EchoHost;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class StatusTests(EchoServer server)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RpcException_Thrown_ArrivesWithDetailAndTrailers(bool streamed)
    {
        var request = new EchoRequest { Behaviour = Behaviour.NotFound };
        RpcException e = await EchoServer.Failure(async () =>
        {
            if (streamed)
            {
                using var call = server.Echo.Collect();
                await call.RequestStream.WriteAsync(request);
                await call;
            }
            else
            {
                await server.Echo.UnaryAsync(request);
            }
        });
        Assert.Equal(StatusCode.NotFound, e.StatusCode);
        Assert.Equal("no ‘pöol’ at 100%\n", e.Status.Detail);
        Assert.Equal("t1", e.Trailers.GetValue("x-trail"));
        Assert.Equal("from the context", e.Trailers.GetValue("x-context"));
        Assert.Equal([1, 2, 255], e.Trailers.GetValueBytes("x-trail-bin"));
    }

    [Fact]
    public async Task UnexpectedException_Thrown_IsUnknownWithoutItsMessage()
    {
        RpcException e = await EchoServer.Failure(async () => await server.Echo.UnaryAsync(new EchoRequest { Behaviour = Behaviour.Throw }));
        Assert.Equal((StatusCode.Unknown, "Exception was thrown by handler."), (e.StatusCode, e.Status.Detail));
    }

    [Fact]
    public async Task UnexpectedException_DetailedErrors_NamesIt()
    {
        await using var app = EchoApp.Create(
            EchoApp.Loopback(0),
            b => b.Services.Configure<GrpcServiceOptions>(o => o.EnableDetailedErrors = true));
        await app.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(app.Urls.First());
        var echo = new Echo.EchoClient(channel);
        RpcException e = await EchoServer.Failure(async () => await echo.UnaryAsync(new EchoRequest { Behaviour = Behaviour.Throw }));
        Assert.Equal("Exception was thrown by handler. InvalidOperationException: a secret of the server", e.Status.Detail);
    }

    [Fact]
    public async Task ContextStatus_Set_IsTheStatus()
    {
        RpcException e = await EchoServer.Failure(async () => await server.Echo.UnaryAsync(new EchoRequest { Behaviour = Behaviour.SetStatus }));
        Assert.Equal((StatusCode.FailedPrecondition, "set on the context"), (e.StatusCode, e.Status.Detail));
    }

    [Fact]
    public async Task NullResponse_Returned_IsInternal()
    {
        RpcException e = await EchoServer.Failure(async () => await server.Echo.UnaryAsync(new EchoRequest { Behaviour = Behaviour.Null }));
        Assert.Equal(StatusCode.Internal, e.StatusCode);
    }

    [Fact]
    public async Task Request_LargerThanAllowed_IsResourceExhausted()
    {
        var request = new EchoRequest { Payload = ByteString.CopyFrom(new byte[EchoApp.MaxReceiveBytes + 1]) };
        RpcException e = await EchoServer.Failure(async () => await server.Echo.UnaryAsync(request));
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    [Fact]
    public async Task Response_LargerThanAllowed_IsResourceExhausted()
    {
        var request = new EchoRequest { ResponseBytes = EchoApp.MaxSendBytes + 1 };
        RpcException e = await EchoServer.Failure(async () => await server.Echo.UnaryAsync(request));
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        Assert.StartsWith("Sending message", e.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/echo.v1.Echo/Nope", "Method is unimplemented.")]
    [InlineData("/echo.v1.Nope/Unary", "Service is unimplemented.")]
    [InlineData("/", "Service is unimplemented.")]
    public async Task UnknownPath_Called_IsUnimplemented(string path, string detail)
    {
        RawAnswer answer = await RawRequest.SendAsync(server.Http, new Uri(new Uri(server.Address), path), RawRequest.Frame([]));
        Assert.Equal((StatusCode.Unimplemented, detail), (answer.Status, answer.Detail));
    }
}
