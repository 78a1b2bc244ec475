using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>The requests of a streaming method.</summary>
internal sealed class ServerStreamReader<T>(ServerCall call, Marshaller<T> marshaller) : IAsyncStreamReader<T>
    where T : class
{
    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("There is no current message.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        CancellationToken callToken = call.CancellationToken;
        CancellationTokenSource? both = cancellationToken.CanBeCanceled && cancellationToken != callToken
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, callToken)
            : null;
        try
        {
            _current = await MessageStream.ReadAsync(call.Http.Request.BodyReader, marshaller, call.Receive, both?.Token ?? callToken)
                .ConfigureAwait(false);
            return _current is not null;
        }
        catch (IOException e)
        {
            throw new CallAbortedException(e);
        }
        finally
        {
            both?.Dispose();
        }
    }
}

/// <summary>The responses of a streaming method.</summary>
internal sealed class ServerStreamWriter<T>(ServerCall call, Marshaller<T> marshaller) : IServerStreamWriter<T>
    where T : class
{
    private Task _last = Task.CompletedTask;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!_last.IsCompleted)
            throw new InvalidOperationException("The previous write has not completed; await it first.");
        return _last = SendAsync(message, cancellationToken);
    }

    private async Task SendAsync(T message, CancellationToken cancellationToken)
    {
        // A handler that never looks at its token must still learn that nobody listens.
        call.CancellationToken.ThrowIfCancellationRequested();
        cancellationToken.ThrowIfCancellationRequested();
        CancellationToken token = cancellationToken.CanBeCanceled ? cancellationToken : call.CancellationToken;
        FlushResult result = await call.WriteAndFlushAsync(marshaller, message, WriteOptions ?? call.WriteOptions, token)
            .ConfigureAwait(false);
        if (result.IsCompleted || result.IsCanceled)
            throw new CallAbortedException(null);
    }
}

/// <summary>The client or the connection ended the call. A handler sees it as any other cancellation.</summary>
/// <remarks>The HTTP layer reports a reset stream before it cancels the request's token, so the token alone does not tell.</remarks>
internal sealed class CallAbortedException(IOException? cause) : OperationCanceledException("The client has ended the call.", cause);
