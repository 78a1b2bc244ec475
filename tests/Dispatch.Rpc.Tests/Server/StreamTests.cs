using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class StreamTests(EchoServer server)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public async Task ServerStream_Read_GivesEveryMessageInOrder(int count)
    {
        using var call = server.Echo.Expand(new EchoRequest { Count = count, Text = "x" });
        var numbers = new List<long>();
        await foreach (EchoReply reply in call.ResponseStream.ReadAllAsync())
            numbers.Add(reply.Number);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), numbers);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ServerStream_LargeMessages_ArriveDespiteFlowControl()
    {
        using var call = server.Echo.Expand(new EchoRequest { Count = 20, ResponseBytes = 1 << 20 });
        int total = 0;
        await foreach (EchoReply reply in call.ResponseStream.ReadAllAsync())
            total += reply.Payload.Length;
        Assert.Equal(20 << 20, total);
    }

    [Fact]
    public async Task ServerStream_EndingInError_GivesMessagesThenStatus()
    {
        using var call = server.Echo.Expand(new EchoRequest { Count = 3, Behaviour = Behaviour.Abort });
        var reader = call.ResponseStream;
        for (int i = 0; i < 3; i++)
            Assert.True(await reader.MoveNext());
        RpcException e = await EchoServer.Failure(() => reader.MoveNext());
        Assert.Equal((StatusCode.Aborted, "after 3"), (e.StatusCode, e.Status.Detail));
        Assert.Equal(StatusCode.Aborted, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task ClientStream_Written_IsCounted(int count)
    {
        using var call = server.Echo.Collect();
        for (int i = 0; i < count; i++)
            await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[10]) });
        await call.RequestStream.CompleteAsync();
        EchoReply reply = await call;
        Assert.Equal((count, $"{count * 10}"), ((int)reply.Number, reply.Text));
    }

    [Fact]
    public async Task Duplex_PingPong_AnswersEachBeforeTheNext()
    {
        using var call = server.Echo.Chat();
        for (int i = 0; i < 300; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Write_AfterComplete_IsRefused()
    {
        using var call = server.Echo.Chat();
        await call.RequestStream.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest()));
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Write_AfterServerRefused_GivesTheStatus()
    {
        using var call = server.Echo.Collect();
        await call.RequestStream.WriteAsync(new EchoRequest { Behaviour = Behaviour.NotFound });
        await EchoServer.Failure(() => call.ResponseAsync);
        RpcException e = await EchoServer.Failure(() => call.RequestStream.WriteAsync(new EchoRequest()));
        Assert.Equal(StatusCode.NotFound, e.StatusCode);
    }

    [Fact]
    public async Task Duplex_OversizeSecondMessage_EndsWithResourceExhausted()
    {
        using var call = server.Echo.Chat();
        await call.RequestStream.WriteAsync(new EchoRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        // The write may fail or not, depending on how far it comes before the server ends the call.
        await Record.ExceptionAsync(() => call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[2 << 20]) }));
        RpcException e = await EchoServer.Failure(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }
}
