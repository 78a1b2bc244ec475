using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrafficDispatch.Service.Tests.Export.Metrics;
using TrafficDispatch.Service.Tests.Export.Traces;

namespace TrafficDispatch.Service.Tests.Export;

/// <summary>A receiver of OTLP, by gRPC or by protobuf over HTTP, that keeps what it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<ExportMetricsServiceRequest> Metrics { get; } = new();

    public ConcurrentQueue<ExportTraceServiceRequest> Traces { get; } = new();

    /// <summary>The header <c>x-token</c> of each export.</summary>
    public ConcurrentQueue<string> Tokens { get; } = new();

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IEnumerable<Span> Spans => Traces.SelectMany(static t => t.ResourceSpans).SelectMany(static r => r.ScopeSpans).SelectMany(static s => s.Spans);

    public static async Task<OtlpReceiver> StartAsync(bool http)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.ConfigureEndpointDefaults(e => e.Protocols = http ? HttpProtocols.Http1 : HttpProtocols.Http2));
        builder.Services.AddGrpc();
        OtlpReceiver? receiver = null;
        builder.Services.AddSingleton(_ => receiver!).AddSingleton<MetricsTaker>().AddSingleton<TracesTaker>();
        WebApplication app = builder.Build();
        receiver = new(app);
        app.MapGrpcService<MetricsTaker>();
        app.MapGrpcService<TracesTaker>();
        app.MapPost("/v1/metrics", context => receiver.TakeAsync(context, ExportMetricsServiceRequest.Parser, receiver.Metrics));
        app.MapPost("/v1/traces", context => receiver.TakeAsync(context, ExportTraceServiceRequest.Parser, receiver.Traces));
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync<T>(HttpContext context, MessageParser<T> parser, ConcurrentQueue<T> kept)
        where T : IMessage<T>
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        Keep(context, parser.ParseFrom(body.ToArray()), kept);
        context.Response.ContentType = "application/x-protobuf";
    }

    private void Keep<T>(HttpContext context, T sent, ConcurrentQueue<T> kept)
    {
        Tokens.Enqueue(context.Request.Headers["x-token"].ToString());
        kept.Enqueue(sent);
    }

    private sealed class MetricsTaker(OtlpReceiver receiver) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            receiver.Keep(context.GetHttpContext(), request, receiver.Metrics);
            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }

    private sealed class TracesTaker(OtlpReceiver receiver) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            receiver.Keep(context.GetHttpContext(), request, receiver.Traces);
            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }
}
