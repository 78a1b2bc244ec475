using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Tls;

/// <summary>TLS among the parts of the program.</summary>
internal static class TlsParts
{
    /// <summary>Registers certificates, and has their files watched.</summary>
    public static IServiceCollection AddTls(this IServiceCollection services, IConfiguration configuration, ServiceSettings settings, TimeProvider time)
    {
        ServerTls tls = new(configuration, settings.Tls, time);
        services.AddSingleton(tls);
        IEnumerable<IWatchedFile?> files = [.. tls.Sources, settings.Tls.ClientCa];
        foreach (IWatchedFile file in files.OfType<IWatchedFile>()) services.AddSingleton(file);
        return services;
    }

    /// <summary>Measures how long certificates are good for, and warns of keys that others may read.</summary>
    public static void WatchTls(this WebApplication app)
    {
        ServerTls tls = app.Services.GetRequiredService<ServerTls>();
        TimeProvider time = app.Services.GetRequiredService<TimeProvider>();
        ILogger logger = app.Services.GetRequiredService<ILogger<ServerTls>>();
        foreach (string path in tls.Sources.Select(static s => s.SecretPath).Distinct().Where(LocalToken.IsOpenToOthers)) AccessLog.ReadableByOthers(logger, path);
        app.Services.GetRequiredService<DispatchMeter>().Meter.CreateObservableGauge("dispatch_certificate_expiry_seconds", () => tls.Sources
            .Where(static s => s.EndsAt is not null)
            .Select(s => new Measurement<double>((s.EndsAt!.Value - time.GetUtcNow()).TotalSeconds, new KeyValuePair<string, object?>("endpoint", s.Endpoint.ToLowerInvariant()))),
            "s", "Time until the certificate in use ends, by endpoint; below 0 once it has.");
    }
}
