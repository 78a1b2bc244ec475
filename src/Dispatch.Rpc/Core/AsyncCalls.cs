using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>What the client's view of every kind of call shares.</summary>
public abstract class AsyncCallBase : IDisposable
{
    private readonly Func<Status> _status;
    private readonly Func<Metadata> _trailers;
    private readonly Action _dispose;

    private protected AsyncCallBase(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, Action dispose)
    {
        ResponseHeadersAsync = headers;
        (_status, _trailers, _dispose) = (status, trailers, dispose);
    }

    /// <summary>The response headers, once they are there; fails as the call fails before that.</summary>
    public Task<Metadata> ResponseHeadersAsync { get; }

    /// <summary>The status of a finished call.</summary>
    /// <exception cref="InvalidOperationException">The call is still running.</exception>
    public Status GetStatus() => _status();

    /// <summary>The trailers of a finished call.</summary>
    /// <exception cref="InvalidOperationException">The call is still running.</exception>
    public Metadata GetTrailers() => _trailers();

    /// <summary>Cancels the call if it still runs and lets its resources go.</summary>
    public void Dispose()
    {
        _dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A call of one request and one response; await it for the response.</summary>
/// <typeparam name="TResponse">Response message.</typeparam>
public sealed class AsyncUnaryCall<TResponse> : AsyncCallBase
{
    /// <summary>Joins the parts of a call.</summary>
    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : base(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction) => ResponseAsync = responseAsync;

    /// <summary>The response, or the <see cref="RpcException"/> that ended the call.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>Makes the call itself awaitable.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Awaits with or without the captured context.</summary>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        ResponseAsync.ConfigureAwait(continueOnCapturedContext);
}

/// <summary>A call of one request and many responses.</summary>
/// <typeparam name="TResponse">Response message.</typeparam>
public sealed class AsyncServerStreamingCall<TResponse> : AsyncCallBase
{
    /// <summary>Joins the parts of a call.</summary>
    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : base(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction) => ResponseStream = responseStream;

    /// <summary>The responses; reading throws <see cref="RpcException"/> when the call fails.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; }
}

/// <summary>A call of many requests and one response; await it for the response.</summary>
/// <typeparam name="TRequest">Request message.</typeparam>
/// <typeparam name="TResponse">Response message.</typeparam>
public sealed class AsyncClientStreamingCall<TRequest, TResponse> : AsyncCallBase
{
    /// <summary>Joins the parts of a call.</summary>
    public AsyncClientStreamingCall(
        IClientStreamWriter<TRequest> requestStream,
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : base(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction)
    {
        RequestStream = requestStream;
        ResponseAsync = responseAsync;
    }

    /// <summary>The requests; complete it to get the response.</summary>
    public IClientStreamWriter<TRequest> RequestStream { get; }

    /// <summary>The response, or the <see cref="RpcException"/> that ended the call.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>Makes the call itself awaitable.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Awaits with or without the captured context.</summary>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        ResponseAsync.ConfigureAwait(continueOnCapturedContext);
}

/// <summary>A call of many requests and many responses.</summary>
/// <typeparam name="TRequest">Request message.</typeparam>
/// <typeparam name="TResponse">Response message.</typeparam>
public sealed class AsyncDuplexStreamingCall<TRequest, TResponse> : AsyncCallBase
{
    /// <summary>Joins the parts of a call.</summary>
    public AsyncDuplexStreamingCall(
        IClientStreamWriter<TRequest> requestStream,
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
        : base(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction)
    {
        RequestStream = requestStream;
        ResponseStream = responseStream;
    }

    /// <summary>The requests.</summary>
    public IClientStreamWriter<TRequest> RequestStream { get; }

    /// <summary>The responses; reading throws <see cref="RpcException"/> when the call fails.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; }
}
