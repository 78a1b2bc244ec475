using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using TrafficDispatch.Service.Export;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Service.Tests.Export.Metrics;
using TrafficDispatch.Service.Tracing;

namespace TrafficDispatch.Service.Tests.Export;

/// <summary>Exports against a receiver that speaks OTLP, and against some that do not.</summary>
public sealed partial class OtlpExportTests
{
    // What the clock or the machine moves between two looks.
    private static readonly string[] Moving = ["_age_", "_lag_", "_since_", "process_", "dispatch_gc_", "_heap_", "_allocated_", "thread_pool", "_otlp_", "_duration_", "_connections{", "_in_flight", "_queue_delay_", "_shed_ratio"];

    /// <summary>The same names, labels and values as on the page of metrics.</summary>
    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Metrics_AtTheEndOfTheProcess_AreThoseOfTheTextPage(string protocol)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(protocol != "grpc");
        using TestWorld world = TestWorld.Small().Save();
        using StateDirectory state = new();
        await File.WriteAllTextAsync(Path.Combine(state.Path, "headers"), "# of the receiver\nx-token: a b=c\n");
        string text;
        await using (TestService service = await TestService.StartAsync(world.Directory, state.Path, null, "Solve:UtcHour=20", $"Otlp:Endpoint={receiver.Url}",
            $"Otlp:Protocol={protocol}", "Otlp:Interval=00:10:00", $"Otlp:HeadersFile={Path.Combine(state.Path, "headers")}"))
        {
            for (int i = 0; i < 100; i++) await service.Resolve(new() { ClientIp = "192.0.2.7", Service = "live" });
            await service.Refusal(new() { ClientIp = "no address" });
            text = service.Part<PrometheusExporter>().Render();
            Assert.DoesNotContain(service.Log.All, static l => l.Contains("a b=c", StringComparison.Ordinal));
        }
        ResourceMetrics sent = receiver.Metrics.Last().ResourceMetrics.Single();
        Assert.Contains(sent.Resource.Attributes, static a => a.Key == "service.name" && a.Value.StringValue == "traffic-dispatch");
        Dictionary<string, double> page = OnThePage(text), told = Told(sent.ScopeMetrics.Single());
        Assert.Equal([], page.Keys.Except(told.Keys));
        Assert.Equal([], told.Keys.Except(page.Keys).Where(static k => !k.StartsWith("dispatch_otlp", StringComparison.Ordinal)));
        Assert.True(page.Count > 100);
        foreach ((string series, double value) in page.Where(static p => !Moving.Any(m => p.Key.Contains(m, StringComparison.Ordinal))))
            Assert.True(value.Equals(told[series]), $"{series}: {value} on the page, {told[series]} by OTLP");
        Assert.True(page["dispatch_solve_duration_seconds_count{}"] >= 1);
        Assert.Equal(page["dispatch_solve_duration_seconds_count{}"], told["dispatch_solve_duration_seconds_count{}"]);
        Assert.All(receiver.Tokens, static t => Assert.Equal("a b=c", t));
    }

    /// <summary>A receiver that takes connections and says nothing: the service answers, counts the failures and ends in time.</summary>
    [Fact]
    public async Task Export_ReceiverThatHangs_DisturbsNothing()
    {
        using TcpListener hole = new(IPAddress.Loopback, 0);
        hole.Start();
        using TestWorld world = TestWorld.Small().Save();
        using StateDirectory state = new();
        TestService service = await TestService.StartAsync(world.Directory, state.Path, null, "Solve:UtcHour=20", $"Otlp:Endpoint=http://{hole.LocalEndpoint}",
            "Otlp:Interval=00:10:00", "Otlp:Timeout=00:00:01");
        OtlpTally tally = service.Part<OtlpTally>();
        // More spans than are ever kept for the receiver.
        for (int i = 0; i < 5000; i++) service.Part<DispatchTraces>().Begin("filler", default)?.Dispose();
        Assert.NotEmpty((await service.Resolve(new() { ClientIp = "192.0.2.7", Service = "live" })).Edges);
        Stopwatch watch = Stopwatch.StartNew();
        await service.DisposeAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"it ended after {watch.Elapsed}");
        Assert.Contains(service.Log.All, static l => l.Contains("are not taken at", StringComparison.Ordinal));
        Assert.True(tally.Counts().Where(static c => c.Tags.ToArray().Any(static t => Equals(t.Value, "failed"))).Sum(static c => c.Value) >= 1);
        Assert.Equal(0, tally.Counts().Where(static c => c.Tags.ToArray().Any(static t => Equals(t.Value, "taken"))).Sum(static c => c.Value));
    }

    private static Dictionary<string, double> OnThePage(string text) => Series().Matches(text).Where(static m => !m.Groups["name"].Value.EndsWith("_bucket", StringComparison.Ordinal))
        .ToDictionary(static m => $"{m.Groups["name"].Value}{{{m.Groups["labels"].Value}}}", static m => double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private static Dictionary<string, double> Told(ScopeMetrics scope)
    {
        Dictionary<string, double> told = new(StringComparer.Ordinal);
        foreach (Metric metric in scope.Metrics)
        {
            foreach (NumberDataPoint point in (metric.Gauge ?? metric.Sum)?.DataPoints ?? [])
                told.Add($"{metric.Name}{{{LabelsOf(metric.Name, point.Attributes)}}}", point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble);
            foreach (HistogramDataPoint point in metric.Histogram?.DataPoints ?? [])
            {
                told.Add($"{metric.Name}_count{{}}", point.Count);
                told.Add($"{metric.Name}_sum{{}}", point.Sum);
                // The bounds that the instrument advises, not those of the exporter.
                Assert.Equal((ulong)point.ExplicitBounds.Count + 1, (ulong)point.BucketCounts.Count);
                Assert.DoesNotContain(7500.0, point.ExplicitBounds);
            }
        }
        return told;
    }

    // Attributes have no order: that of the page.
    private static string LabelsOf(string name, IEnumerable<KeyValue> attributes) => string.Join(',', attributes.OrderBy(a => MetricReference.LabelsOf(name).ToList().IndexOf(a.Key))
        .Select(static a => $"{a.Key}=\"{(a.Value.HasStringValue ? a.Value.StringValue : a.Value.IntValue.ToString(CultureInfo.InvariantCulture))}\""));

    [GeneratedRegex(@"^(?<name>[a-z]\w*)(\{(?<labels>.*)\})? (?<value>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Series();
}
