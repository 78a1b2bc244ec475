using System.Net;
using TrafficDispatch.Service.Tests.Serve;
using TrafficDispatch.Service.Tests.Telemetry;

namespace TrafficDispatch.Service.Tests.Pages;

public sealed class PagesTests(SmallWorldService shared) : IClassFixture<SmallWorldService>, IDisposable
{
    private readonly TestService _service = shared.Service;
    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Metrics_AfterDecisions_PassPromtoolAndCountThem()
    {
        for (int i = 0; i < 200; i++) await _service.Resolve(new() { ClientIp = "192.0.2.7", Service = "live" });
        await _service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "news" });
        // Times of decisions are recorded once a second.
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        HttpResponseMessage response = await _http.GetAsync(Page("/metrics"));
        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("", await Promtool.Check(text));
        foreach (string name in (string[])
            ["dispatch_decision_duration_seconds_count", "dispatch_table_age_seconds", "dispatch_table_version", "dispatch_solve_duration_seconds_count",
             "dispatch_edge_utilization_ratio{edge=\"own-par\"}", "dispatch_unserved_mbps{priority=\"1\"}", "dispatch_swap_failed_total", "dispatch_build_info{version="])
        {
            Assert.Contains("\n" + name, text, StringComparison.Ordinal);
        }
        Assert.True(Value(text, "dispatch_decisions_total{service=\"live\",reason=\"assigned\"}") >= 100);
        Assert.True(Value(text, "dispatch_decisions_total{service=\"relay\",reason=\"stream_origin\"}") >= 1);
        Assert.DoesNotContain("192.0.2", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz", "ready\n")]
    [InlineData("/healthz/ready", "ready\n")]
    [InlineData("/healthz/live", "live\n")]
    public async Task Health_TableInForce_IsWell(string path, string body) => Assert.Equal(body, await _http.GetStringAsync(Page(path)));

    [Fact]
    public async Task Overview_TableInForce_TellsItWithoutScript()
    {
        string page = await _http.GetStringAsync(Page("/plain"));
        Assert.Contains($"{(await _service.Status()).TableEpoch}.2<", page, StringComparison.Ordinal);
        Assert.Contains("Optimum", page, StringComparison.Ordinal);
        Assert.Contains("Greedy", page, StringComparison.Ordinal);
        Assert.Contains("own-par", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/metrics\"", page, StringComparison.Ordinal);
        Assert.Contains(_service.GrpcUrl, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Planes part by the endpoint a connection came in by, whatever it calls itself.</summary>
    [Fact]
    public async Task Planes_RequestAtTheOtherEndpoint_FindsNothing()
    {
        using HttpRequestMessage grpc = new(HttpMethod.Post, Page("/dispatch.v1.Status/Get")) { Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        grpc.Content.Headers.ContentType = new("application/json");
        grpc.Headers.Host = new Uri(_service.GrpcUrl).Authority;
        Assert.Equal(HttpStatusCode.NotFound, (await _http.SendAsync(grpc)).StatusCode);
        using HttpRequestMessage page = new(HttpMethod.Get, new Uri(_service.GrpcUrl + "/metrics"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        page.Headers.Host = new Uri(_service.HttpUrl).Authority;
        Assert.Equal(HttpStatusCode.NotFound, (await _http.SendAsync(page)).StatusCode);
    }

    private Uri Page(string path) => new(_service.HttpUrl + path);

    private static double Value(string metrics, string series)
    {
        string line = Assert.Single(metrics.Split('\n'), l => l.StartsWith(series + " ", StringComparison.Ordinal));
        return double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
