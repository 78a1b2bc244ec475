using System.Buffers;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Watch;

namespace TrafficDispatch.Service.Serve;

/// <summary><c>dispatch.v1.Routing</c>. One instance serves all calls.</summary>
internal sealed class RoutingService(Resolver resolver, RawResolver raw, TableWatch watch) : Routing.RoutingBase
{
    /// <summary>Answers <see cref="Resolve"/> from bytes to bytes where it can.</summary>
    public bool TryResolve(in ReadOnlySequence<byte> request, IBufferWriter<byte> response) => raw.TryResolve(request, response);

    /// <inheritdoc/>
    public override Task<ResolveReply> Resolve(ResolveRequest request, ServerCallContext context) => Task.FromResult(resolver.Resolve(request));

    /// <inheritdoc/>
    public override Task<ResolveBatchReply> ResolveBatch(ResolveBatchRequest request, ServerCallContext context) => Task.FromResult(resolver.ResolveBatch(request));

    /// <inheritdoc/>
    public override Task WatchTable(WatchTableRequest request, IServerStreamWriter<TableUpdate> responseStream, ServerCallContext context) =>
        watch.RunAsync(request, responseStream, context.CancellationToken);
}

/// <summary><c>dispatch.v1.Relay</c>. One instance serves all calls.</summary>
internal sealed class RelayService(PathFinder paths, IngestFinder ingest, PathReports reports) : Relay.RelayBase
{
    /// <inheritdoc/>
    public override Task<RouteReply> Route(RouteRequest request, ServerCallContext context) => Task.FromResult(paths.Route(request));

    /// <inheritdoc/>
    public override Task<IngestReply> Ingest(IngestRequest request, ServerCallContext context) => Task.FromResult(ingest.Ingest(request));

    /// <inheritdoc/>
    public override Task<ReportPathReply> ReportPath(ReportPathRequest request, ServerCallContext context) =>
        Task.FromResult(reports.Report(request, context.GetHttpContext()));
}
