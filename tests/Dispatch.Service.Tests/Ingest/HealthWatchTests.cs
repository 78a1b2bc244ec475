using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Publish;

namespace TrafficDispatch.Service.Tests.Ingest;

/// <summary>Answers leave what <c>health.csv</c> calls down within a second, without a solve.</summary>
public sealed class HealthWatchTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Look_PlannedEdgeGoesDown_AnswersFromItsFailoverBeforeAnySolve()
    {
        await using TestService service = await Start();
        ResolveReply before = await service.Resolve(new() { RegionId = "FR-01", Service = "live" });
        Assert.Equal(("own-par", ReasonCode.Assigned, 0ul), (before.Edges[0].Id, before.ReasonCode, before.OverlayVersion));
        Say("edge,own-par,down,");
        service.Clock.Advance(Second);
        ResolveReply after = await service.Resolve(new() { RegionId = "FR-01", Service = "live" });
        Assert.Equal(("own-bos", ReasonCode.Failover, before.TableVersion), (after.Edges[0].Id, after.ReasonCode, after.TableVersion));
        Assert.True(after.OverlayVersion > before.OverlayVersion);
        Assert.Contains("while edge:own-par is down", after.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(after.Edges, static e => e.Id == "own-par");
        Assert.Equal(1, service.Part<PublishLoop>().Cycles);
        OverlayStatement told = Assert.Single((await service.Status()).Overlay);
        Assert.Equal(("health.csv", "edge", "own-par", "down"), (told.Source, told.Kind, told.Id, told.State));
    }

    [Fact]
    public async Task Look_EdgeComesBack_IsAnsweredWithAgainUnderAHigherVersion()
    {
        await using TestService service = await Start();
        Say("edge,own-par,down,");
        service.Clock.Advance(Second);
        ulong down = (await service.Resolve(new() { RegionId = "FR-01", Service = "live" })).OverlayVersion;
        Say();
        service.Clock.Advance(Second);
        ResolveReply back = await service.Resolve(new() { RegionId = "FR-01", Service = "live" });
        Assert.Equal(("own-par", ReasonCode.Assigned), (back.Edges[0].Id, back.ReasonCode));
        Assert.True(back.OverlayVersion > down);
    }

    [Fact]
    public async Task Look_SetNobodyPlannedFor_FallsToRankedBackups()
    {
        await using TestService service = await Start();
        Say("edge,own-par,down,", "edge,own-pek,down,");
        service.Clock.Advance(Second);
        ResolveReply after = await service.Resolve(new() { RegionId = "FR-01", Service = "live" });
        Assert.Equal(("own-bos", ReasonCode.Backup), (after.Edges[0].Id, after.ReasonCode));
    }

    [Fact]
    public async Task Look_DomainOfABoundRegionFails_NobodyElseServesIt()
    {
        await using TestService service = await Start();
        Say("domain,CN:Beijing,down,");
        service.Clock.Advance(Second);
        foreach (string name in (string[])["live", "bulk"])
        {
            ResolveReply after = await service.Resolve(new() { RegionId = "CN-01", Service = name, Count = 16 });
            Assert.All(after.Edges, static e => Assert.Equal("own-pek", e.Id));
            Assert.NotEqual(ReasonCode.Fallback, after.ReasonCode);
        }
    }

    [Fact]
    public async Task Look_EveryEdgeDownAndOneDrained_LastGoodNeverNamesTheDrainedOne()
    {
        await using TestService service = await Start();
        Say("operator,own,down,", "operator,cdn-x,down,", "edge,own-par,drained,");
        service.Clock.Advance(Second);
        ResolveReply after = await service.Resolve(new() { RegionId = "FR-01", Service = "live", Count = 16 });
        Assert.Equal(ReasonCode.LastGood, after.ReasonCode);
        Assert.NotEmpty(after.Edges);
        Assert.DoesNotContain(after.Edges, static e => e.Id == "own-par");
    }

    [Fact]
    public async Task Look_RelayAndOriginGoDown_PathsAndPublishersLeaveThem()
    {
        await using TestService service = await Start();
        Assert.NotEmpty((await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "news" })).Paths);
        Assert.Contains((await service.Relay.IngestAsync(new() { RegionId = "FR-01" })).Origins, static o => o.Id == "og-par");
        Say("relay,rl-par,down,", "origin,og-par,drained,");
        service.Clock.Advance(Second);
        RouteReply route = await service.Relay.RouteAsync(new() { NodeId = "own-par", StreamKey = "news" });
        Assert.Equal((ReasonCode.NoPath, 0), (route.ReasonCode, route.Paths.Count));
        IngestReply ingest = await service.Relay.IngestAsync(new() { RegionId = "FR-01" });
        Assert.DoesNotContain(ingest.Origins, static o => o.Id == "og-par");
        Assert.Equal(route.OverlayVersion, ingest.OverlayVersion);
    }

    [Fact]
    public async Task Look_FileIsFaulty_KeepsWhatWasKnownAndNamesTheFault()
    {
        await using TestService service = await Start();
        Say("edge,own-par,down,");
        service.Clock.Advance(Second);
        ResolveReply before = await service.Resolve(new() { RegionId = "FR-01", Service = "live" });
        Say("edge,own-par,sleeping,");
        service.Clock.Advance(Second);
        ResolveReply after = await service.Resolve(new() { RegionId = "FR-01", Service = "live" });
        Assert.Equal((before.Edges[0].Id, before.OverlayVersion), (after.Edges[0].Id, after.OverlayVersion));
        Assert.Contains(service.Log.All, static l => l.Contains("health.csv:2:", StringComparison.Ordinal) && l.Contains("sleeping", StringComparison.Ordinal));
        using HttpClient http = new();
        Assert.Contains("dispatch_health_refused_total 1\n", await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_EdgeWentDownMeanwhile_TheStoredTableDoesNotAnswerWithIt()
    {
        await using (TestService first = await Start()) await first.Status();
        Say("edge,own-par,down,");
        await using TestService service = TestService.Create(_world.Directory, _state.Path, null, "Solve:UtcHour=20");
        Assert.Equal(1, service.Holder.Current!.Overlay.DownCount);
        Task cycle = service.CyclesReach(1);
        await service.StartAsync();
        await cycle;
        Assert.DoesNotContain((await service.Resolve(new() { RegionId = "FR-01", Service = "live" })).Edges, static e => e.Id == "own-par");
    }

    [Fact]
    public async Task Cycle_SolveLearnsOfTheEdge_OverlayStaysAndAnswersAreAssignedAgain()
    {
        await using TestService service = await Start();
        Say("edge,own-par,down,");
        await service.NextCycle(TimeSpan.FromMinutes(5));
        ResolveReply after = await service.Resolve(new() { RegionId = "FR-01", Service = "live" });
        Assert.Equal(("own-bos", ReasonCode.Assigned), (after.Edges[0].Id, after.ReasonCode));
        Assert.Single((await service.Status()).Overlay);
    }

    private Task<TestService> Start() => TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:UtcHour=20");

    private void Say(params string[] statements) => _world.With("health.csv", ["kind,id,state,factor", .. statements]).Save();
}
