using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Publish;

/// <summary>The plan goes out first, its failovers after it, and what goes wrong with the latter never holds up the former.</summary>
public sealed class FailoverTests : IDisposable
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
    public async Task Cycle_Plan_IsPublishedFirstAndThenWithItsFailovers()
    {
        TestService service = TestService.Create(_world.Directory, _state.Path);
        await using TestService _ = service;
        List<(long Number, int Failovers)> swapped = [];
        service.Holder.Swapped += (_, _) => swapped.Add((service.Holder.Current!.Table.Version.Number, service.Holder.Current!.Table.Content.Failovers.Count));
        Task first = service.CyclesReach(1);
        await service.StartAsync();
        await first;
        StatusReply status = await service.Status();
        // Paris, Boston and Beijing as domains, and Paris' two edges: those of the other domains are the same sets.
        Assert.Equal([(1L, 0), (2L, 5)], swapped);
        Assert.Equal(("made", 5u, 5u, 0.0), (status.Failures.State, status.Failures.Tried, status.Failures.Failovers, status.Failures.AgeSeconds));
        Assert.Equal(status.Failures.Tried, status.Failures.Absorbed + status.Failures.NotAbsorbed);
        Assert.Equal((int)status.Failures.NotAbsorbed, status.Failures.Worst.Count);
        Assert.Contains(status.Failures.Worst, static w => w.Name == "domain:CN:Beijing" && w.UnservedMbps > 0 && w.Fix.Contains("CN-01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cycle_NothingChanged_KeepsFailoversAndTriesNoneAgain()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path);
        for (int i = 0; i < 4; i++) await service.NextCycle(Interval);
        StatusReply after = await service.Status();
        Assert.Equal((2ul, 5u, "made", 1200.0), (after.TableVersion, after.Failures.Failovers, after.Failures.State, after.Failures.AgeSeconds));
        Assert.Single(service.Log.All, static l => l.Contains("has its failovers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_TableOnDisk_KeepsItsFailoversAndItsVersion()
    {
        StatusReply before;
        await using (TestService first = await TestService.StartAsync(_world.Directory, _state.Path)) before = await first.Status();
        TestService service = TestService.Create(_world.Directory, _state.Path);
        await using TestService _ = service;
        Assert.Equal(5, service.Holder.Current!.Table.Content.Failovers.Count);
        Task cycle = service.CyclesReach(1);
        await service.StartAsync();
        await cycle;
        StatusReply after = await service.Status();
        Assert.Equal((before.TableEpoch, before.TableVersion, before.ContentHash, "made"), (after.TableEpoch, after.TableVersion, after.ContentHash, after.Failures.State));
    }

    [Fact]
    public async Task Cycle_NextOneIsDueBeforeTheFailuresAreTried_PlanGoesOutAndTheLogSaysSo()
    {
        TestService service = TestService.Create(_world.Directory, _state.Path);
        await using TestService _ = service;
        bool late = true;
        // On the publishing thread, with the plan in force and its failures not yet tried.
        service.Holder.Swapped += (_, _) =>
        {
            if (!late) return;
            late = false;
            service.Clock.Advance(Interval);
        };
        Task first = service.CyclesReach(1);
        await service.StartAsync();
        await first;
        Assert.Equal(("late", 0u), ((await service.Status()).Failures.State, (await service.Status()).Failures.Failovers));
        Assert.Single(service.Log.All, static l => l.StartsWith("Warning: Failovers were not made: the next cycle was due", StringComparison.Ordinal));
        // The next cycle is due now; it confirms the plan and has the time.
        await service.NextCycle(TimeSpan.Zero);
        StatusReply after = await service.Status();
        Assert.Equal(("made", 5u, 1ul, 2ul), (after.Failures.State, after.Failures.Failovers, after.PublishesTotal, after.TableVersion));
        using HttpClient http = new();
        Assert.Contains("dispatch_failover_late_total 1\n", await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cycle_FailuresOff_ShipsNone()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:Failures=off");
        StatusReply status = await service.Status();
        Assert.Equal(("none", 0u, 0u, 1ul), (status.Failures.State, status.Failures.Tried, status.Failures.Failovers, status.TableVersion));
    }

    [Fact]
    public async Task Cycle_PlanComesBack_GetsItsFailoversAgain()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:UtcHour=20", "Solve:PacePercent=100", "Solve:DeadBandPercent=0");
        _world.Change("services.csv", ",20,1,", ",25,1,").Save();
        await service.NextCycle(Interval);
        _world.Change("services.csv", ",25,1,", ",20,1,").Save();
        await service.NextCycle(Interval);
        StatusReply after = await service.Status();
        Assert.Equal((6ul, 5u, 3ul), (after.TableVersion, after.Failures.Failovers, after.PublishesTotal));
    }
}
