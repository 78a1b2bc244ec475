using System.Diagnostics.Metrics;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>What the process takes of the machine: allocation, collections and pauses, which show in the slowest answers.</summary>
internal static class RuntimeGauges
{
    /// <summary>Adds the instruments.</summary>
    public static void AddTo(Meter meter)
    {
        meter.CreateObservableCounter("dispatch_allocated_bytes_total", static () => GC.GetTotalAllocatedBytes(), "By", "Bytes allocated since the start.");
        meter.CreateObservableCounter("dispatch_gc_collections_total", Collections, "{collection}", "Garbage collections by generation.");
        meter.CreateObservableCounter("dispatch_gc_pause_seconds_total", static () => GC.GetTotalPauseDuration().TotalSeconds, "s",
            "Time that the garbage collector held all threads.");
        meter.CreateObservableGauge("dispatch_heap_bytes", static () => GC.GetGCMemoryInfo().HeapSizeBytes, "By", "Managed heap after the last collection.");
    }

    private static IEnumerable<Measurement<long>> Collections()
    {
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
            yield return new(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", generation));
    }
}
