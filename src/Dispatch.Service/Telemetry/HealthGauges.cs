using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>What automation has taken away, and what it may not.</summary>
internal static class HealthGauges
{
    /// <summary>Adds them to the meter.</summary>
    public static void AddTo(Meter meter, TableHolder holder, ProbeTally probes)
    {
        meter.CreateObservableGauge("dispatch_health_vantages", () => holder.Health.Vantages, null, "Vantages that have a say, distrusted ones among them.");
        meter.CreateObservableGauge("dispatch_health_distrusted_vantages", () => holder.Health.Distrusted.Length, null,
            "Vantages whose votes are dropped because most of their targets fail.");
        meter.CreateObservableGauge("dispatch_health_held_nodes", () => holder.Health.Held.Length, null,
            "Nodes that a quorum holds down and that serve on because the cap on automation is reached.");
        meter.CreateObservableGauge("dispatch_health_damped_nodes", () => holder.Health.Damped.Length, null, "Nodes that are out because they fell too often.");
        meter.CreateObservableGauge("dispatch_health_taken_ratio", () => holder.Health.TakenPercent / 100, null,
            "Part of the capacity of all edges that automation has taken away.");
        meter.CreateObservableGauge("dispatch_overlay_lightened_edges", () => holder.Current?.Overlay.LightenedCount ?? 0, null,
            "Edges that keep only part of their clients: over their ceiling, or coming back.");
        meter.CreateObservableCounter("dispatch_probes_total", () => Heard(probes), null, "Probes by where they were heard: reported here, told by others, or of these known before.");
        meter.CreateObservableCounter("dispatch_probes_refused_calls_total", () => probes.Refused, null, "Calls with probes that were refused for their token or their address.");
        meter.CreateObservableCounter("dispatch_probes_untold_total", () => probes.Untold, null, "Probes taken here that the other processes could not be told.");
    }

    private static Measurement<long>[] Heard(ProbeTally probes) => [Of(probes.Reported, "reported"), Of(probes.FromOthers, "told"), Of(probes.Known, "known")];

    private static Measurement<long> Of(long count, string heard) => new(count, new KeyValuePair<string, object?>("heard", heard));
}
