using System.Text.RegularExpressions;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Tests.Connectors;

/// <summary>What <c>docs/dns.md</c> shows is what the tests run.</summary>
public sealed partial class DnsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(ForeignTool.Root, "docs", "dns.md"));

    [Theory]
    [InlineData("launch=remote", "pdns-socket.conf")]
    [InlineData("grpc . 127.0.0.1:5051", "Corefile")]
    public void Page_Configurations_AreThoseOfTheSamples(string mark, string sample)
    {
        string[] lines = File.ReadAllLines(Path.Combine(ForeignTool.Root, "docs", "samples", "dns", sample));
        string block = Assert.Single(Blocks().Matches(Page).Select(static b => b.Groups["text"].Value), b => b.Contains(mark, StringComparison.Ordinal));
        Assert.All(block.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(line, lines));
    }

    /// <summary>The two PowerDNS samples differ in how to connect alone.</summary>
    [Fact]
    public void Samples_OfPowerDns_DifferInTheConnection()
    {
        string[][] samples = [.. ((string[])["pdns-socket.conf", "pdns-http.conf"]).Select(static s => File.ReadAllLines(Path.Combine(ForeignTool.Root, "docs", "samples", "dns", s)))];
        Assert.Equal(["remote-connection-string=unix:path=/run/dispatch/dns.sock,timeout=2000"], samples[0].Except(samples[1]).Where(static l => !l.StartsWith('#')));
        Assert.Equal(["remote-connection-string=http:url=http://127.0.0.1:5050/dns,timeout=2000"], samples[1].Except(samples[0]).Where(static l => !l.StartsWith('#')));
    }

    [Fact]
    public void Page_Settings_AreThoseThatAreRead()
    {
        string[] shown = [.. Settings().Matches(Page).Select(static m => m.Groups["key"].Value)];
        Assert.Equal(SettingsReader.NamesOf("Dns").Select(static n => "Dns:" + n).Concat(SettingsReader.NamesOf("PowerDns").Select(static n => "PowerDns:" + n)).Order(StringComparer.Ordinal),
            shown.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^```[a-z]*\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\| `(?<key>(Dns|PowerDns):[A-Za-z]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Settings();
}
