using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TrafficDispatch.Rpc.EchoHost;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class RawUnaryTests(EchoServer server)
{
    [Theory]
    [InlineData(199, false)]
    [InlineData(200, true)]
    [InlineData(5000, true)]
    public async Task RawMethod_WhereItAnswers_GivesTheSameBytesAsTheGenerated(int textLength, bool raw)
    {
        byte[] frame = RawRequest.Frame(new EchoRequest { Text = new string('t', textLength) }.ToByteArray());
        RawAnswer generated = await RawRequest.SendAsync(server.Http, new Uri($"{server.Address}/echo.v1.Echo/Unary"), frame);
        RawAnswer cached = await RawRequest.SendAsync(server.Http, new Uri($"{server.Address}/echo.v1.Echo/Cached"), frame);
        Assert.Equal(StatusCode.OK, cached.Status);
        Assert.Equal(generated.Body, cached.Body);

        long before = server.Service.RawAnswers;
        await server.Echo.CachedAsync(new EchoRequest { Text = new string('t', textLength) });
        Assert.Equal(before + (raw ? 1 : 0), server.Service.RawAnswers);
    }

    [Fact]
    public async Task RawMethod_DecliningRequest_LeavesErrorsToTheGenerated()
    {
        RpcException e = await EchoServer.Failure(async () => await server.Echo.CachedAsync(new EchoRequest { Behaviour = Behaviour.NotFound }));
        Assert.Equal(StatusCode.NotFound, e.StatusCode);
    }

    [Fact]
    public async Task RawMethod_FollowedByMoreBytes_IsInternal()
    {
        byte[] frame = RawRequest.Frame(new EchoRequest { Text = new string('t', 300) }.ToByteArray());
        RawAnswer answer = await RawRequest.SendAsync(server.Http, new Uri($"{server.Address}/echo.v1.Echo/Cached"), [.. frame, 1]);
        Assert.Equal(StatusCode.Internal, answer.Status);
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData("Nope", true)]
    [InlineData("Expand", true)]
    [InlineData("Unary", false)]
    public async Task MapGrpcService_RawMethodThatCannotBe_Throws(string name, bool singleton)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddGrpc();
        if (singleton)
            builder.Services.AddSingleton<EchoService>();
        await using WebApplication app = builder.Build();
        var e = Assert.Throws<InvalidOperationException>(() =>
            app.MapGrpcService<EchoService>(raw => raw.Add(name, RawEcho.Answer)));
        Assert.Contains(singleton ? $"'{name}'" : "singleton", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapGrpcService_WithoutAddGrpc_SaysWhatIsMissing()
    {
        await using WebApplication app = WebApplication.CreateSlimBuilder().Build();
        var e = Assert.Throws<InvalidOperationException>(() => app.MapGrpcService<EchoService>());
        Assert.Contains("AddGrpc", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapGrpcService_ClassWithoutGeneratedBase_Throws()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddGrpc();
        await using WebApplication app = builder.Build();
        Assert.Throws<InvalidOperationException>(() => app.MapGrpcService<object>());
    }
}
