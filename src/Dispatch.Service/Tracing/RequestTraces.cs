using System.Diagnostics;
using System.Globalization;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http.Features;

namespace TrafficDispatch.Service.Tracing;

/// <summary>
/// Makes a span of each call of gRPC whose caller traces it (W3C Trace Context: a <c>traceparent</c> with the sampled flag). All others go on as they came; those
/// that are answered below the pipeline never come here. Thread-safe.
/// </summary>
internal sealed class RequestTraces(DispatchTraces traces)
{
    /// <summary>Runs the rest of the pipeline, under a span where the caller wants one.</summary>
    public Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        string? parent = context.Request.Headers.TraceParent;
        return parent is not null && traces.IsOn && context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { } method
            && ActivityContext.TryParse(parent, context.Request.Headers.TraceState, isRemote: true, out ActivityContext caller)
            && caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            ? RunAsync(method, caller, context, next)
            : next(context);
    }

    private async Task RunAsync(GrpcMethodMetadata method, ActivityContext caller, HttpContext context, RequestDelegate next)
    {
        Activity? call = traces.BeginCall(method.Method.FullName.TrimStart('/'), caller);
        try
        {
            call?.SetTag("rpc.system", "grpc").SetTag("rpc.service", method.Method.ServiceName).SetTag("rpc.method", method.Method.Name);
            await next(context);
            string? status = context.Response.Headers.GrpcStatus;
            status ??= context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers.GrpcStatus;
            if (!int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out int code)) return;
            call?.SetTag("rpc.grpc.status_code", code);
            if (code != 0) call?.SetStatus(ActivityStatusCode.Error);
        }
        finally
        {
            traces.EndCall(call);
        }
    }
}
