using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Watch;

/// <summary>Counts what watchers get. Thread-safe.</summary>
internal sealed class WatchTally
{
    private long _full, _deltas, _dropped, _refused;

    /// <summary>Counts an update that was sent whole.</summary>
    public void Sent(bool full) => Interlocked.Increment(ref full ? ref _full : ref _deltas);

    /// <summary>Counts an update that was begun and dropped, because its reader was too slow for it.</summary>
    public void Dropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Counts a client that found no place.</summary>
    public void Refused() => Interlocked.Increment(ref _refused);

    /// <summary>Updates by kind.</summary>
    public IEnumerable<Measurement<long>> Read() =>
    [
        new(Interlocked.Read(ref _full), new KeyValuePair<string, object?>("kind", "full")), new(Interlocked.Read(ref _deltas), new KeyValuePair<string, object?>("kind", "delta")),
        new(Interlocked.Read(ref _dropped), new KeyValuePair<string, object?>("kind", "dropped")),
    ];

    /// <summary>Clients that found no place.</summary>
    public long Refusals => Interlocked.Read(ref _refused);
}

/// <summary>Puts the watching of tables together.</summary>
internal static class WatchParts
{
    /// <summary>Adds the parts.</summary>
    public static IServiceCollection AddTableWatch(this IServiceCollection services, ServiceSettings settings) => services
        .AddSingleton(settings.Watch).AddSingleton<WatchTally>().AddSingleton<WatchHub>().AddSingleton<TableWatch>()
        .AddHostedService(static parts => parts.GetRequiredService<WatchHub>());

    /// <summary>Adds its figures to the meter.</summary>
    public static void MapTableWatch(this WebApplication app)
    {
        (WatchTally tally, WatchHub hub) = (app.Services.GetRequiredService<WatchTally>(), app.Services.GetRequiredService<WatchHub>());
        Meter meter = app.Services.GetRequiredService<DispatchMeter>().Meter;
        meter.CreateObservableCounter("dispatch_watch_updates_total", tally.Read, null, "Updates of watched tables, by kind: full, delta, or dropped on the way to a slow reader.");
        meter.CreateObservableCounter("dispatch_watch_refused_total", () => tally.Refusals, null, "Clients that found no place to watch.");
        meter.CreateObservableGauge("dispatch_watch_streams", () => hub.Streams, null, "Clients that watch tables now.");
    }
}
