using System.Net;
using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Serve;

/// <summary><c>dispatch.v1.Probes</c>. One instance serves all calls.</summary>
internal sealed class ProbesService(HealthDesk desk, ProbeSettings settings) : Probes.ProbesBase
{
    private const int LongestVantage = 64;

    /// <inheritdoc/>
    public override async Task<ProbeSummary> Report(IAsyncStreamReader<ProbeReport> requestStream, ServerCallContext context)
    {
        if (!settings.Remote && !IsLocal(context))
            throw new RpcException(new Grpc.Core.Status(StatusCode.PermissionDenied, "Probes are only taken from this machine; Health:RemoteProbes=on takes them from all."));
        ProbeSummary summary = new();
        string vantage = "";
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            ProbeReport report = requestStream.Current;
            if (vantage.Length == 0) vantage = report.Vantage;
            if (desk.Take(Checked(report, vantage))) summary.Taken++;
            else summary.Unknown++;
        }
        return summary;
    }

    private static Probe Checked(ProbeReport report, string vantage)
    {
        if (report.Vantage.Length is 0 or > LongestVantage) throw Refusal.Invalid("vantage", report.Vantage, "must have 1 to 64 characters");
        if (report.Vantage != vantage) throw Refusal.Invalid("vantage", report.Vantage, $"must stay '{vantage}' throughout a stream: one vantage has one vote");
        HealthScope kind = report.Kind switch
        {
            "edge" => HealthScope.Edge,
            "relay" => HealthScope.Relay,
            "origin" => HealthScope.Origin,
            _ => throw Refusal.Invalid("kind", report.Kind, "must be edge, relay or origin"),
        };
        return new(vantage, kind, report.Id, report.Good);
    }

    private static bool IsLocal(ServerCallContext context) =>
        context.GetHttpContext().Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
}
