using System.Text.Json;
using TrafficDispatch.State.Files;
using TrafficDispatch.State.Tests;

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

    [Fact]
    public async Task Registry_RegisterListUnregister_InRedis()
    {
        using TempFolder folder = new();
        await using RedisServer redis = await RedisServer.StartAsync();
        Assert.Equal(0, (await CliRun.Of("load", "--world", TinyWorld.Write(folder), "--redis", redis.Endpoint)).Code);
        Assert.Equal((0, "no stream is registered\n"), await Run("list"));
        CliRun unknown = await CliRun.Of("streams", "register", "cam", "--origin", "og-z", "--redis", redis.Endpoint);
        Assert.Equal(2, unknown.Code);
        Assert.Contains("has no origin 'og-z'", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CliRun.Of("streams", "unregister", "cam", "--redis", redis.Endpoint)).Code);

        async Task<(int, string)> Run(params string[] arguments)
        {
            CliRun run = await CliRun.Of(["streams", .. arguments, "--redis", redis.Endpoint]);
            return (run.Code, run.Output);
        }
    }

    [Fact]
    public async Task Registry_InAFolder_IsThereForTheService()
    {
        using TempFolder folder = new();
        CliRun run = await CliRun.Of("streams", "register", "cam", "--origin", "og-1", "--mbps", "8", "--variants", "5,2,1", "--for", "6h", "--state", folder.Path, "--json");
        Assert.Equal(0, run.Code);
        Assert.Contains("no world to look the origin up in", run.Error, StringComparison.Ordinal);
        JsonElement held = JsonDocument.Parse(run.Output).RootElement.GetProperty("streams")[0];
        Assert.Equal(("cam", "og-1", 8.0, $"operator:{Environment.UserName}"),
            (held.GetProperty("stream").GetString(), held.GetProperty("origin_id").GetString(), held.GetProperty("bitrate_mbps").GetDouble(), held.GetProperty("source").GetString()));
        await using (FileState state = FileState.Open(folder.Path, 3, TimeProvider.System))
            Assert.Equal("5,2,1", string.Join(',', Assert.Single((await state.Streams.ListAsync(default)).Streams).VariantMbps));
        Assert.Contains("cam", (await CliRun.Of("streams", "list", "--state", folder.Path)).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await CliRun.Of("streams", "register", "cam", "--origin", "og-1", "--mbps", "9", "--variants", "5,2,1", "--state", folder.Path)).Code);
        Assert.Equal(2, (await CliRun.Of("streams", "register", "cam", "--origin", "og-1", "--variants", "5,x", "--state", folder.Path)).Code);
        Assert.Equal(2, (await CliRun.Of("streams", "register", "cam", "--origin", "og-1", "--for", "soon", "--state", folder.Path)).Code);
        Assert.Equal((0, "no stream is registered\n"), ((await CliRun.Of("streams", "unregister", "cam", "--state", folder.Path)) is { } end ? (end.Code, end.Output) : default));
        // Asked from outside the sub-commands the world is still needed.
        Assert.Equal(2, (await CliRun.Of("streams")).Code);
    }

    /// <summary>The answer without the two times.</summary>
    private static string Timeless(string json) => System.Text.RegularExpressions.Regex.Replace(json, "\"(audience|plan)_ms\":[0-9.]+", "", System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.ExplicitCapture);
}
