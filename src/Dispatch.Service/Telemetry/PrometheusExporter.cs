using System.Diagnostics.Metrics;
using System.Text;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>
/// Renders one meter in the Prometheus text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). Thread-safe.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    /// <summary>The media type of what <see cref="Render"/> makes.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    /// <summary>Listens to a meter: to its instruments so far and to those to come.</summary>
    public PrometheusExporter(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter)) return;
            MetricFamily family = MetricFamily.Of(instrument);
            lock (_gate) _families.Add(instrument.Name, family);
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>The instruments heard so far, by name, whether they have given anything yet or not: name, kind as Prometheus calls it, unit, and what it tells.</summary>
    public IReadOnlyList<(string Name, string Type, string Unit, string Description)> Describe()
    {
        lock (_gate)
            return [.. _families.Values.Select(static f => (f.Instrument.Name, f.Type, f.Instrument.Unit ?? "", f.Instrument.Description ?? ""))];
    }

    /// <summary>Reads the observable instruments and renders all. O(series).</summary>
    public string Render()
    {
        lock (_gate)
        {
            // What an observable instrument no longer reports is gone, for instance an edge that left the world.
            foreach (MetricFamily family in _families.Values) family.ForgetObserved();
            _listener.RecordObservableInstruments();
            StringBuilder text = new(16 * 1024);
            foreach (MetricFamily family in _families.Values) family.Render(text);
            return text.ToString();
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();
}
