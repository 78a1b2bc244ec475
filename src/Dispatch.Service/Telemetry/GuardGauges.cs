using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>What the guard before publishing refused.</summary>
internal static class GuardGauges
{
    /// <summary>Adds them to the meter.</summary>
    public static void AddTo(Meter meter, TableHolder holder)
    {
        meter.CreateObservableCounter("dispatch_guard_refused_total", () => Refused(holder), null, "Tables that the guard refused, by rule; a table may break several.");
        meter.CreateObservableCounter("dispatch_guard_forced_total", () => holder.Guard.Forced, null, "Tables that a person let through against the guard.");
        meter.CreateObservableGauge("dispatch_guard_holding", () => holder.Guard.Since is null ? 0 : 1, null, "1 while the guard keeps the last good table in force.");
        meter.CreateObservableGauge("dispatch_publish_frozen", () => holder.Freeze is null ? 0 : 1, null, "1 while a person has stopped publishing.");
        meter.CreateObservableCounter("dispatch_publish_frozen_cycles_total", () => holder.FrozenCycles, null, "Cycles that published nothing because a person has stopped it.");
    }

    private static IEnumerable<Measurement<long>> Refused(TableHolder holder) =>
        holder.Guard.Refusals.Select(static r => new Measurement<long>(r.Value, new KeyValuePair<string, object?>("rule", r.Key)));
}
