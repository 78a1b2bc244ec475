using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>Gauges of how far the plan in force is prepared for failures.</summary>
internal static class FailureGauges
{
    /// <summary>Adds them to the meter.</summary>
    public static void AddTo(Meter meter, TableHolder holder)
    {
        meter.CreateObservableGauge("dispatch_failovers", () => OfState(holder, static s => s.Table.Content.Failovers.Count), null,
            "Failovers that the table in force ships.");
        meter.CreateObservableGauge("dispatch_failures_tried", () => OfSummary(holder, static f => f.Tried), null,
            "Failures tried on the plan in force.");
        meter.CreateObservableGauge("dispatch_failures_absorbed", () => OfSummary(holder, static f => f.Absorbed), null,
            "Failures among them that shed nothing which the plan serves.");
        meter.CreateObservableGauge("dispatch_failures_unabsorbed", () => OfSummary(holder, static f => f.NotAbsorbed), null,
            "Failures among them that shed traffic.");
        meter.CreateObservableGauge("dispatch_failure_worst_unserved_mbps", () => OfSummary(holder, static f => f.Worst.IsEmpty ? 0 : f.Worst[0].UnservedMbps), null,
            "Traffic that the worst failure would shed, in Mbit/s.");
        meter.CreateObservableGauge("dispatch_failover_age_seconds", () => Age(holder), "s", "Time since the failovers of this plan were made.");
    }

    private static IEnumerable<Measurement<long>> OfState(TableHolder holder, Func<ServingState, long> read)
    {
        if (holder.Current is { } state) yield return new(read(state));
    }

    private static IEnumerable<Measurement<long>> OfSummary(TableHolder holder, Func<FailureSummary, long> read)
    {
        if (holder.Current?.Failures is { MadeAt: not null } summary) yield return new(read(summary));
    }

    private static IEnumerable<Measurement<double>> Age(TableHolder holder)
    {
        if (holder.Current is { } state && holder.Age(state.Failures) is { } age) yield return new(age.TotalSeconds);
    }
}
