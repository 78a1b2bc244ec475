using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>The one request of a call, framed beforehand.</summary>
internal sealed class SingleRequestContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _frame;

    public SingleRequestContent(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        Headers.ContentType = GrpcContentType.Header;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        stream.WriteAsync(_frame).AsTask();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_frame, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _frame.Length;
        return true;
    }
}

/// <summary>The requests of a call, sent as the caller writes them. One writer at a time.</summary>
internal sealed class RequestStreamContent<TRequest> : HttpContent, IClientStreamWriter<TRequest>
    where TRequest : class
{
    private readonly IClientCall _call;
    private readonly Marshaller<TRequest> _marshaller;
    private readonly Func<WriteOptions?, SendRules> _rules;
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> _frame = new(512);
    private Task _last = Task.CompletedTask;

    public RequestStreamContent(IClientCall call, Marshaller<TRequest> marshaller, Func<WriteOptions?, SendRules> rules)
    {
        (_call, _marshaller, _rules) = (call, marshaller, rules);
        Headers.ContentType = GrpcContentType.Header;
    }

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_completed.Task.IsCompleted)
            throw new InvalidOperationException("The message cannot be written: the request stream is complete.");
        if (!_last.IsCompleted)
            throw new InvalidOperationException("The previous write has not completed; await it first.");
        return _last = SendAsync(message, cancellationToken);
    }

    public Task CompleteAsync()
    {
        _completed.TrySetResult();
        return Task.CompletedTask;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The flush sends the request headers now: a duplex call may want an answer before its first message.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        _opened.TrySetResult(stream);
        await _completed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task SendAsync(TRequest message, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration cancel = _call.CancelWith(cancellationToken);
        try
        {
            Stream stream = await _opened.Task.WaitAsync(_call.Token).ConfigureAwait(false);
            _frame.ResetWrittenCount();
            MessageEncoder.Encode(_frame, _marshaller, message, _rules(WriteOptions));
            await stream.WriteAsync(_frame.WrittenMemory, _call.Token).ConfigureAwait(false);
            await stream.FlushAsync(_call.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw await _call.WriteFailureAsync(e).ConfigureAwait(false);
        }
    }
}

/// <summary>What a request stream needs of its call.</summary>
internal interface IClientCall
{
    /// <summary>Cancelled when the call ends before its requests do.</summary>
    CancellationToken Token { get; }

    /// <summary>Cancels the call with a caller's token.</summary>
    CancellationTokenRegistration CancelWith(CancellationToken token);

    /// <summary>What to tell the writer of a message that could not be sent.</summary>
    Task<Exception> WriteFailureAsync(Exception exception);
}

/// <summary>The content type of requests.</summary>
internal static class GrpcContentType
{
    public static MediaTypeHeaderValue Header => new("application/grpc");
}
