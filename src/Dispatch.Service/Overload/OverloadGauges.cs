using System.Diagnostics.Metrics;

namespace TrafficDispatch.Service.Overload;

/// <summary>The figures of overload.</summary>
internal static class OverloadGauges
{
    /// <summary>Adds the instruments.</summary>
    public static void AddTo(Meter meter, OverloadParts parts)
    {
        meter.CreateObservableCounter("dispatch_shed_total", () => parts.Shedding.Counts.Select(static c => Of(c.Count, "reason", c.Reason)), "{call}",
            "Calls turned away with RESOURCE_EXHAUSTED, by reason.");
        meter.CreateObservableGauge("dispatch_calls_in_flight", () => Running(parts.Calls), "{call}",
            "gRPC calls begun and not ended, by shape; those answered at once are not among them.");
        meter.CreateObservableGauge("dispatch_queue_delay_seconds", () => parts.Probe.Delay.TotalSeconds, "s", "How long work waits for a processor, measured every 50 ms.");
        meter.CreateObservableGauge("dispatch_shed_ratio", () => parts.Shedding.Share / 65536.0, null, "Part of the calls that is turned away now because calls wait too long.");
        meter.CreateObservableGauge("dispatch_connections", () => parts.Connections.Select(static c => Of(c.Open, "endpoint", c.Endpoint)), "{connection}", "Connections open, by endpoint.");
        meter.CreateObservableCounter("dispatch_connections_refused_total", () => parts.Connections.Select(static c => Of(c.Refused, "endpoint", c.Endpoint)), "{connection}",
            "Connections closed as soon as they came because the endpoint was full, by endpoint.");
    }

    private static Measurement<long>[] Running(CallLimit calls) => [Of(calls.Calls, "shape", "unary"), Of(calls.Streams, "shape", "stream")];

    private static Measurement<long> Of(long value, string key, string label) => new(value, new KeyValuePair<string, object?>(key, label.ToLowerInvariant()));
}
