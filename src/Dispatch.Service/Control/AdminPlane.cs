using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Grpc.AspNetCore.Server;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Control;

/// <summary>The admin plane as a whole: its parts, and where they are mapped.</summary>
internal static class AdminPlane
{
    /// <summary>Writes the token of this machine where there is none, and makes sure that it can be read.</summary>
    /// <returns>False where it cannot; the fault is told.</returns>
    public static bool TryPrepare(ServiceSettings settings, TextWriter errors)
    {
        if (!settings.Admin.LocalToken) return true;
        string fault;
        try
        {
            LocalToken.Ensure(settings.State.Path);
            fault = string.Join(' ', Open(settings).Faults);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"cannot be written: {e.Message}";
        }
        if (fault.Length > 0) errors.WriteLine($"State:Path is '{settings.State.Path}': {LocalToken.FileName} {fault}");
        return fault.Length == 0;
    }

    /// <summary>Registers credentials, the gate, the audit and the service.</summary>
    public static IServiceCollection AddAdminPlane(this IServiceCollection services, ServiceSettings settings, TimeProvider time)
    {
        CredentialBook book = new(settings.Admin.LocalToken ? Open(settings).File : null, settings.Admin.Tokens, settings.Admin.Certificates);
        services.AddSingleton(settings.Admin).AddSingleton(book).AddSingleton(new FailureLimit(time)).AddSingleton<AccessTally>().AddSingleton<AccessGate>();
        IEnumerable<IWatchedFile?> files = [.. book.Files, settings.Telemetry.Tokens, settings.Probes.Tokens, settings.Paths.Tokens, settings.Media.Tokens];
        foreach (IWatchedFile file in files.OfType<IWatchedFile>()) services.AddSingleton(file);
        services.AddHostedService<FileWatch>();
        services.AddSingleton<FreezeWatch>().AddHostedService(static parts => parts.GetRequiredService<FreezeWatch>());
        services.AddSingleton<AuditTrail>().AddSingleton<NodeDesk>().AddSingleton<FreezeDesk>().AddSingleton<TableDesk>().AddSingleton<AdminService>();
        return services;
    }

    /// <summary>Maps the service on its own plane, behind the gate.</summary>
    public static void MapAdminPlane(this WebApplication app)
    {
        // Made now and not with the first call that is let in: it hears of those that are refused before.
        app.Services.GetRequiredService<AuditTrail>();
        AccessTally tally = app.Services.GetRequiredService<AccessTally>();
        app.Services.GetRequiredService<DispatchMeter>().Meter.CreateObservableCounter("dispatch_access_refused_total", () => tally.Counts().Select(
            static c => new Measurement<long>(c.Count, new KeyValuePair<string, object?>("cause", c.Cause))), null, "Calls of the admin plane that were refused, by cause.");
        GrpcServiceEndpointConventionBuilder admin = app.MapGrpcService<AdminService>().RequireRoles(app.Services.GetRequiredService<AccessGate>());
        admin.Add(static endpoint => endpoint.Metadata.Add(Plane.Admin));
        ServiceSettings settings = app.Services.GetRequiredService<ServiceSettings>();
        ILogger logger = app.Services.GetRequiredService<ILogger<AccessGate>>();
        string path = LocalToken.PathIn(settings.State.Path);
        if (settings.Admin.LocalToken) AccessLog.Token(logger, path);
        IEnumerable<string?> secrets = [path, settings.Admin.Tokens?.Path, settings.Telemetry.Tokens?.Path, settings.Probes.Tokens?.Path, settings.Paths.Tokens?.Path,
            settings.Media.Tokens?.Path];
        foreach (string secret in secrets.OfType<string>().Where(LocalToken.IsOpenToOthers)) AccessLog.ReadableByOthers(logger, secret);
    }

    private static (WatchedFile<TokenBook> File, ImmutableArray<string> Faults) Open(ServiceSettings settings)
    {
        WatchedFile<TokenBook> file = WatchedFile<TokenBook>.Open(LocalToken.PathIn(settings.State.Path), LocalToken.Parse, TokenBook.Empty, out ImmutableArray<string> faults);
        return (file, faults);
    }
}
