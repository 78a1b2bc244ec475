using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

[Collection(nameof(EchoServer))]
public sealed class DeadlineTests(EchoServer server)
{
    [Theory]
    [InlineData(Behaviour.Wait)]
    [InlineData(Behaviour.IgnoreToken)]
    public async Task Deadline_Passed_EndsTheCallOnTheClient(Behaviour behaviour)
    {
        long start = TimeProvider.System.GetTimestamp();
        RpcException e = await EchoServer.Failure(async () => await server.Echo.UnaryAsync(new EchoRequest { Behaviour = behaviour }, deadline: Soon()));
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(4));
    }

    // A client without a deadline of its own sees what the server alone does.
    [Theory]
    [InlineData("Unary", Behaviour.Wait)]
    [InlineData("Unary", Behaviour.IgnoreToken)]
    [InlineData("Cached", Behaviour.IgnoreToken)]
    [InlineData("Expand", Behaviour.Wait)]
    [InlineData("Expand", Behaviour.IgnoreToken)]
    public async Task Deadline_Passed_IsAnsweredByTheServer(string method, Behaviour behaviour)
    {
        byte[] frame = RawRequest.Frame(new EchoRequest { Behaviour = behaviour, Count = 2 }.ToByteArray());
        long start = TimeProvider.System.GetTimestamp();
        RawAnswer answer = await RawRequest.SendAsync(
            server.Http, new Uri($"{server.Address}/echo.v1.Echo/{method}"), frame, headers: ("grpc-timeout", "150m"));
        Assert.Equal(StatusCode.DeadlineExceeded, answer.Status);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Deadline_OfAStream_EndsIt()
    {
        using var call = server.Echo.Expand(new EchoRequest { Count = 1000, PauseMs = 50 }, deadline: Soon());
        RpcException e = await EchoServer.Failure(async () =>
        {
            while (await call.ResponseStream.MoveNext())
                Assert.InRange(call.ResponseStream.Current.Number, 0, 900);
        });
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
    }

    [Fact]
    public async Task Deadline_AlreadyOver_FailsWithoutCalling()
    {
        RpcException e = await EchoServer.Failure(async () =>
            await server.Echo.UnaryAsync(new EchoRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1)));
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
    }

    [Fact]
    public async Task Deadline_DeafHandlersEnded_ServerStillServes()
    {
        for (int i = 0; i < 20; i++)
        {
            await EchoServer.Failure(async () => await server.Echo.UnaryAsync(
                new EchoRequest { Behaviour = Behaviour.IgnoreToken },
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(20)));
        }

        EchoReply[] replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => server.Echo.UnaryAsync(new EchoRequest { Text = $"{i}" }).ResponseAsync));
        Assert.All(replies.Index(), r => Assert.Equal($"{r.Index}", r.Item.Text));
    }

    private static DateTime Soon() => TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(250);
}
