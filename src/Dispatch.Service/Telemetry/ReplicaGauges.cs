using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>Instruments of processes that share a store; without one they give nothing.</summary>
internal static class ReplicaGauges
{
    /// <summary>Adds them to a meter.</summary>
    public static void AddTo(Meter meter, TableHolder holder)
    {
        meter.CreateObservableGauge("dispatch_leader", () => Of(holder, static r => r.Leads ? 1L : 0L), null, "1 while this process holds the lease on solving.");
        meter.CreateObservableGauge("dispatch_store_up", () => Of(holder, static r => r.Trouble.Length == 0 ? 1L : 0L), null, "1 while the shared store answers.");
        meter.CreateObservableGauge("dispatch_store_silence_seconds", () => Silence(holder), "s", "Time since the shared store last answered.");
        meter.CreateObservableGauge("dispatch_store_table_epoch", () => Of(holder, static r => r.Published.Epoch), null, "Epoch of the highest table in the store, as last heard.");
        meter.CreateObservableGauge("dispatch_store_table_version", () => Of(holder, static r => r.Published.Number), null, "Number of the highest table in the store, as last heard.");
        meter.CreateObservableCounter("dispatch_tables_taken_total", () => Of(holder, static r => r.Taken), null, "Tables taken from the store and put in force.");
        meter.CreateObservableCounter("dispatch_tables_refused_total", () => Of(holder, static r => r.Refused), null, "Tables in the store that were refused.");
        meter.CreateObservableCounter("dispatch_terms_total", () => Of(holder, static r => r.Terms), null, "Times that this process took the lease on solving.");
        meter.CreateObservableCounter("dispatch_fenced_total", () => Of(holder, static r => r.Fenced), null, "Terms that ended because the store refused a write of this process.");
    }

    private static IEnumerable<Measurement<long>> Of(TableHolder holder, Func<ReplicaRecord, long> read)
    {
        if (holder.Replica is { } replica) yield return new(read(replica));
    }

    private static IEnumerable<Measurement<double>> Silence(TableHolder holder)
    {
        if (holder.Replica is { HeardAt: { } at } && holder.Ago(at) is { } ago) yield return new(ago.TotalSeconds);
    }
}
