using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Control;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>Puts what tells of the service from outside together.</summary>
internal static class ObservabilityParts
{
    /// <summary>Registers the parts.</summary>
    public static IServiceCollection AddObservability(this IServiceCollection services) => services.AddSingleton<CallErrors>();

    /// <summary>Watches the calls that pass the pipeline, and adds the figures to the meter. Before what answers them, and after routing.</summary>
    public static void UseObservability(this WebApplication app)
    {
        IServiceProvider parts = app.Services;
        Meter meter = parts.GetRequiredService<DispatchMeter>().Meter;
        CallErrors errors = parts.GetRequiredService<CallErrors>();
        errors.AddTo(meter);
        app.Use(errors.WatchAsync);
        AuditTrail audit = parts.GetRequiredService<AuditTrail>();
        meter.CreateObservableCounter("dispatch_audit_failed_total", () => audit.Failures, null, "Lines of the audit that could not be written to this machine's disk or told to the shared store.");
        SolveSettings solve = parts.GetRequiredService<SolveSettings>();
        meter.CreateObservableGauge("dispatch_solve_interval_seconds", () => solve.Interval.TotalSeconds, "s", "Time from the start of a cycle to that of the next, as set.");
        ProcessGauges.AddTo(meter);
    }
}
