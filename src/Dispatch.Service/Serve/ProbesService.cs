using System.Net;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Serve;

/// <summary><c>dispatch.v1.Probes</c>. One instance serves all calls.</summary>
internal sealed class ProbesService(HealthDesk desk, ProbeExchange exchange, ProbeTally tally, ProbeSettings settings) : Probes.ProbesBase
{
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
            Count(Take(report, Checked(report, vantage)), summary);
        }
        return summary;
    }

    private ProbeFate Take(ProbeReport report, Probe probe)
    {
        tally.CountReported();
        ProbeFate fate = desk.Take(probe);
        if (fate == ProbeFate.Known) tally.CountKnown();
        if (fate == ProbeFate.Taken) exchange.Tell(report);
        return fate;
    }

    private static void Count(ProbeFate fate, ProbeSummary summary)
    {
        if (fate == ProbeFate.Taken) summary.Taken++;
        else if (fate == ProbeFate.Known) summary.Known++;
        else summary.Unknown++;
    }

    private static Probe Checked(ProbeReport report, string vantage)
    {
        if (!ProbeReading.TryRead(report, out Probe probe, out string field, out string rule))
            throw Refusal.Invalid(field, field == "kind" ? report.Kind : report.Vantage, rule);
        if (report.Vantage != vantage) throw Refusal.Invalid("vantage", report.Vantage, $"must stay '{vantage}' throughout a stream: one vantage has one vote");
        return probe;
    }

    private static bool IsLocal(ServerCallContext context) =>
        context.GetHttpContext().Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
}
