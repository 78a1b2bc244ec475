using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>How a call answers and ends. The first ending counts; what a handler writes after it is refused.</summary>
internal sealed partial class ServerCall
{
    private const int ResetNoError = 0;
    private const int ResetInternalError = 2;
    private static readonly Status DeadlineStatus = new(StatusCode.DeadlineExceeded, "Deadline Exceeded");

    private bool _headersCommitted;
    private bool _finished;
    private Task? _orphan;

    /// <summary>Awaits the handler, but not past the deadline: a handler that ignores its token is left to end by itself.</summary>
    public async Task GuardAsync(Task handler)
    {
        if (HasDeadline && !handler.IsCompleted)
        {
            try
            {
                await handler.WaitAsync(Clock.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!handler.IsCompleted)
            {
                if (!Clock.Expired)
                    await handler.ConfigureAwait(false);
                _orphan = handler.IsCompleted ? null : handler;
                throw;
            }
        }

        await handler.ConfigureAwait(false);
    }

    /// <summary>Frames a message into the response without sending it yet.</summary>
    public void Write<T>(Marshaller<T> marshaller, T message, WriteOptions? options)
    {
        CommitHeaders();
        try
        {
            MessageEncoder.Encode(http.Response.BodyWriter, marshaller, message, SendRulesFor(options));
        }
        catch (Exception e) when (e is not RpcException)
        {
            // Half a message may be in the response: no status can follow it.
            http.Features.Get<IHttpResetFeature>()?.Reset(ResetInternalError);
            throw;
        }
    }

    /// <summary>Frames bytes that are already a message.</summary>
    public void WritePayload(ReadOnlySpan<byte> payload)
    {
        CommitHeaders();
        MessageEncoder.EncodePayload(http.Response.BodyWriter, payload, SendRulesFor(WriteOptions));
    }

    /// <summary>Frames and flushes a message of a stream.</summary>
    /// <exception cref="InvalidOperationException">The call has ended.</exception>
    public ValueTask<FlushResult> WriteAndFlushAsync<T>(Marshaller<T> marshaller, T message, WriteOptions? options, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_finished)
                throw new InvalidOperationException("The message cannot be written: the call has ended.");
            Write(marshaller, message, options);
            return http.Response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Ends the call with a status: in headers where nothing was sent, else in trailers.</summary>
    public void Finish(Status status)
    {
        lock (_gate)
        {
            if (_finished)
                return;
            _finished = true;
            if (status.StatusCode != StatusCode.OK && !_headersCommitted && !http.Response.HasStarted)
                PutStatus(http.Response.Headers, status);
            else
                PutStatus(http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers, status);
        }
    }

    /// <summary>Ends the call as an exception asks for, and then waits for a handler that is still running.</summary>
    public Task FailAsync(Exception exception)
    {
        Finish(StatusOf(exception));
        return _orphan is null ? Task.CompletedTask : OutliveAsync(_orphan);
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        lock (_gate)
        {
            if (_finished || _headersCommitted || http.Response.HasStarted)
                throw new InvalidOperationException("The response headers were already sent.");
            PutMetadata(http.Response.Headers, responseHeaders);
            CommitHeaders();
            return http.Response.BodyWriter.FlushAsync(CancellationToken).AsTask();
        }
    }

    private static void PutMetadata(IHeaderDictionary headers, Metadata metadata)
    {
        foreach (Metadata.Entry entry in metadata)
        {
            if (MetadataCodec.IsCallersOwn(entry.Key))
                headers.Append(entry.Key, MetadataCodec.Encode(entry));
        }
    }

    private void CommitHeaders()
    {
        if (_headersCommitted)
            return;
        _headersCommitted = true;
        if (_compression is not null)
            http.Response.Headers.GrpcEncoding = GzipCodec.Name;
    }

    private SendRules SendRulesFor(WriteOptions? options) => new(
        settings.MaxSendBytes,
        options is not null && (options.Flags & WriteFlags.NoCompress) == WriteFlags.NoCompress ? null : _compression);

    private void PutStatus(IHeaderDictionary headers, Status status)
    {
        headers.GrpcStatus = StatusHeader.Of(status.StatusCode);
        if (status.Detail.Length > 0)
            headers.GrpcMessage = PercentEncoding.Encode(status.Detail);
        // A handler that outlives its deadline may be adding trailers at this moment; they are not sent then.
        if (_trailers is not null && _orphan is null)
            PutMetadata(headers, _trailers);
    }

    private Status StatusOf(Exception exception)
    {
        Status status = exception switch
        {
            _ when _clock is { Expired: true } => DeadlineStatus,
            RpcException rpc => WithTrailers(rpc),
            _ when http.RequestAborted.IsCancellationRequested => Status.DefaultCancelled,
            CallAbortedException or ConnectionResetException or ConnectionAbortedException => Status.DefaultCancelled,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                new Status(StatusCode.ResourceExhausted, "The request is larger than the server allows."),
            BadHttpRequestException => new Status(StatusCode.Internal, "The request body is malformed."),
            _ => UnexpectedStatus(exception),
        };
        ServerLog.CallFailed(settings.Logger, method.FullName, status.StatusCode, status.Detail);
        return status;
    }

    private Status WithTrailers(RpcException exception)
    {
        foreach (Metadata.Entry entry in exception.Trailers)
            ResponseTrailers.Add(entry);
        return exception.Status;
    }

    private Status UnexpectedStatus(Exception exception)
    {
        ServerLog.UnexpectedException(settings.Logger, exception, method.FullName);
        const string Plain = "Exception was thrown by handler.";
        return new Status(StatusCode.Unknown, settings.DetailedErrors ? $"{Plain} {exception.GetType().Name}: {exception.Message}" : Plain);
    }

    // The client gets its answer now; the HTTP context must not be reused under a handler that still runs.
    private async Task OutliveAsync(Task handler)
    {
        ServerLog.DeadlinePassed(settings.Logger, method.FullName);
        try
        {
            await http.Response.CompleteAsync().ConfigureAwait(false);
            http.Features.Get<IHttpResetFeature>()?.Reset(ResetNoError);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            ServerLog.CallFailed(settings.Logger, method.FullName, StatusCode.Cancelled, e.Message);
        }

        await OutlastAsync(handler).ConfigureAwait(false);
    }

    private async Task OutlastAsync(Task handler)
    {
        try
        {
            await handler.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException or RpcException)
        {
            // What a handler meets when its call ended under it; nobody is left to be told.
            ServerLog.CallFailed(settings.Logger, method.FullName, StatusCode.DeadlineExceeded, e.Message);
        }
        catch (Exception e)
        {
            ServerLog.LateException(settings.Logger, e, method.FullName);
        }
    }
}
