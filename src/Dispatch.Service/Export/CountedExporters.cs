using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace TrafficDispatch.Service.Export;

/// <summary>The exporter of metrics, counted.</summary>
internal sealed class CountedMetricExporter(OtlpExporterOptions options, OtlpTally tally) : OtlpMetricExporter(options)
{
    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> metrics)
    {
        ExportResult result = base.Export(metrics);
        tally.Count(0, result == ExportResult.Success);
        return result;
    }
}

/// <summary>The exporter of spans, counted.</summary>
internal sealed class CountedTraceExporter(OtlpExporterOptions options, OtlpTally tally) : OtlpTraceExporter(options)
{
    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        ExportResult result = base.Export(activityBatch);
        tally.Count(1, result == ExportResult.Success);
        return result;
    }
}

/// <summary>Keeps ended spans of one source for the exporter: at most 2,048, those beyond are dropped, so that a receiver that hangs takes no memory.</summary>
internal sealed class OwnSpans(ActivitySource own, BaseExporter<Activity> exporter, int timeoutMilliseconds)
    : BatchActivityExportProcessor(exporter, exporterTimeoutMilliseconds: timeoutMilliseconds)
{
    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        // Providers listen by the name of a source, and a process may hold several services.
        if (ReferenceEquals(data.Source, own)) base.OnEnd(data);
    }
}
