using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Publish;

/// <summary>What a cycle owes to the plan in force, over a restart too.</summary>
public sealed class ContinuityTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new(), _other = new();

    public void Dispose()
    {
        _other.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Start_PricesChangedMeanwhile_MovesAsMuchAsWithoutTheRestart()
    {
        StatusReply first, stayed, restarted;
        await using (TestService service = await Start(_state)) first = await service.Status();
        await using (TestService service = await Start(_other))
        {
            Assert.Equal(first.ContentHash, (await service.Status()).ContentHash);
            _world.Change("edges.csv", "per_gb,,0.02", "per_gb,,0.0001").Save();
            await service.NextCycle(Interval);
            stayed = await service.Status();
        }
        await using (TestService service = await Start(_state))
        {
            restarted = await service.Status();
            Assert.Contains(service.Log.All, static l => l.Contains("The plan in force was read back from table", StringComparison.Ordinal));
        }
        Assert.True(stayed.MovedMbps > 100, $"the change must move traffic; it moved {stayed.MovedMbps}");
        // Each of six groups' shares is rounded to 1/16384 of its demand.
        Assert.InRange(restarted.MovedMbps, stayed.MovedMbps - 10, stayed.MovedMbps + 10);
        Assert.InRange(restarted.Optimum.CostMicroUsdPerHour, stayed.Optimum.CostMicroUsdPerHour * 0.999, stayed.Optimum.CostMicroUsdPerHour * 1.001);
    }

    [Fact]
    public async Task Cycle_PaceAndOnload_MoveInStepsUntilTheOptimum()
    {
        await using TestService service = await Start(_state);
        _world.Change("edges.csv", "per_gb,,0.02", "per_gb,,0.0001").Save();
        List<long> moved = [];
        for (int i = 0; i < 40 && (moved.Count == 0 || moved[^1] > 0); i++)
        {
            await service.NextCycle(Interval);
            moved.Add((await service.Status()).MovedMbps);
        }
        Assert.InRange(moved.Count, 4, 39);
        // cdn-par has 6 Gbit/s and may gain a tenth of it a cycle.
        Assert.All(moved, static m => Assert.InRange(m, 0, 601));
        ulong settled = (await service.Status()).TableVersion;
        await service.NextCycle(Interval);
        Assert.Equal(settled, (await service.Status()).TableVersion);
    }

    [Fact]
    public async Task Cycle_EdgeFails_IsLeftAtOnceWhateverThePace()
    {
        await using TestService service = await Start(_state, "Solve:PacePercent=10", "Solve:OnloadPercent=1");
        _world.With("health.csv", "kind,id,state,factor", "edge,cdn-par,down,0").Save();
        await service.NextCycle(Interval);
        using HttpClient http = new();
        Assert.Contains("dispatch_edge_utilization_ratio{edge=\"cdn-par\"} 0\n", await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics")), StringComparison.Ordinal);
    }

    private Task<TestService> Start(StateDirectory state, params string[] settings) =>
        TestService.StartAsync(_world.Directory, state.Path, null, ["Solve:UtcHour=20", "Solve:Failures=off", .. settings]);
}
