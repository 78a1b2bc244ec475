using System.Diagnostics.Metrics;
using TrafficDispatch.Measure;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>Instruments of the samples and of what is measured by them.</summary>
internal static class TelemetryGauges
{
    /// <summary>Adds them to the meter.</summary>
    public static void AddTo(Meter meter, TelemetryBoard board, TimeProvider time)
    {
        meter.CreateObservableCounter("dispatch_telemetry_samples_total", () => Samples(board), null, "Samples by how they ended; accepted ones count.");
        meter.CreateObservableCounter("dispatch_telemetry_batches_total", () => board.Summary.Batches, null, "Batches folded; each counts once.");
        meter.CreateObservableCounter("dispatch_telemetry_unreadable_total", () => board.Summary.Unreadable, null, "Batches in the store that are no batches.");
        meter.CreateObservableCounter("dispatch_telemetry_dropped_total", () => board.Summary.Dropped, null, "Batches that the store trimmed before they were folded.");
        meter.CreateObservableCounter("dispatch_telemetry_evicted_total", () => Evicted(board.Summary.Use), null, "What was forgotten to keep within the caps, by kind.");
        meter.CreateObservableGauge("dispatch_telemetry_backlog", () => board.Summary.Backlog, null, "Batches stored and not folded yet.");
        meter.CreateObservableGauge("dispatch_telemetry_lag_seconds", () => board.Summary.Lag.TotalSeconds, "s", "Age of the last batch when it was folded.");
        meter.CreateObservableGauge("dispatch_telemetry_newest_age_seconds", () => Age(board, time), "s", "Age of the newest sample that counts.");
        meter.CreateObservableGauge("dispatch_telemetry_pending", () => board.Summary.Pending, null, "Batches of the backlog that some worker has in hand.");
        meter.CreateObservableGauge("dispatch_telemetry_oldest_age_seconds", () => board.Summary.OldestAge.TotalSeconds, "s", "Age of the oldest batch of the backlog.");
        meter.CreateObservableGauge("dispatch_telemetry_at_table_seconds", () => Ages(board), "s", "Age of samples when the last table solved with them came into force.");
        meter.CreateObservableCounter("dispatch_telemetry_parts_total", () => Parts(board), null, "Parts that workers hand to each other, by what became of them here.");
        meter.CreateObservableGauge("dispatch_telemetry_parts_behind", () => board.Summary.Parts?.Behind ?? 0, null, "Parts that are not in the book here yet.");
        meter.CreateObservableGauge("dispatch_telemetry_parts_kept", () => board.Summary.Parts?.Kept ?? 0, null, "Parts in the store.");
        meter.CreateObservableGauge("dispatch_telemetry_parts_kept_bytes", () => board.Summary.Parts?.KeptBytes ?? 0, "By", "Bytes of the parts in the store.");
        meter.CreateObservableGauge("dispatch_telemetry_entries", () => Entries(board.Summary.Use), null, "What is remembered, by kind.");
        meter.CreateObservableGauge("dispatch_telemetry_coverage_ratio", () => Coverage(board), null, "Part of the regions, and of the facts' demand, with fresh measurements of their own.");
        meter.CreateObservableGauge("dispatch_telemetry_paths", () => Paths(board), null, "Paths whose round trip is not the facts' own, by what it rests on.");
    }

    private static IEnumerable<Measurement<long>> Samples(TelemetryBoard board)
    {
        for (int fault = 0; fault < SampleRules.FaultCount; fault++)
            yield return new(board.CountOf((SampleFault)fault), new KeyValuePair<string, object?>("result", SampleRules.NameOf((SampleFault)fault)));
    }

    private static IEnumerable<Measurement<double>> Age(TelemetryBoard board, TimeProvider time)
    {
        if (board.Summary.Newest is { } newest) yield return new((time.GetUtcNow() - newest).TotalSeconds);
    }

    private static Measurement<long>[] Entries(MeasureUse use) => [Of(use.Reporters, "reporter"), Of(use.PathCells, "path"), Of(use.Loads, "load"), Of(use.Resolvers, "resolver")];

    private static Measurement<long>[] Evicted(MeasureUse use) =>
        [Of(use.ReportersForgotten, "reporter"), Of(use.PathCellsEvicted, "path"), Of(use.ResolversEvicted, "resolver"), Of(use.NetworksRefused, "network"), Of(use.PassedOver, "merged")];

    private static IEnumerable<Measurement<double>> Coverage(TelemetryBoard board)
    {
        if (board.Facts?.Coverage is not { } coverage) yield break;
        yield return new(coverage.FreshShare, new KeyValuePair<string, object?>("of", "regions"));
        yield return new(coverage.FreshDemandShare, new KeyValuePair<string, object?>("of", "demand"));
    }

    private static IEnumerable<Measurement<long>> Paths(TelemetryBoard board)
    {
        if (board.Facts?.Coverage is not { } coverage) yield break;
        yield return new(coverage.Paths, new KeyValuePair<string, object?>("level", "region"));
        yield return new(coverage.CountryPaths, new KeyValuePair<string, object?>("level", "country"));
    }

    private static IEnumerable<Measurement<double>> Ages(TelemetryBoard board)
    {
        if (board.Ages is not { } ages) yield break;
        foreach ((string of, TimeSpan? age) in ((string, TimeSpan?)[])[("newest", ages.Newest), ("median", ages.Median), ("new_median", ages.NewMedian)])
            if (age is { } known) yield return new(known.TotalSeconds, new KeyValuePair<string, object?>("of", of));
    }

    private static Measurement<long>[] Parts(TelemetryBoard board) => board.Summary.Parts is not { } parts ? []
        : [Result(parts.Stored, "stored"), Result(parts.Refused, "refused"), Result(parts.Merged, "merged"), Result(parts.Lost, "lost"), Result(parts.Dropped, "dropped")];

    private static Measurement<long> Result(long value, string result) => new(value, new KeyValuePair<string, object?>("result", result));

    private static Measurement<long> Of(long value, string kind) => new(value, new KeyValuePair<string, object?>("kind", kind));
}
