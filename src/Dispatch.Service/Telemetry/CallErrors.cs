using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>
/// Calls of gRPC that ended in an error, by method and code. Of the answers below the request pipeline only those that shed a call are errors,
/// and <c>dispatch_shed_total</c> counts them. Thread-safe; a call that ends well pays for reading its status.
/// </summary>
internal sealed class CallErrors
{
    private const string Unknown = "unknown";

    private readonly ConcurrentDictionary<(string Rpc, StatusCode Code), Count> _counts = new();

    /// <summary>Adds the counter to a meter.</summary>
    public void AddTo(Meter meter) =>
        meter.CreateObservableCounter("dispatch_call_errors_total", Read, null, "Calls of gRPC that ended in an error, by method and status code.");

    /// <summary>Runs the rest of the pipeline and counts how a call of gRPC ended.</summary>
    public async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true) return;
        string? status = context.Response.Headers.GrpcStatus;
        status ??= context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers.GrpcStatus;
        if (!int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out int code) || code == 0) return;
        // The name as it was mapped: what a client writes into an address must not become a label.
        string rpc = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName.TrimStart('/') ?? Unknown;
        _counts.GetOrAdd((rpc, Enum.IsDefined((StatusCode)code) ? (StatusCode)code : StatusCode.Unknown), static _ => new()).Add();
    }

    private IEnumerable<Measurement<long>> Read()
    {
        foreach (((string rpc, StatusCode code), Count count) in _counts)
            yield return new(count.Value, new("rpc", rpc), new("code", code.ToString()));
    }

    private sealed class Count
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }
}
