using Grpc.Core;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class CancellationTests(EchoServer server)
{
    [Fact]
    public async Task Unary_TokenCancelled_EndsBothSides()
    {
        long before = server.Service.Cancelled;
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        RpcException e = await EchoServer.Failure(async () =>
            await server.Echo.UnaryAsync(new EchoRequest { Behaviour = Behaviour.Wait }, cancellationToken: cancel.Token));
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
        await Waiting.UntilAsync(() => server.Service.Cancelled > before, "the handler sees the cancellation");
    }

    [Fact]
    public async Task Duplex_Disposed_EndsBothSides()
    {
        long before = server.Service.Cancelled;
        var call = server.Echo.Chat();
        await call.RequestStream.WriteAsync(new EchoRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        call.Dispose();
        RpcException e = await EchoServer.Failure(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await Waiting.UntilAsync(() => server.Service.Cancelled > before, "the handler sees the cancellation");
    }

    [Fact]
    public async Task Read_TokenCancelled_EndsTheCall()
    {
        using var call = server.Echo.Chat();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        RpcException e = await EchoServer.Failure(() => call.ResponseStream.MoveNext(cancel.Token));
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
    }

    [Fact]
    public async Task ServerStream_CancelledWhileItPours_Stops()
    {
        using var cancel = new CancellationTokenSource();
        using var call = server.Echo.Expand(new EchoRequest { Count = int.MaxValue, ResponseBytes = 1000 }, cancellationToken: cancel.Token);
        Assert.True(await call.ResponseStream.MoveNext());
        cancel.Cancel();
        RpcException e = await EchoServer.Failure(async () =>
        {
            while (await call.ResponseStream.MoveNext())
                Assert.Equal(1000, call.ResponseStream.Current.Payload.Length);
        });
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
    }
}
