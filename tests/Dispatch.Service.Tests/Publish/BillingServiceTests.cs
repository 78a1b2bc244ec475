using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Tests.Telemetry;

namespace TrafficDispatch.Service.Tests.Publish;

/// <summary>The month of the contracts as status, page and metrics tell it, over a restart.</summary>
public sealed class BillingServiceTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private readonly TestWorld _world = TestWorld.Full().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Cycle_ContractsBill_StatusPageAndMetricsTellTheMonth()
    {
        await using TestService service = await Start(TestService.Morning());
        for (int i = 0; i < 3; i++) await service.NextCycle(Interval);
        StatusReply status = await service.Status();
        Assert.Equal(("2026-03", 3), (status.BillingMonth, status.Contracts.Count));
        ContractMonth transit = status.Contracts.Single(static c => c.ContractId == "own-eu");
        // Three slots above the commit of 2 Gbit/s have used three of the 446 that are free.
        Assert.Equal(("p95", 993u, 8928u, 443u), (transit.Billing, transit.NextSlot, transit.Slots, transit.BurstsLeft));
        Assert.True(transit.Gigabytes > 0);
        using HttpClient http = new();
        string metrics = await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics"));
        Assert.Equal("", await Promtool.Check(metrics));
        foreach (string name in (string[])
            ["dispatch_billing_bursts_left{contract=\"own-eu\"}", "dispatch_billing_month_bytes{contract=\"x-par\"}", "dispatch_billing_month_usd", "dispatch_billing_billed_mbps",
             "dispatch_billing_paid_mbps", "dispatch_class_unserved_mbps{class=\"live\",priority=\"1\"}", "dispatch_unserved_mbps{priority=\"4\"}", "dispatch_moved_mbps",
             "dispatch_failovers 5", "dispatch_failures_tried 5", "dispatch_failures_unabsorbed", "dispatch_failover_age_seconds", "dispatch_failure_sweep_duration_seconds_count",
             "dispatch_overlay_version 0", "dispatch_overlay_down_nodes 0"])
        {
            Assert.Contains("\n" + name, metrics, StringComparison.Ordinal);
        }
        string page = await http.GetStringAsync(new Uri(service.HttpUrl + "/plain"));
        Assert.Contains("Billing month 2026-03", page, StringComparison.Ordinal);
        Assert.Contains("own-eu", page, StringComparison.Ordinal);
        Assert.Contains("failures tried", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AfterAKill_GoesOnWithTheMonth()
    {
        ManualClock clock = TestService.Morning();
        double before;
        await using (TestService service = await Start(clock))
        {
            for (int i = 0; i < 3; i++) await service.NextCycle(Interval);
            before = Volume(await service.Status());
        }
        clock.Advance(TimeSpan.FromMinutes(2));
        await using (TestService service = await Start(clock))
        {
            Assert.Equal(before, Volume(await service.Status()));
            await service.NextCycle(Interval);
            Assert.True(Volume(await service.Status()) > before);
            Assert.Contains(service.Log.All, static l => l.Contains("Billing month 2026-03 resumed", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Start_BookIsCorrupt_WarnsAndGoesOnFromTheCopy()
    {
        ManualClock clock = TestService.Morning();
        await using (TestService service = await Start(clock))
            for (int i = 0; i < 3; i++) await service.NextCycle(Interval);
        await File.WriteAllTextAsync(Path.Combine(_state.Path, "billing-2026-03.json"), "{");
        await using (TestService service = await Start(clock))
        {
            Assert.Contains(service.Log.All, static l => l.StartsWith("Warning: A billing book is not whole", StringComparison.Ordinal) && l.Contains("billing-2026-03.json", StringComparison.Ordinal));
            Assert.True(Volume(await service.Status()) > 0);
        }
    }

    [Fact]
    public async Task Cycle_Standings_AreWhatTheSolveIsGiven()
    {
        await using TestService service = await Start(TestService.Morning());
        Assert.Equal(["own-eu", "own-west", "x-par"], service.Part<BillingLedger>().Standings().Select(static l => l.ContractId));
        Assert.Equal(2000, service.Part<BillingLedger>().Standings()[0].BilledLevel.Value);
    }

    private static double Volume(StatusReply status) => status.Contracts.Single(static c => c.ContractId == "own-eu").Gigabytes;

    private Task<TestService> Start(ManualClock clock) => TestService.StartAsync(_world.Directory, _state.Path, clock);
}
