using System.Text.Json;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class StreamsCommandTests
{
    private static readonly string World = Path.Combine(Repository.Root, "data", "world");

    [Fact]
    public async Task Streams_ShippedWorld_ShowsThePlanBesideBothRules()
    {
        CliRun run = await CliRun.Of("streams", "--world", World, "--streams", "400", "--zipf", "1.0", "--seed", "1", "--json");
        Assert.True(run.Code == 0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement root = json.RootElement, plan = root.GetProperty("plan"), nearest = root.GetProperty("nearest_relay"), tree = root.GetProperty("hierarchy");
        Assert.Equal((400, 0), (root.GetProperty("streams").GetInt32(), plan.GetProperty("unreached").GetInt32()));
        Assert.True(plan.GetProperty("from_origins_gbps").GetDouble() < nearest.GetProperty("from_origins_gbps").GetDouble());
        Assert.True(plan.GetProperty("mean_rtt_ms").GetDouble() < tree.GetProperty("mean_rtt_ms").GetDouble());
        Assert.InRange(plan.GetProperty("max_depth").GetInt32(), 2, 3);
        Assert.InRange(plan.GetProperty("streams_by_depth").EnumerateArray().Sum(static n => n.GetInt32()), 300, 400);
        foreach (string stage in new[] { "edge_stage", "trunk_stage" })
        {
            Assert.True(root.GetProperty(stage).GetProperty("certificate_valid").GetBoolean());
            Assert.InRange(root.GetProperty(stage).GetProperty("gap").GetDouble(), 0, 0.05);
        }
        CliRun again = await CliRun.Of("streams", "--world", World, "--streams", "400", "--json");
        Assert.Equal(Timeless(run.Output), Timeless(again.Output));
    }

    [Fact]
    public async Task Streams_OwnRegistry_IsPlannedAsText()
    {
        CliRun run = await CliRun.Of("streams", "--world", World, "--streams", "0");
        Assert.True(run.Code == 0, run.Error);
        foreach (string part in new[] { "nearest relay", "hierarchy", "from origins, Gbit/s", "above the certified bound" }) Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_BadOptionsOrWorldWithoutRelays_AreBadInput()
    {
        using TempFolder folder = new();
        Assert.Equal(2, (await CliRun.Of("streams", "--world", World, "--zipf", "5")).Code);
        Assert.Equal(2, (await CliRun.Of("streams", "--world", World, "--streams", "-1")).Code);
        Assert.Equal(2, (await CliRun.Of("streams", "--world", World, "--origin-copy-ms", "20000")).Code);
        CliRun bare = await CliRun.Of("streams", "--world", TinyWorld.Write(folder));
        Assert.Equal((2, ""), (bare.Code, bare.Output));
        Assert.Contains("must have relays", bare.Error, StringComparison.Ordinal);
    }

    /// <summary>The answer without the two times.</summary>
    private static string Timeless(string json) => System.Text.RegularExpressions.Regex.Replace(json, "\"(audience|plan)_ms\":[0-9.]+", "", System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.ExplicitCapture);
}
