using System.Text.Json;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class SolveCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>By hand: a gets 600 units of own-a at 11000 and 300 of cdn-a at 22000, 100 stay; b gets 300 of own-b at 10500, 100 stay.</summary>
    [Fact]
    public async Task Solve_TinyWorldByReference_IsWhatIsReckonedByHand()
    {
        using JsonDocument json = await Answer("--objective", "reference");
        JsonElement root = json.RootElement;
        Assert.Equal("56350000", root.GetProperty("objective").GetRawText());
        Assert.Equal(14.0, root.GetProperty("demand_gbps").GetDouble());
        Assert.Equal(2.0, root.GetProperty("unserved_gbps").GetDouble());
        Assert.Equal("optimal", root.GetProperty("status").GetString());
        Assert.True(root.GetProperty("certificate").GetProperty("valid").GetBoolean());
        Assert.Equal(["AA-01", "BB-01"], root.GetProperty("unserved").EnumerateArray().Select(static u => u.GetProperty("region_id").GetString()));
        Assert.Equal([6.0, 3.0, 3.0], root.GetProperty("edges").EnumerateArray().Select(static u => u.GetProperty("load_gbps").GetDouble()));
        // own-b is a's third choice, and greedy serves a first: b is left with nothing.
        JsonElement greedy = root.GetProperty("greedy");
        Assert.Equal(4.0, greedy.GetProperty("unserved_gbps").GetDouble());
        Assert.Equal("92700000", greedy.GetProperty("objective").GetRawText());
        foreach (string figure in new[] { "objective", "cost_usd_per_hour", "mean_rtt_ms", "p50_rtt_ms", "p95_rtt_ms" })
            Assert.Equal(JsonValueKind.Number, greedy.GetProperty(figure).ValueKind);
    }

    /// <summary>
    /// By hand: nearest puts 10 on own-a's 6 and 4 on own-b's 3; weighted-nearest splits a into 5, 2.5 and 2.5, and own-b sheds 3.5 of 6.5.
    /// </summary>
    [Fact]
    public async Task Solve_TinyWorldByReference_PutsEveryBaselineBeside()
    {
        using JsonDocument json = await Answer("--objective", "reference");
        JsonElement[] baselines = [.. json.RootElement.GetProperty("baselines").EnumerateArray()];
        Assert.Equal(["nearest", "weighted-nearest", "greedy-with-spill"], baselines.Select(static b => b.GetProperty("name").GetString()));
        Assert.Equal([5.0, 3.5, 4.0], baselines.Select(static b => b.GetProperty("unserved_gbps").GetDouble()));
        Assert.Equal([3.0, 1.5, 2.0], baselines.Select(static b => b.GetProperty("optimum_saves").GetProperty("unserved_gbps").GetDouble()));
        Assert.Equal("92700000", baselines[2].GetProperty("objective").GetRawText());
        Assert.Equal("36350000", baselines[2].GetProperty("optimum_saves").GetProperty("objective").GetRawText());
        foreach (string figure in (string[])["cost_usd_per_hour", "cost_micro_usd_per_hour", "cost_at_equal_volume_usd_per_hour", "mean_rtt_ms", "p50_rtt_ms", "p95_rtt_ms"])
            Assert.All(baselines, b => Assert.Equal(JsonValueKind.Number, b.GetProperty("optimum_saves").GetProperty(figure).ValueKind));
        Assert.Equal(0, json.RootElement.GetProperty("contradictions").GetArrayLength());
    }

    [Fact]
    public async Task Solve_BoundRegionWithoutItsEdge_NamesTheContradictionAndServesTheOther()
    {
        using JsonDocument json = await Answer("--drop", "edge:own-b");
        JsonElement found = Assert.Single(json.RootElement.GetProperty("contradictions").EnumerateArray());
        Assert.Equal("residency_without_working_edge", found.GetProperty("kind").GetString());
        Assert.StartsWith("region BB-01", found.GetProperty("subject").GetString(), StringComparison.Ordinal);
        Assert.Equal(["AA-01", "BB-01"], json.RootElement.GetProperty("unserved").EnumerateArray().Select(static u => u.GetProperty("region_id").GetString()));
        JsonElement cls = Assert.Single(json.RootElement.GetProperty("by_class").EnumerateArray());
        Assert.Equal(5.0, cls.GetProperty("unserved_gbps").GetDouble());
        CliRun text = await CliRun.Of("solve", "--world", _folder.Path, "--drop", "edge:own-b");
        Assert.Contains("\ncontradiction: region BB-01, service default: the law keeps viewers of B on edges in B, and ", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reference", "net.min")]
    [InlineData("full", "net.min.gz")]
    public async Task Solve_Export_WritesTheNetworkWhoseOptimumIsTheAnswer(string objective, string name)
    {
        string file = Path.Combine(_folder.Path, name);
        using JsonDocument solved = await Answer("--objective", objective, "--export", file);
        CliRun flow = await CliRun.Of("flow", file);
        Assert.Equal($"s {solved.RootElement.GetProperty("objective").GetRawText()}", flow.Output.Trim());
    }

    [Theory]
    [InlineData("20", 2.0)]
    [InlineData("19.9", 5.0)]
    [InlineData("10", 5.0)]
    [InlineData("9.99", 11.0)]
    public async Task Solve_MaxRtt_IsInclusive(string limit, double unserved)
    {
        using JsonDocument json = await Answer("--objective", "reference", "--max-rtt-ms", limit);
        Assert.Equal(unserved, json.RootElement.GetProperty("unserved_gbps").GetDouble());
    }

    [Theory]
    [InlineData(5.0, "operator:cdn-x")]
    [InlineData(8.0, "edge:own-a")]
    [InlineData(8.0, "domain:FR:A=B:C")]
    [InlineData(14.0, "operator:own", "operator:cdn-x")]
    public async Task Solve_Drop_TakesEdgesOut(double unserved, params string[] drops)
    {
        using JsonDocument several = await Answer(["--objective", "reference", "--drop", .. drops]);
        using JsonDocument repeated = await Answer(["--objective", "reference", .. drops.SelectMany(static d => new[] { "--drop", d })]);
        Assert.Equal(unserved, several.RootElement.GetProperty("unserved_gbps").GetDouble());
        Assert.Equal(unserved, repeated.RootElement.GetProperty("unserved_gbps").GetDouble());
    }

    [Theory]
    [InlineData(7.89, "zone:EUW=0.5", "continent:EU=0.7777777", "zone:EUE=1.2857144")]
    [InlineData(0.0, "continent:EU=0")]
    [InlineData(24.0, "zone:EUW=2")]
    [InlineData(28.0, "continent:EU=2")]
    [InlineData(48.0, "continent:EU=2", "zone:EUW=2")]
    public async Task Solve_Scale_MultipliesDemand(double demand, params string[] scales)
    {
        using JsonDocument json = await Answer(["--objective", "reference", "--scale", .. scales]);
        Assert.Equal(demand, json.RootElement.GetProperty("demand_gbps").GetDouble(), 9);
    }

    [Theory]
    [InlineData("operator:nobody", "--drop", "operator:nobody")]
    [InlineData("edge:", "--drop", "edge:")]
    [InlineData("zone:EUW", "--drop", "zone:EUW")]
    [InlineData("zone:ZZZ", "--scale", "zone:ZZZ=2")]
    [InlineData("edge:own-a=2", "--scale", "edge:own-a=2")]
    [InlineData("zone:EUW=-1", "--scale", "zone:EUW=-1")]
    [InlineData("zone:EUW=NaN", "--scale", "zone:EUW=NaN")]
    [InlineData("zone:EUW=", "--scale", "zone:EUW=")]
    [InlineData("24", "--utc-hour", "24")]
    [InlineData("1.5", "--utc-hour", "1.5")]
    [InlineData("-1", "--max-rtt-ms", "-1")]
    [InlineData("cheap", "--objective", "cheap")]
    [InlineData("beyond 64-bit", "--scale", "zone:EUW=1e300")]
    public async Task Solve_BadOption_ExitsTwoAndNamesIt(string named, params string[] options)
    {
        CliRun run = await CliRun.Of(["solve", "--world", TinyWorld.Write(_folder), .. options]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Solve_BrokenWorld_ShowsEveryFaultAndNoAnswer()
    {
        string world = TinyWorld.Write(_folder);
        string edges = Path.Combine(world, "edges.csv"), rtt = Path.Combine(world, "rtt_region_edge.csv");
        await File.WriteAllTextAsync(edges, (await File.ReadAllTextAsync(edges)).Replace(",6,per_gb", ",-6,per_gb", StringComparison.Ordinal));
        await File.WriteAllTextAsync(rtt, (await File.ReadAllTextAsync(rtt)).Replace("30,30,5", "30,NaN,5", StringComparison.Ordinal));
        CliRun run = await CliRun.Of("solve", "--world", world, "--json");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("error: edges.csv:2:", run.Error, StringComparison.Ordinal);
        Assert.Contains("field 'capacity_gbps' is '-6'", run.Error, StringComparison.Ordinal);
        Assert.Contains("error: rtt_region_edge.csv:3:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Solve_NoWorld_ExitsTwo()
    {
        Assert.Equal(2, (await CliRun.Of("solve", "--world", Path.Combine(_folder.Path, "nowhere"))).Code);
        Assert.Equal(2, (await CliRun.Of("solve")).Code);
    }

    [Fact]
    public async Task Solve_WithoutJson_PrintsPlainTables()
    {
        CliRun run = await CliRun.Of("solve", "--world", TinyWorld.Write(_folder), "--objective", "reference");
        Assert.Equal(0, run.Code);
        Assert.Contains("reference objective at 16:00 UTC", run.Output, StringComparison.Ordinal);
        Assert.Contains("| objective             | 56350000 |", run.Output, StringComparison.Ordinal);
        Assert.Contains("proved optimal", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\r', run.Output);
    }

    [Fact]
    public async Task Solve_Cancelled_ExitsFive()
    {
        using StringWriter output = new(), error = new();
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        int code = await DispatchTool.RunAsync(
            ["solve", "--world", TinyWorld.Write(_folder)], new Terminal(output, error, static () => Stream.Null), stop.Token);
        Assert.Equal((5, ""), (code, output.ToString()));
    }

    private async Task<JsonDocument> Answer(params string[] options)
    {
        CliRun run = await CliRun.Of(["solve", "--world", TinyWorld.Write(_folder), "--json", .. options]);
        Assert.True(run.Code == 0, run.Error);
        return JsonDocument.Parse(run.Output);
    }
}
