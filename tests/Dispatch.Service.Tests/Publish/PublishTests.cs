using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Publish;

public sealed class PublishTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Cycle_NothingChanged_KeepsVersionAndStaysReady()
    {
        await using TestService service = await Start();
        StatusReply before = await service.Status();
        for (int i = 0; i < 4; i++) await service.NextCycle(Interval);
        StatusReply after = await service.Status();
        Assert.Equal((before.TableEpoch, before.TableVersion, before.ContentHash), (after.TableEpoch, after.TableVersion, after.ContentHash));
        Assert.Equal(("ready", 1ul, 0.0), (after.State, after.PublishesTotal, after.TableAgeSeconds));
        Assert.Single(_state.Tables());
    }

    [Fact]
    public async Task Cycle_HourTurns_PublishesWithoutLosingARequest()
    {
        await using TestService service = await Start();
        using CancellationTokenSource enough = new();
        Task<(int Count, HashSet<ulong> Versions)>[] clients = [.. Enumerable.Range(0, 4).Select(i => Task.Run(() => AskUntil(service, i, enough.Token)))];
        HashSet<uint> hours = [];
        for (int hour = 0; hour < 24; hour++)
        {
            hours.Add((await service.Status()).UtcHour);
            // From half past to the hour, past the interval's own cycles.
            for (int i = 0; i < 12; i++) await service.NextCycle(Interval);
        }
        await enough.CancelAsync();
        (int Count, HashSet<ulong> Versions)[] asked = await Task.WhenAll(clients);

        Assert.Equal(24, hours.Count);
        Assert.InRange((await service.Status()).PublishesTotal, 24ul, 26ul);
        Assert.True(asked.Sum(static a => a.Count) > 1000, $"only {asked.Sum(static a => a.Count)} requests were answered");
        Assert.True(asked.SelectMany(static a => a.Versions).Distinct().Count() > 12);
    }

    [Fact]
    public async Task Cycle_HourTurns_DoesNotWaitForTheInterval()
    {
        await using TestService service = await Start("Solve:Interval=12:00:00");
        Assert.Equal(10u, (await service.Status()).UtcHour);
        await service.NextCycle(TimeSpan.FromMinutes(30));
        StatusReply after = await service.Status();
        Assert.Equal((11u, 2ul), (after.UtcHour, after.TableVersion));
    }

    [Fact]
    public async Task Cycle_WorldChanges_PublishesIt()
    {
        await using TestService service = await Start();
        StatusReply before = await service.Status();
        _world.Change("edges.csv", "own-bos,own,own,BOS,Boston,US,NA,NAE,42.4,-71,5,", "own-bos,own,own,BOS,Boston,US,NA,NAE,42.4,-71,9,").Save();
        await service.NextCycle(Interval);
        StatusReply after = await service.Status();
        Assert.NotEqual(before.WorldVersion, after.WorldVersion);
        Assert.Equal(before.TableVersion + 1, after.TableVersion);
    }

    [Fact]
    public async Task Cycle_PrefixesUnchanged_SharesTheirIndex()
    {
        await using TestService service = await Start();
        object before = service.Holder.Current!.Table.Content.Prefixes;
        _world.Change("services.csv", ",20,1,", ",25,1,").Save();
        await service.NextCycle(Interval);
        Assert.Equal(2, service.Holder.Current!.Table.Version.Number);
        Assert.Same(before, service.Holder.Current!.Table.Content.Prefixes);
    }

    [Fact]
    public async Task Cycle_WorldBreaks_KeepsTheLastGoodAndTellsEveryFault()
    {
        await using TestService service = await Start();
        StatusReply before = await service.Status();
        string good = _world.Text("edges.csv");
        _world.Change("edges.csv", "42.4,-71,5,", "42.4,-71,-5,").Change("rtt_region_edge.csv", "FR-01,8.5,", "FR-01,NaN,").Save();
        await service.NextCycle(Interval);

        StatusReply after = await service.Status();
        Assert.Equal((before.TableVersion, before.ContentHash, "stale"), (after.TableVersion, after.ContentHash, after.State));
        Assert.Contains("edges.csv:3:", after.LastError, StringComparison.Ordinal);
        Assert.Contains(service.Log.All, static l => l.Contains("edges.csv:3:", StringComparison.Ordinal) && l.Contains("capacity_gbps", StringComparison.Ordinal));
        Assert.Contains(service.Log.All, static l => l.Contains("rtt_region_edge.csv:2:", StringComparison.Ordinal));
        Assert.NotEmpty((await service.Resolve(new() { RegionId = "FR-01" })).Edges);
        using HttpClient http = new();
        Assert.StartsWith("stale\n", await http.GetStringAsync(new Uri(service.HttpUrl + "/healthz/ready")), StringComparison.Ordinal);
        Assert.Contains("dispatch_world_reload_failed_total 1\n", await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics")), StringComparison.Ordinal);

        _world.With("edges.csv", System.Text.Encoding.UTF8.GetBytes(good)).Change("rtt_region_edge.csv", "FR-01,NaN,", "FR-01,8.5,").Save();
        await service.NextCycle(Interval);
        StatusReply mended = await service.Status();
        Assert.Equal(("ready", "", before.TableVersion), (mended.State, mended.LastError, mended.TableVersion));
    }

    [Fact]
    public async Task Cycle_EveryEdgeDown_KeepsAnsweringAsTheServicesSay()
    {
        await using TestService service = await Start();
        _world.With("health.csv", "kind,id,state,factor", "operator,own,down,0", "operator,cdn-x,down,0").Save();
        await service.NextCycle(Interval);
        ResolveReply live = await service.Resolve(new() { RegionId = "FR-01", Service = "live" });
        ResolveReply bulk = await service.Resolve(new() { RegionId = "FR-01", Service = "bulk" });
        Assert.Equal(ReasonCode.LastGood, live.ReasonCode);
        Assert.NotEmpty(live.Edges);
        Assert.Equal((ReasonCode.Fallback, "origin.example.net"), (bulk.ReasonCode, bulk.FallbackHost));
    }

    private Task<TestService> Start(params string[] settings) => TestService.StartAsync(_world.Directory, _state.Path, null, [.. TestService.PlansAlone, .. settings]);

    /// <summary>Asks without pause; every answer must come, and versions must never go back.</summary>
    private static async Task<(int Count, HashSet<ulong> Versions)> AskUntil(TestService service, int seed, CancellationToken enough)
    {
        int count = 0;
        ulong last = 0;
        HashSet<ulong> versions = [];
        string[] regions = ["FR-01", "US-01", "CN-01"];
        while (!enough.IsCancellationRequested)
        {
            ResolveReply reply = await service.Resolve(new() { RegionId = regions[(seed + count) % 3], SessionKey = $"{seed}-{count}" });
            Assert.NotEmpty(reply.Edges);
            Assert.True(reply.TableVersion >= last);
            versions.Add(last = reply.TableVersion);
            count++;
        }
        return (count, versions);
    }
}
