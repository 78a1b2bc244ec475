using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Service.Tracing;

namespace TrafficDispatch.Service.Export;

/// <summary>
/// Sends the meter and the spans of this service to a receiver by OTLP, on threads of the exporter: nothing that answers or solves ever waits for it. Not
/// thread-safe; made and ended once.
/// </summary>
internal sealed class OtlpExport(
    OtlpSettings settings, DispatchMeter meter, DispatchTraces traces, Leadership leadership, OtlpTally tally, ILogger<OtlpExport> logger) : IDisposable
{
    // An edge a series; what has no label has one.
    private const int MostEdges = 10_000;

    /// <summary>How long the last exports may take at the end of the process, milliseconds.</summary>
    private const int LastExportMilliseconds = 2_000;

    private MeterProvider? _metrics;
    private TracerProvider? _spans;

    /// <summary>Begins to export.</summary>
    public void Start()
    {
        // What the environment says of the resource wins.
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddService("traffic-dispatch", null, ProgramVersion.Text, autoGenerateServiceInstanceId: false, leadership.Name).AddTelemetrySdk().AddEnvironmentVariableDetector();
        int interval = (int)settings.Interval.TotalMilliseconds, timeout = (int)settings.Timeout.TotalMilliseconds;
        if (settings.Metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(DispatchMeter.Name).AddView(StreamOf)
                .AddReader(new PeriodicExportingMetricReader(new CountedMetricExporter(Options("metrics"), tally), interval, timeout)).Build();
        }
        if (settings.Traces)
        {
            _spans = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(DispatchTraces.Name)
                .AddProcessor(new OwnSpans(traces.Source, new CountedTraceExporter(Options("traces"), tally), timeout)).Build();
        }
        ExportLog.Begins(logger, settings.Metrics ? "on" : "off", settings.Traces ? "on" : "off", settings.Endpoint, settings.IsHttp ? "http/protobuf" : "grpc");
    }

    /// <summary>Exports what there is once more, for two seconds at most, and ends.</summary>
    public void Dispose()
    {
        // Beside each other: whoever ends the process waits for both.
        Parallel.Invoke(() => _spans?.Shutdown(LastExportMilliseconds), () => _metrics?.Shutdown(LastExportMilliseconds));
        _spans?.Dispose();
        _metrics?.Dispose();
    }

    private OtlpExporterOptions Options(string signal)
    {
        OtlpExporterOptions options = new()
        {
            Endpoint = settings.AddressOf(signal),
            Protocol = settings.IsHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
            TimeoutMilliseconds = (int)settings.Timeout.TotalMilliseconds,
        };
        if (settings.Headers.Length > 0) options.Headers = settings.Headers;
        return options;
    }

    /// <summary>Only the instruments of this service's own meter; and no more room than each needs, for it is taken at once.</summary>
    private MetricStreamConfiguration? StreamOf(Instrument instrument)
    {
        if (!ReferenceEquals(instrument.Meter, meter.Meter)) return MetricStreamConfiguration.Drop;
        if (MetricReference.LabelsOf(instrument.Name).Count == 0) return new() { CardinalityLimit = 1 };
        return instrument.Name == "dispatch_edge_utilization_ratio" ? new() { CardinalityLimit = MostEdges } : null;
    }
}
