using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Service.Tests.Serve;

namespace TrafficDispatch.Service.Tests.Telemetry;

/// <summary>Alarms hold to what the service measures, are tried by Prometheus' own tool, and have a page each.</summary>
public sealed partial class AlertRulesTests(SmallWorldService shared) : IClassFixture<SmallWorldService>
{
    private static readonly string Folder = Path.Combine(Repository.Root, "packaging", "prometheus");
    private static readonly string Runbooks = Path.Combine(Repository.Root, "docs", "runbooks");
    private static readonly string Alerts = Read("alerts.yml"), Recording = Read("recording.yml"), Tried = Read("alerts_test.yml");

    private static string[] Names => [.. Alert().Matches(Alerts).Select(static m => m.Groups["name"].Value).Distinct()];

    [Fact]
    public async Task Rules_ByPromtool_AreWellFormedAndFireWhenTheyShall()
    {
        Assert.Equal("", await Promtool.Run("check", "rules", Path.Combine(Folder, "alerts.yml"), Path.Combine(Folder, "recording.yml")));
        Assert.Equal("", await Promtool.Run("check", "config", Path.Combine(Folder, "scrape.yml")));
        Assert.Equal("", await Promtool.Run("test", "rules", Path.Combine(Folder, "alerts_test.yml")));
    }

    [Fact]
    public void Trials_OfEachAlert_HaveOneThatFiresAndOneThatDoesNot()
    {
        Assert.True(Names.Length > 30);
        foreach (string name in Names)
        {
            Assert.Contains($"# {name} fires\n", Tried, StringComparison.Ordinal);
            Assert.Matches($"alertname=\"{name}\",severity=\"\\w+\"}}', value: 1", Tried);
            Assert.Matches($"alertname=\"{name}\",job=\"[a-z-]+-quiet\"}}\n +eval_time: \\w+\n +exp_samples: \\[\\]\n", Tried);
        }
    }

    /// <summary>A rule on a name that nothing gives would never fire.</summary>
    [Fact]
    public void Metrics_OfTheRules_AreThoseOfTheService()
    {
        Dictionary<string, string> given = shared.Service.Part<PrometheusExporter>().Describe().ToDictionary(static i => i.Name, static i => i.Type, StringComparer.Ordinal);
        HashSet<string> recorded = [.. Record().Matches(Recording).Select(static m => m.Groups["name"].Value)];
        int seen = 0;
        foreach (Match used in Metric().Matches(string.Join('\n', Expression().Matches(Alerts + Recording).Select(static m => m.Value))))
        {
            string name = used.Groups["name"].Value;
            seen++;
            if (recorded.Contains(name)) continue;
            string family = given.ContainsKey(name) ? name : Part().Replace(name, "");
            Assert.True(given.TryGetValue(family, out string? type), $"{name} is no metric of the service");
            Assert.Equal(family != name, type == "histogram");
            foreach (Match label in Label().Matches(used.Groups["labels"].Value))
                Assert.Contains(label.Groups["key"].Value, MetricReference.LabelsOf(family).Concat(type == "histogram" ? ["le"] : []));
        }
        Assert.True(seen > 50);
        // What is recorded is there to be used.
        Assert.Equal([], recorded.Where(r => r != "job:dispatch_decisions:rate5m" && !Alerts.Contains(r, StringComparison.Ordinal)));
    }

    [Fact]
    public void Runbooks_AndAlerts_AreTheSame()
    {
        string[] pages = [.. Directory.GetFiles(Runbooks, "*.md").Select(static f => Path.GetFileNameWithoutExtension(f)!).Where(static n => n != "README")];
        Assert.Equal(Names.Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
        string index = File.ReadAllText(Path.Combine(Runbooks, "README.md"));
        foreach (string name in Names)
        {
            Assert.Contains($"runbook: docs/runbooks/{name}.md", Alerts, StringComparison.Ordinal);
            Assert.Contains($"| [{name}]({name}.md) |", index, StringComparison.Ordinal);
            string page = File.ReadAllText(Path.Combine(Runbooks, name + ".md"));
            foreach (string part in (string[])["## What it means\n", "## What users feel\n", "## Look first\n```sh\n", "## What to do\n- ", "## When it is over\n"])
                Assert.Contains(part, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Runbooks_EventsAndLinks_Exist()
    {
        HashSet<string> events = [.. typeof(ServiceApplication).Assembly.GetTypes()
            .SelectMany(static t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(static m => m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId.ToString(System.Globalization.CultureInfo.InvariantCulture)).OfType<string>()];
        foreach (string path in Directory.GetFiles(Runbooks, "*.md"))
        {
            string page = File.ReadAllText(path);
            foreach (Match id in Event().Matches(page)) Assert.Contains(id.Groups["id"].Value, events);
            foreach (Match link in Link().Matches(page))
                Assert.True(File.Exists(Path.Combine(Runbooks, link.Groups["to"].Value)), $"{Path.GetFileName(path)} leads to {link.Groups["to"].Value}");
        }
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    [GeneratedRegex(@"^ +- alert: (?<name>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^ +- record: (?<name>[\w:]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Record();

    // One line, or the lines of a block.
    [GeneratedRegex(@"^ +expr: (>-(\n {10}.+)+|.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\b(?<name>(dispatch|process)_\w+|job(_service)?:[\w:]+)(\{(?<labels>[^}]*)\})?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"(?<key>\w+)(=|!=|=~|!~)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();

    [GeneratedRegex(@"\b(?<id>2[0-69]\d\d)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Event();

    [GeneratedRegex(@"\]\((?<to>[^)#:]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
