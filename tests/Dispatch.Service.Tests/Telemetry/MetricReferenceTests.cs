using System.Text.RegularExpressions;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Service.Tests.Serve;

namespace TrafficDispatch.Service.Tests.Telemetry;

/// <summary>The page of metrics lists what the running service gives, and nothing else.</summary>
public sealed partial class MetricReferenceTests(SmallWorldService shared) : IClassFixture<SmallWorldService>, IDisposable
{
    /// <summary>Set to write the page anew: <c>DISPATCH_WRITE_REFERENCE=1 dotnet test tests/Dispatch.Service.Tests -c Release --filter MetricReferenceTests</c>.</summary>
    private const string Write = "DISPATCH_WRITE_REFERENCE";

    // What the operators of other routers look for first.
    private static readonly string[] Promised =
    [
        "dispatch_decisions_total{service,reason}", "dispatch_decision_duration_seconds", "dispatch_table_age_seconds", "dispatch_table_version",
        "dispatch_solve_duration_seconds", "dispatch_edge_utilization_ratio{edge}", "dispatch_unserved_mbps{priority}", "dispatch_swap_failed_total",
    ];

    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public void Page_OfMetrics_IsThatOfTheMeter()
    {
        string path = Path.Combine(Repository.Root, "docs", "reference", "metrics.md");
        string made = MetricReference.Render(shared.Service.Part<PrometheusExporter>().Describe());
        if (Environment.GetEnvironmentVariable(Write) == "1") File.WriteAllText(path, made);
        Assert.Equal(File.ReadAllText(path), made);
        Assert.All(Promised, name => Assert.Contains($"| `{name}` |", made, StringComparison.Ordinal));
    }

    [Fact]
    public void Describe_EveryInstrument_HasWordsAndAUnitInItsName()
    {
        foreach ((string name, string type, string unit, string description) in shared.Service.Part<PrometheusExporter>().Describe())
        {
            Assert.EndsWith(".", description, StringComparison.Ordinal);
            Assert.Equal(type == "counter", name.EndsWith("_total", StringComparison.Ordinal));
            if (unit == "s") Assert.Matches("_seconds(_total)?$", name);
            if (unit == "By") Assert.Matches("_bytes(_total)?$", name);
        }
    }

    [Fact]
    public void Labels_OfTheReference_BelongToInstruments() =>
        Assert.Equal([], MetricReference.Names.Except(shared.Service.Part<PrometheusExporter>().Describe().Select(static i => i.Name)));

    /// <summary>Every family of the text has its words and its kind, every series the labels that the page says.</summary>
    [Fact]
    public async Task Metrics_EveryFamily_IsDescribedAndLabelledAsThePageSays()
    {
        await shared.Service.Resolve(new() { ClientIp = "192.0.2.7", Service = "live" });
        await shared.Service.Refusal(new() { ClientIp = "no address" });
        string text = await _http.GetStringAsync(new Uri(shared.Service.HttpUrl + "/metrics"));
        Assert.Equal("", await Promtool.Check(text));
        HashSet<string> helped = [.. Comment().Matches(text).Where(static m => m.Groups["what"].Value == "HELP").Select(static m => m.Groups["name"].Value)];
        Dictionary<string, string> kinds = Comment().Matches(text).Where(static m => m.Groups["what"].Value == "TYPE").ToDictionary(static m => m.Groups["name"].Value, static m => m.Groups["rest"].Value);
        Assert.Equal(helped.Order(StringComparer.Ordinal), kinds.Keys.Order(StringComparer.Ordinal));
        int series = 0;
        foreach (Match line in Series().Matches(text))
        {
            string name = line.Groups["name"].Value, family = kinds.ContainsKey(name) ? name : Regex.Replace(name, "_(bucket|sum|count)$", "", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
            Assert.True(kinds.ContainsKey(family), $"{name} has no TYPE");
            string[] labels = [.. Label().Matches(line.Groups["labels"].Value).Select(static m => m.Groups["key"].Value).Where(static l => l != "le")];
            Assert.True(labels.SequenceEqual(MetricReference.LabelsOf(family)), $"{line.Value}: the page says {string.Join(',', MetricReference.LabelsOf(family))}");
            series++;
        }
        Assert.True(series > 100);
        Assert.Contains("dispatch_call_errors_total{rpc=\"dispatch.v1.Routing/Resolve\",code=\"InvalidArgument\"}", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^# (?<what>HELP|TYPE) (?<name>\w+) (?<rest>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?<name>[a-z]\w*)(\{(?<labels>.*)\})? \S+$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Series();

    [GeneratedRegex(@"(?<key>\w+)=""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}
