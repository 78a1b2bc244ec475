using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>Makes the calls of a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request)
    {
        using AsyncUnaryCall<TResponse> call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        Task<TResponse> response = call.SingleResponseAsync(call.Content(request));
        return new AsyncUnaryCall<TResponse>(response, call.Headers, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.Open(call.Content(request));
        return new AsyncServerStreamingCall<TResponse>(call, call.Headers, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        RequestStreamContent<TRequest> requests = call.StreamContent();
        Task<TResponse> response = call.SingleResponseAsync(requests);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            requests, response, call.Headers, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        RequestStreamContent<TRequest> requests = call.StreamContent();
        call.Open(requests);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            requests, call, call.Headers, call.GetStatus, call.GetTrailers, call.Dispose);
    }
}
