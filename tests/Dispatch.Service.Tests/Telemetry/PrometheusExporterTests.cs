using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Tests.Telemetry;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly Meter _meter = new("test");

    public void Dispose() => _meter.Dispose();

    [Fact]
    public async Task Render_LabelsWithSpecialCharacters_AreEscaped()
    {
        using PrometheusExporter exporter = new(_meter);
        _meter.CreateObservableGauge("test_ratio", static () => new Measurement<double>(0.5, new KeyValuePair<string, object?>("name", "a\\b\"c\nd")), null, "A \\ gauge\nof two lines.");
        string text = exporter.Render();
        Assert.Contains("test_ratio{name=\"a\\\\b\\\"c\\nd\"} 0.5\n", text, StringComparison.Ordinal);
        Assert.Contains("# HELP test_ratio A \\\\ gauge\\nof two lines.\n", text, StringComparison.Ordinal);
        Assert.Equal("", await Promtool.Check(text));
    }

    [Fact]
    public async Task Render_Histogram_CumulatesInclusiveBuckets()
    {
        Histogram<double> histogram = _meter.CreateHistogram("test_seconds", "s", "Times.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        using PrometheusExporter exporter = new(_meter);
        foreach (double value in (double[])[0.5, 1, 1.5, 99]) histogram.Record(value);
        string text = exporter.Render();
        Assert.Contains("test_seconds_bucket{le=\"1\"} 2\ntest_seconds_bucket{le=\"2\"} 3\ntest_seconds_bucket{le=\"+Inf\"} 4\ntest_seconds_sum 102\ntest_seconds_count 4\n", text, StringComparison.Ordinal);
        Assert.Equal("", await Promtool.Check(text));
    }

    [Fact]
    public void Render_SeriesNoLongerObserved_IsGone()
    {
        string edge = "a";
        _meter.CreateObservableGauge("test_ratio", () => new Measurement<long>(1, new KeyValuePair<string, object?>("edge", edge)), null, "A gauge.");
        using PrometheusExporter exporter = new(_meter);
        Assert.Contains("{edge=\"a\"}", exporter.Render(), StringComparison.Ordinal);
        edge = "b";
        string text = exporter.Render();
        Assert.Contains("{edge=\"b\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("{edge=\"a\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_AnotherMeter_IsNotHeard()
    {
        using Meter other = new("test");
        other.CreateObservableGauge("other_gauge", static () => 1L, null, "Not ours.");
        using PrometheusExporter exporter = new(_meter);
        Assert.Equal("", exporter.Render());
    }
}
