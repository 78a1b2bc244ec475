using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Relays;

/// <summary>Puts the taking of path reports together.</summary>
internal static class PathParts
{
    /// <summary>Adds the parts.</summary>
    public static IServiceCollection AddPathReports(this IServiceCollection services, ServiceSettings settings, StateDoor door)
    {
        services.AddSingleton(settings.Paths).AddSingleton<PathTally>().AddSingleton<PathGate>().AddSingleton<PathDesk>().AddSingleton<PathReports>();
        services.AddSingleton(parts => new PathExchange(door.Store.Broadcasts, parts.GetRequiredService<PathDesk>(), parts.GetRequiredService<PathTally>(),
            parts.GetRequiredService<TimeProvider>(), parts.GetRequiredService<ILogger<PathExchange>>()));
        services.AddHostedService(static parts => parts.GetRequiredService<PathDesk>());
        services.AddHostedService(static parts => parts.GetRequiredService<PathExchange>());
        return services;
    }

    /// <summary>Adds the figures to the meter and tells the settings.</summary>
    public static void MapPathReports(this WebApplication app)
    {
        IServiceProvider parts = app.Services;
        (ILogger logger, PathSettings settings) = (parts.GetRequiredService<ILogger<PathDesk>>(), parts.GetRequiredService<PathSettings>());
        PathLog.Settings(logger, settings);
        AddTo(parts.GetRequiredService<DispatchMeter>().Meter, parts.GetRequiredService<TableHolder>(), parts.GetRequiredService<PathTally>());
    }

    private static void AddTo(Meter meter, TableHolder holder, PathTally tally)
    {
        meter.CreateObservableGauge("dispatch_path_hops", () => Enum.GetValues<HopState>().Select(s =>
            new Measurement<long>(holder.Paths.Hops.Count(h => h.State == s), Tag("state", s.ToString().ToLowerInvariant()))), null,
            "Hops reported to fail, by what answers do: avoided, tried again, or held by the cap.");
        meter.CreateObservableGauge("dispatch_path_down_relays", () => holder.Paths.DownRelays.Length, null, "Relays that count as down because their neighbours report them.");
        meter.CreateObservableCounter("dispatch_path_reports_total", () => tally.Reports.Select(static r => new Measurement<long>(r.Count, Tag("trouble", r.Trouble))), null,
            "Reports about paths that came to this process.");
        meter.CreateObservableCounter("dispatch_path_reports_refused_total", () => tally.Refused.Select(static r => new Measurement<long>(r.Count, Tag("why", r.Why))), null,
            "Reports about paths that did not count.");
        meter.CreateObservableCounter("dispatch_path_votes_told_total", () => tally.FromOthers, null, "Votes about hops that other processes told of, repetitions among them.");
        meter.CreateObservableCounter("dispatch_path_votes_untold_total", () => tally.Untold, null, "Votes about hops that other processes could not be told.");
    }

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
