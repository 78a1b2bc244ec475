using System.Text;
using Google.Protobuf;
using TrafficDispatch.Rpc.EchoHost;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Server;

/// <summary>Which calls are answered below the pipeline, and that nobody can tell from the answer. The echo's middleware marks what it sees.</summary>
[Collection(nameof(EchoServer))]
public sealed class DirectCallTests(EchoServer server)
{
    private const string Path = "/echo.v1.Echo/Cached";

    private static readonly byte[] Long = Request(300), Short = Request(20);

    [Fact]
    public async Task Call_AllThereAtOnce_IsAnsweredDirectly()
    {
        (bool pipeline, byte[] body) = await AskAsync(Long);
        Assert.False(pipeline);
        Assert.Equal(await Generated(Long), body);
    }

    [Fact]
    public async Task Call_RawMethodLeavesIt_GoesThroughThePipelineUnharmed()
    {
        (bool pipeline, byte[] body) = await AskAsync(Short);
        Assert.True(pipeline);
        Assert.Equal(await Generated(Short), body);
    }

    [Theory]
    [InlineData("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("grpc-encoding", "identity")]
    public async Task Call_OutOfTheOrdinary_GoesThroughThePipeline(string header, string value)
    {
        (bool pipeline, byte[] body) = await AskAsync(Long, (header, value));
        Assert.True(pipeline);
        Assert.Equal(await Generated(Long), body);
    }

    [Theory]
    [InlineData("10S", false)]
    [InlineData("0S", true)]
    public async Task Call_WithDeadline_IsDirectWhileTimeIsLeft(string timeout, bool expected)
    {
        (bool pipeline, byte[] body) = await AskAsync(Long, ("grpc-timeout", timeout));
        Assert.Equal(expected, pipeline);
        Assert.Equal(expected, body.Length == 0);
    }

    [Fact]
    public async Task Call_BodyStillOnItsWay_GoesThroughThePipeline()
    {
        using Http2Wire wire = await Http2Wire.ConnectAsync(new Uri(server.Address));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        int first = wire.PutHead(Path);
        await wire.FlushAsync();
        // Another call on the same connection is answered: the head before it has been seen by then.
        int second = wire.PutHead(Path);
        wire.PutBody(second, Long);
        await wire.FlushAsync();
        await wire.ReadAsync(1, patience.Token);
        wire.PutBody(first, Long);
        await wire.FlushAsync();
        (_, byte[] body) = await wire.ReadAsync(1, patience.Token);
        Assert.Equal(await Generated(Long), body);
    }

    [Fact]
    public async Task Call_ManyOnOneConnection_EachGetsItsAnswer()
    {
        const int Calls = 500;
        using Http2Wire wire = await Http2Wire.ConnectAsync(new Uri(server.Address));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        for (int i = 0; i < Calls; i++) wire.PutBody(wire.PutHead(Path), i % 3 == 0 ? Short : Long);
        await wire.FlushAsync();
        (_, byte[] bodies) = await wire.ReadAsync(Calls, patience.Token);
        int shorts = (Calls + 2) / 3;
        Assert.Equal(shorts * (await Generated(Short)).Length + (Calls - shorts) * (await Generated(Long)).Length, bodies.Length);
    }

    private static byte[] Request(int text) => RawRequest.Frame(new EchoRequest { Text = new string('t', text) }.ToByteArray());

    private async Task<byte[]> Generated(byte[] frame) =>
        (await RawRequest.SendAsync(server.Http, new Uri($"{server.Address}/echo.v1.Echo/Unary"), frame)).Body;

    private async Task<(bool Pipeline, byte[] Body)> AskAsync(byte[] frame, params (string, string)[] headers)
    {
        using Http2Wire wire = await Http2Wire.ConnectAsync(new Uri(server.Address));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        wire.PutBody(wire.PutHead(Path, headers), frame);
        await wire.FlushAsync();
        (byte[] head, byte[] body) = await wire.ReadAsync(1, patience.Token);
        return (head.AsSpan().IndexOf(Encoding.ASCII.GetBytes(EchoApp.PipelineHeader)) >= 0, body);
    }
}
