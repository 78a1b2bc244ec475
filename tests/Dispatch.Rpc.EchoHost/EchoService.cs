using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.EchoHost;

/// <summary>Answers with what it was asked, and misbehaves on demand.</summary>
public sealed class EchoService : Echo.EchoBase
{
    private static readonly TimeSpan DeafWork = TimeSpan.FromSeconds(5);
    private long _cancelled;
    private long _raw;

    /// <summary>Handlers that saw their call cancelled.</summary>
    public long Cancelled => Interlocked.Read(ref _cancelled);

    /// <summary>Calls that a raw method answered.</summary>
    public long RawAnswers => Interlocked.Read(ref _raw);

    /// <inheritdoc/>
    public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context) => request.Behaviour switch
    {
        Behaviour.Plain => Task.FromResult(Reply(request, 1)),
        Behaviour.Throw => throw new InvalidOperationException("a secret of the server"),
        Behaviour.NotFound => throw NotFound(context),
        Behaviour.Null => Task.FromResult<EchoReply>(null!),
        Behaviour.Describe => Task.FromResult(Describe(context)),
        Behaviour.SetStatus => WithStatus(context),
        Behaviour.Headers => WithHeadersAsync(request, context),
        _ => SlowAsync(request, context),
    };

    /// <inheritdoc/>
    public override Task<EchoReply> Cached(EchoRequest request, ServerCallContext context) => Unary(request, context);

    /// <summary>Counts an answer of a raw method.</summary>
    public void CountRaw() => Interlocked.Increment(ref _raw);

    /// <inheritdoc/>
    public override async Task Expand(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        for (int i = 0; i < request.Count; i++)
        {
            await PauseAsync(request.PauseMs, context);
            await responseStream.WriteAsync(Reply(request, i));
        }

        switch (request.Behaviour)
        {
            case Behaviour.Abort:
                throw new RpcException(new Status(StatusCode.Aborted, $"after {request.Count}"));
            case Behaviour.Wait or Behaviour.IgnoreToken:
                await SlowAsync(request, context);
                break;
            case Behaviour.Throw:
                throw new InvalidOperationException("a secret of the server");
        }
    }

    /// <inheritdoc/>
    public override async Task<EchoReply> Collect(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
    {
        long count = 0;
        long bytes = 0;
        await foreach (EchoRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (request.Behaviour == Behaviour.NotFound)
                throw NotFound(context);
            count++;
            bytes += request.Payload.Length;
        }

        return new EchoReply { Number = count, Text = bytes.ToString(CultureInfo.InvariantCulture) };
    }

    /// <inheritdoc/>
    public override async Task Chat(
        IAsyncStreamReader<EchoRequest> requestStream,
        IServerStreamWriter<EchoReply> responseStream,
        ServerCallContext context)
    {
        long number = 0;
        try
        {
            await foreach (EchoRequest request in requestStream.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(Reply(request, number++));
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }
    }

    internal static EchoReply Reply(EchoRequest request, long number)
    {
        var reply = new EchoReply { Text = request.Text, Number = number };
        reply.Payload = request.ResponseBytes > 0 ? ByteString.CopyFrom(new byte[request.ResponseBytes]) : request.Payload;
        if (request.Labels.Count > 0)
            reply.Labels.Add(request.Labels);
        return reply;
    }

    internal static Task PauseAsync(int milliseconds, ServerCallContext context) => milliseconds <= 0
        ? Task.CompletedTask
        : Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, context.CancellationToken);

    private static RpcException NotFound(ServerCallContext context)
    {
        context.ResponseTrailers.Add("x-context", "from the context");
        var trailers = new Metadata { { "x-trail", "t1" }, { "x-trail-bin", new byte[] { 1, 2, 255 } } };
        return new RpcException(new Status(StatusCode.NotFound, "no ‘pöol’ at 100%\n"), trailers);
    }

    private static Task<EchoReply> WithStatus(ServerCallContext context)
    {
        context.Status = new Status(StatusCode.FailedPrecondition, "set on the context");
        return Task.FromResult(new EchoReply());
    }

    private static async Task<EchoReply> WithHeadersAsync(EchoRequest request, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(new Metadata { { "x-head", context.RequestHeaders.GetValue("x-in") ?? "none" } });
        context.ResponseTrailers.Add("x-trail", "t2");
        return Reply(request, 1);
    }

    private static EchoReply Describe(ServerCallContext context)
    {
        var reply = new EchoReply();
        reply.Labels["method"] = context.Method;
        reply.Labels["peer"] = context.Peer;
        reply.Labels["host"] = context.Host;
        reply.Labels["local_port"] = context.GetHttpContext().Connection.LocalPort.ToString(CultureInfo.InvariantCulture);
        reply.Labels["remaining_s"] = context.Deadline == DateTime.MaxValue
            ? "none"
            : (context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        foreach (Metadata.Entry entry in context.RequestHeaders)
            reply.Labels[entry.Key] = entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value;
        return reply;
    }

    private async Task<EchoReply> SlowAsync(EchoRequest request, ServerCallContext context)
    {
        if (request.Behaviour == Behaviour.IgnoreToken)
        {
            await Task.Delay(DeafWork, TimeProvider.System, CancellationToken.None);
            return Reply(request, 1);
        }

        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }

        return Reply(request, 1);
    }
}

/// <summary>The part of the echo that answers in gzip. Not a singleton: each call gets and disposes its own.</summary>
public sealed class CompressedEchoService : CompressedEcho.CompressedEchoBase, IDisposable
{
    private static long _living;

    /// <summary>Counts itself.</summary>
    public CompressedEchoService() => Interlocked.Increment(ref _living);

    /// <summary>Instances not yet disposed.</summary>
    public static long Living => Interlocked.Read(ref _living);

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Decrement(ref _living);

    /// <inheritdoc/>
    public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context)
    {
        if (request.Text == "plain")
            context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        return Task.FromResult(EchoService.Reply(request, 1));
    }

    /// <inheritdoc/>
    public override async Task Expand(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        for (int i = 0; i < request.Count; i++)
            await responseStream.WriteAsync(EchoService.Reply(request, i));
    }
}
