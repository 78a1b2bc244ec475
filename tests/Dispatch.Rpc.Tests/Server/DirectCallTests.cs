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

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Call_BodyStillOnItsWay_IsAnsweredDirectlyOnceItIsThere(int piece)
    {
        (bool pipeline, byte[] body) = await AskInPiecesAsync(Long, piece);
        Assert.False(pipeline);
        Assert.Equal(await Generated(Long), body);
    }

    [Fact]
    public async Task Call_BodyLateAndLeftByTheRawMethod_GoesThroughThePipelineUnharmed()
    {
        (bool pipeline, byte[] body) = await AskInPiecesAsync(Short, 3);
        Assert.True(pipeline);
        Assert.Equal(await Generated(Short), body);
    }

    [Fact]
    public async Task Call_BodyLateAndLargerThanAllowed_IsRefusedByThePipeline()
    {
        byte[] large = Request(5 * 1024 * 1024);
        (bool pipeline, byte[] body) = await AskInPiecesAsync(large[..65_000], 3);
        Assert.True(pipeline);
        Assert.Empty(body);
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

    /// <summary>Sends the head alone, then a piece of the body, then the rest; the server has seen what came before when the next leaves.</summary>
    private async Task<(bool Pipeline, byte[] Body)> AskInPiecesAsync(byte[] frame, int piece)
    {
        using Http2Wire wire = await Http2Wire.ConnectAsync(new Uri(server.Address));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        int stream = wire.PutHead(Path);
        await AnotherAsync(wire, patience.Token);
        if (piece > 0)
        {
            wire.PutPart(stream, frame.AsSpan(0, piece));
            await AnotherAsync(wire, patience.Token);
        }
        for (int sent = piece; sent < frame.Length; sent += Math.Min(frame.Length - sent, 16_000))
        {
            ReadOnlySpan<byte> part = frame.AsSpan(sent, Math.Min(frame.Length - sent, 16_000));
            if (sent + part.Length == frame.Length) wire.PutBody(stream, part);
            else wire.PutPart(stream, part);
        }
        await wire.FlushAsync();
        (byte[] head, byte[] body) = await wire.ReadAsync(1, patience.Token);
        return (head.AsSpan().IndexOf(Encoding.ASCII.GetBytes(EchoApp.PipelineHeader)) >= 0, body);
    }

    // Whoever answers it has seen what was sent before it on the connection.
    private static async Task AnotherAsync(Http2Wire wire, CancellationToken cancellationToken)
    {
        wire.PutBody(wire.PutHead(Path), Long);
        await wire.FlushAsync();
        await wire.ReadAsync(1, cancellationToken);
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
