using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Control;
using TrafficDispatch.Service.Decisions;
using TrafficDispatch.Service.Export;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Tracing;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>Puts what tells of the service from outside together.</summary>
internal static class ObservabilityParts
{
    /// <summary>Registers the parts.</summary>
    public static IServiceCollection AddObservability(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton<CallErrors>().AddSingleton<DispatchTraces>().AddSingleton<RequestTraces>().AddSingleton<DecisionNotes>();
        services.AddSingleton(settings.DecisionLog).AddSingleton<DecisionLog>();
        if (settings.DecisionLog.OneIn > 0) services.AddHostedService<DecisionWriter>();
        if (settings.Otlp is { } otlp) services.AddSingleton(otlp).AddSingleton<OtlpTally>().AddSingleton<OtlpExport>();
        return services;
    }

    /// <summary>Watches the calls that pass the pipeline, and adds the figures to the meter. Before what answers them, and after routing.</summary>
    public static void UseObservability(this WebApplication app)
    {
        IServiceProvider parts = app.Services;
        Meter meter = parts.GetRequiredService<DispatchMeter>().Meter;
        CallErrors errors = parts.GetRequiredService<CallErrors>();
        errors.AddTo(meter);
        app.Use(errors.WatchAsync);
        app.Use(parts.GetRequiredService<RequestTraces>().WatchAsync);
        AuditTrail audit = parts.GetRequiredService<AuditTrail>();
        meter.CreateObservableCounter("dispatch_audit_failed_total", () => audit.Failures, null, "Lines of the audit that could not be written to this machine's disk or told to the shared store.");
        SolveSettings solve = parts.GetRequiredService<SolveSettings>();
        meter.CreateObservableGauge("dispatch_solve_interval_seconds", () => solve.Interval.TotalSeconds, "s", "Time from the start of a cycle to that of the next, as set.");
        ProcessGauges.AddTo(meter);
        meter.CreateObservableCounter("dispatch_decision_log_total", parts.GetRequiredService<DecisionLog>().Counts, null,
            "Decisions that were due for the log by what became of them: written, passed over for coming too fast, or failed at the disk.");
        OtlpTally? exports = parts.GetService<OtlpTally>();
        meter.CreateObservableCounter("dispatch_otlp_exports_total", () => exports?.Counts() ?? [], null, "Exports over OTLP by signal and how they ended; a span or a metric may be in one of many.");
        // Made now, for nobody asks for it, and last: it takes the instruments that are there.
        parts.GetService<OtlpExport>()?.Start();
    }
}
