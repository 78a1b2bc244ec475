using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Serve;

/// <summary><c>dispatch.v1.Probes</c>. One instance serves all calls.</summary>
internal sealed class ProbesService(HealthDesk desk, ProbeExchange exchange, ProbeTally tally, VantageGate gate) : Probes.ProbesBase
{
    /// <inheritdoc/>
    public override async Task<ProbeSummary> Report(IAsyncStreamReader<ProbeReport> requestStream, ServerCallContext context)
    {
        HttpContext http = context.GetHttpContext();
        gate.Enter(http);
        ProbeSummary summary = new();
        string vantage = "";
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            ProbeReport report = requestStream.Current;
            if (vantage.Length == 0)
            {
                vantage = report.Vantage;
                gate.Speak(http, vantage);
            }
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
        if (vantage == ProbeReading.OwnVantage) throw Refusal.Invalid("vantage", vantage, "is what the service calls its own measurements");
        if (report.Vantage != vantage) throw Refusal.Invalid("vantage", report.Vantage, $"must stay '{vantage}' throughout a stream: one vantage has one vote");
        return probe;
    }
}
