using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>What the operating system says of the process, under the names that every Prometheus client uses for it.</summary>
internal static class ProcessGauges
{
    /// <summary>Adds the instruments.</summary>
    public static void AddTo(Meter meter)
    {
        DateTimeOffset start = StartTime();
        meter.CreateObservableCounter("process_cpu_seconds_total", static () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process, user and system.");
        meter.CreateObservableGauge("process_resident_memory_bytes", static () => Environment.WorkingSet, "By", "Memory of the process that is in physical memory.");
        meter.CreateObservableGauge("process_start_time_seconds", () => start.ToUnixTimeMilliseconds() / 1000.0, "s", "When the process began, in seconds since 1970, UTC.");
        meter.CreateObservableGauge("dispatch_thread_pool_queue_length", static () => ThreadPool.PendingWorkItemCount, null,
            "Work that waits for a thread of the pool; more than a few for seconds means that all threads are held.");
    }

    private static DateTimeOffset StartTime()
    {
        using Process self = Process.GetCurrentProcess();
        return new DateTimeOffset(self.StartTime);
    }
}
