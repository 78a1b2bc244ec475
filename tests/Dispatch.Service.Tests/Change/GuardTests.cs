using System.Globalization;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Change;
using TrafficDispatch.Service.Tests.Telemetry;

namespace TrafficDispatch.Service.Tests.Change;

/// <summary>Poisoned feeds never reach an answer: each is refused by its rule, and everybody goes on being answered as before.</summary>
public sealed class GuardTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private readonly TestWorld _world = Grown();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("rtt zero", "rtt_range")]
    [InlineData("rtt absurd", "rtt_change")]
    [InlineData("capacity zero", "capacity_zero")]
    [InlineData("demand times 100", "demand_rise")]
    [InlineData("demand gone", "demand_fall")]
    [InlineData("half the regions", "regions_vanished")]
    public async Task Cycle_PoisonedFeed_IsRefusedByItsRuleAndAnswersStay(string poison, string rule)
    {
        await using TestService service = await Start();
        StatusReply before = await service.Status();
        ResolveReply answer = await service.Resolve(new() { RegionId = "FR-01", Service = "bulk" });
        Poison(poison);
        await service.NextCycle(Interval);
        await service.NextCycle(Interval);

        StatusReply after = await service.Status();
        Assert.Equal((before.TableVersion, before.ContentHash, "stale"), (after.TableVersion, after.ContentHash, after.State));
        Assert.Equal(answer, await service.Resolve(new() { RegionId = "FR-01", Service = "bulk" }));
        GuardFinding finding = Assert.Single(after.Guard.Findings, f => f.Rule == rule);
        Assert.NotEqual(("", ""), (finding.Message, finding.Remedy));
        Assert.Equal(("holding", 2ul, 300.0), (after.Guard.State, after.Guard.RefusedTotal[rule], after.Guard.HoldingSeconds));
        Assert.Contains($"[{rule}] ", after.LastError, StringComparison.Ordinal);
        Assert.Single(service.Log.All, l => l.Contains("The guard refuses", StringComparison.Ordinal) && l.Contains($"[{rule}]", StringComparison.Ordinal));
        using HttpClient http = new();
        string metrics = await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics"));
        Assert.Contains($"dispatch_guard_refused_total{{rule=\"{rule}\"}} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("dispatch_guard_holding 1\n", metrics, StringComparison.Ordinal);
        Assert.Equal("", await Promtool.Check(metrics));
        Assert.Contains(rule, await http.GetStringAsync(new Uri(service.HttpUrl + "/plain")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cycle_FeedRecovers_TablesPassAgainByThemselves()
    {
        await using TestService service = await Start();
        Poison("demand times 100");
        await service.NextCycle(Interval);
        using (TestWorld good = Grown()) _world.With("regions.csv", System.Text.Encoding.UTF8.GetBytes(good.Text("regions.csv"))).Save();
        await service.NextCycle(Interval);
        StatusReply after = await service.Status();
        Assert.Equal(("ready", "passing", 0, 0.0), (after.State, after.Guard.State, after.Guard.Findings.Count, after.Guard.HoldingSeconds));
        Assert.Single(service.Log.All, static l => l.Contains("lets tables through again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cycle_ForcedByFile_LetsOneTableThrough()
    {
        await using TestService service = await Start();
        string force = Path.Combine(_state.Path, ForceFile.Name);
        Poison("demand times 100");
        await File.WriteAllTextAsync(force, "moved\n");
        await service.NextCycle(Interval);
        Assert.Equal("holding", (await service.Status()).Guard.State);
        Assert.True(File.Exists(force), "a file that does not list every broken rule must stay");
        string[] rules = [.. (await service.Status()).Guard.Findings.Select(static f => f.Rule)];
        await File.WriteAllLinesAsync(force, rules);
        await service.NextCycle(Interval);
        StatusReply after = await service.Status();
        Assert.Equal(("passing", 1ul, "ready", false), (after.Guard.State, after.Guard.ForcedTotal, after.State, File.Exists(force)));
    }

    [Fact]
    public async Task Cycle_HoursTurn_AreNoChangeOfDemand()
    {
        await using TestService service = await Start();
        for (int i = 0; i < 24; i++) await service.NextCycle(TimeSpan.FromMinutes(60));
        Assert.Empty((await service.Status()).Guard.RefusedTotal);
    }

    [Fact]
    public async Task Start_RegionsVanishedWhileAway_AreMissed()
    {
        await using (TestService first = await Start()) Assert.Equal("ready", (await first.Status()).State);
        Poison("half the regions");
        await using TestService service = await Start();
        StatusReply after = await service.Status();
        Assert.Equal(("holding", "stale"), (after.Guard.State, after.State));
        Assert.Contains(after.Guard.Findings, static f => f.Rule == "regions_vanished");
    }

    [Theory]
    [InlineData("demand times 100", "demand_rise")]
    [InlineData("demand gone", "demand_fall")]
    [InlineData("rtt absurd", "rtt_change")]
    public async Task Start_FeedBrokeWhileAway_IsHeldAgainstTheSolveBehindTheTableInForce(string poison, string rule)
    {
        await using (TestService first = await Start()) Assert.Equal("ready", (await first.Status()).State);
        Poison(poison);
        await using TestService service = await Start();
        StatusReply after = await service.Status();
        Assert.Equal(("holding", "stale"), (after.Guard.State, after.State));
        Assert.Contains(after.Guard.Findings, f => f.Rule == rule);
    }

    [Fact]
    public async Task Start_ArchivedSolveIsGone_TheTableInForceStillTellsWhatVanished()
    {
        await using (TestService first = await Start()) Assert.Equal("ready", (await first.Status()).State);
        foreach (string file in Directory.EnumerateFiles(_state.Path, "solve*")) File.Delete(file);
        Poison("half the regions");
        await using TestService service = await Start();
        Assert.Contains((await service.Status()).Guard.Findings, static f => f.Rule == "regions_vanished");
    }

    [Fact]
    public async Task Start_EmptyStateAndAWorldWithoutCapacity_IsRefusedByAnAbsoluteRule()
    {
        Poison("capacity zero");
        await using TestService service = await Start();
        StatusReply after = await service.Status();
        Assert.Equal(("no_table", "holding"), (after.State, after.Guard.State));
        Assert.Equal(["capacity_zero"], after.Guard.Findings.Select(static f => f.Rule));
    }

    private static TestWorld Grown()
    {
        TestWorld world = TestWorld.Small();
        for (int i = 0; i < 6; i++) world.AddRegion(string.Create(CultureInfo.InvariantCulture, $"XX-0{i}"), 0.1, [60, 30, 200, 70]);
        return world.Save();
    }

    private void Poison(string how)
    {
        string[] rtt = how == "rtt zero" ? ["0", "0", "0", "0"] : ["900", "9000", "9000", "900"];
        switch (how)
        {
            case "rtt zero" or "rtt absurd":
                _world.Change("rtt_region_edge.csv", "FR-01,8.5,90,210,9.5", "FR-01," + string.Join(',', rtt));
                break;
            case "capacity zero":
                foreach (string edge in (string[])["49,2.5,8,", "42.4,-71,5,", "40.1,116.6,3,", "49,2.5,6,"])
                    _world.Change("edges.csv", edge, edge[..edge[..^1].LastIndexOf(',')] + ",0,");
                break;
            case "demand times 100":
                _world.Change("regions.csv", "EU,,10", "EU,,1000").Change("regions.csv", "US,,6.5", "US,,650");
                break;
            case "demand gone":
                _world.Change("regions.csv", "EU,,10", "EU,,1");
                break;
            default:
                using (TestWorld small = TestWorld.Small())
                {
                    foreach (string file in (string[])["regions.csv", "rtt_region_edge.csv"]) _world.With(file, System.Text.Encoding.UTF8.GetBytes(small.Text(file)));
                }
                break;
        }
        _world.Save();
    }

    private Task<TestService> Start() => TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:Failures=off");
}
