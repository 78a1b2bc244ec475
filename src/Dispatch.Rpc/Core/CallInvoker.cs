namespace Grpc.Core;

/// <summary>Starts calls; generated clients stand on it, tests may put a fake in its place. Thread-safe.</summary>
public abstract class CallInvoker
{
    /// <summary>Calls and blocks until the answer is there.</summary>
    /// <exception cref="RpcException">The call ended with another status than success.</exception>
    public abstract TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>Starts a call of one request and one response.</summary>
    public abstract AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>Starts a call of one request and many responses.</summary>
    public abstract AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>Starts a call of many requests and one response.</summary>
    public abstract AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options)
        where TRequest : class
        where TResponse : class;

    /// <summary>Starts a call of many requests and many responses.</summary>
    public abstract AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options)
        where TRequest : class
        where TResponse : class;
}

/// <summary>A way to a server, from which call invokers come.</summary>
public abstract class ChannelBase
{
    /// <summary>Makes a channel with a name for logs.</summary>
    protected ChannelBase(string target) => Target = target;

    /// <summary>The server's host and port.</summary>
    public string Target { get; }

    /// <summary>Makes an invoker whose calls go through this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();
}
