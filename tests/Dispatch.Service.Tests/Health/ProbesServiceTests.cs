using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Tests.Telemetry;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>Probes and loads from the wire to the answers, within a second and before any solve.</summary>
public sealed class ProbesServiceTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Round = TimeSpan.FromSeconds(10);
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Report_QuorumHoldsAnEdgeDown_LeavesAnswersBeforeAnySolveAndComesBackInSteps()
    {
        // Its share of the four edges' capacity is 8 of 22 Gbit/s.
        await using TestService service = await Start("Health:MostTakenPercent=40");
        Assert.Equal("own-par", (await Ask(service)).Edges[0].Id);
        for (int i = 0; i < 10; i++) await Probe(service, good: false);
        service.Clock.Advance(Second);
        ResolveReply after = await Ask(service);
        Assert.Equal(("own-bos", ReasonCode.Failover), (after.Edges[0].Id, after.ReasonCode));
        StatusReply status = await service.Status();
        Assert.Contains(status.Overlay, static o => (o.Source, o.Kind, o.Id, o.State) == ("probes", "edge", "own-par", "down"));
        Assert.Equal((3u, 36.4), (status.Health.Vantages, Math.Round(status.Health.TakenPercent, 1)));

        for (int i = 0; i < 10; i++) await Probe(service, good: true);
        service.Clock.Advance(Second);
        Assert.Contains((await service.Status()).Overlay, static o => (o.Source, o.Id, o.State, o.KeptPercent) == ("returns", "own-par", "lightened", 10u));
        using HttpClient http = new();
        string metrics = await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics"));
        Assert.Contains("dispatch_overlay_lightened_edges 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("dispatch_health_vantages 3\n", metrics, StringComparison.Ordinal);
        Assert.Equal("", await Promtool.Check(metrics));
        for (int i = 0; i < 19; i++) await Probe(service, good: true);
        ResolveReply back = await Ask(service);
        Assert.Equal(("own-par", ReasonCode.Assigned), (back.Edges[0].Id, back.ReasonCode));
    }

    [Fact]
    public async Task Report_CapIsReached_ServesOnAndAlarms()
    {
        await using TestService service = await Start();
        for (int i = 0; i < 10; i++) await Probe(service, good: false);
        service.Clock.Advance(Second);
        Assert.Equal("own-par", (await Ask(service)).Edges[0].Id);
        Assert.Equal(["edge:own-par"], (await service.Status()).Health.Held);
        Assert.Single(service.Log.All, static l => l.StartsWith("Error: Automation stops: edge:own-par", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cycle_ProbesHoldAnEdgeDown_IsPlannedWithoutIt()
    {
        await using TestService service = await Start("Health:MostTakenPercent=40", "Health:BadToFall=1", "Solve:Interval=00:05:00");
        await Probe(service, good: false);
        // The votes must be remembered until the cycle runs: the statement stays though nobody probes.
        await service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.Equal(HealthState.Down, service.Holder.Current!.Table.Content.Edges.Single(static e => e.Id == "own-par").State);
    }

    [Theory]
    [InlineData("", "edge", "vantage")]
    [InlineData("v1", "node", "kind")]
    public async Task Report_FaultyReport_IsRefusedByField(string vantage, string kind, string field)
    {
        await using TestService service = await Start();
        using AsyncClientStreamingCall<ProbeReport, ProbeSummary> call = new Probes.ProbesClient(service.Channel).Report();
        // The refusal may come before the write is done, and then ends the write.
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(new ProbeReport { Vantage = vantage, Kind = kind, Id = "own-par" });
            await call.ResponseAsync;
        });
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(field, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_UnknownNode_IsCountedAndPassedOver()
    {
        await using TestService service = await Start();
        using AsyncClientStreamingCall<ProbeReport, ProbeSummary> call = new Probes.ProbesClient(service.Channel).Report();
        await call.RequestStream.WriteAsync(new ProbeReport { Vantage = "v1", Kind = "edge", Id = "nowhere" });
        await call.RequestStream.WriteAsync(new ProbeReport { Vantage = "v1", Kind = "relay", Id = "rl-par", Good = true });
        await call.RequestStream.CompleteAsync();
        ProbeSummary summary = await call.ResponseAsync;
        Assert.Equal((1ul, 1ul), (summary.Taken, summary.Unknown));
    }

    [Fact]
    public async Task Take_EdgeOverItsCeiling_ShedsToEdgesWithRoomWithinSeconds()
    {
        await using TestService service = await Start();
        HealthDesk desk = service.Part<HealthDesk>();
        Assert.Equal(1, desk.Take([new EdgeLoad("own-par", 9000, 8000), new EdgeLoad("nowhere", 1, 1), new EdgeLoad("own-bos", double.NaN, 1)]));
        service.Clock.Advance(Second);
        HashSet<(string, ReasonCode)> answers = [];
        for (int i = 0; i < 200; i++)
        {
            ResolveReply reply = await service.Resolve(new() { RegionId = "FR-01", Service = "bulk", SessionKey = $"viewer {(char)i}" });
            answers.Add((reply.Edges[0].Id, reply.ReasonCode));
        }
        Assert.Contains(answers, static a => a.Item2 == ReasonCode.LoadShed && a.Item1 != "own-par");
        Assert.Contains(service.Log.All, static l => l.Contains("own-par 80 %", StringComparison.Ordinal));
    }

    private static async Task<ResolveReply> Ask(TestService service) => await service.Resolve(new() { RegionId = "FR-01", Service = "live" });

    private static async Task Probe(TestService service, bool good)
    {
        service.Clock.Advance(Round);
        foreach (string vantage in (string[])["ams", "nyc", "sin"])
        {
            using AsyncClientStreamingCall<ProbeReport, ProbeSummary> call = new Probes.ProbesClient(service.Channel).Report();
            await call.RequestStream.WriteAsync(new ProbeReport { Vantage = vantage, Kind = "edge", Id = "own-par", Good = good });
            await call.RequestStream.CompleteAsync();
            Assert.Equal(1ul, (await call.ResponseAsync).Taken);
        }
    }

    // An interval that none of these tests reaches by probing, so that what answers is the overlay and no solve.
    private Task<TestService> Start(params string[] settings) =>
        TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:Interval=12:00:00", "Solve:UtcHour=10", .. settings]);
}
