using System.Diagnostics;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Tests.Replicas;
using TrafficDispatch.State.Redis;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>What operators say in Redis, over real processes.</summary>
public sealed class SharedOverridesTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Set_EdgeIsDrained_LeavesTheAnswersOfAllWithinASecondAndOutlivesAnEmptiedRedis()
    {
        await using SharedHealth shared = await SharedHealth.StartAsync();
        Assert.Equal("own-par", (await shared.B.ResolveAsync()).Edges[0].Id);
        await SayAsync(shared, TimeSpan.FromHours(1));
        long said = Stopwatch.GetTimestamp();
        await SharedHealth.UntilAsync(shared.B, static e => e != "own-par", "B's answers leave own-par");
        await SharedHealth.UntilAsync(shared.A, static e => e != "own-par", "A's answers leave own-par");
        TimeSpan took = ReplicaGroup.Since(said);
        ReplicaGroup.Measured(output, "drained by hand: all answers leave the edge after", took, TimeSpan.FromSeconds(1));

        await shared.Server.KillAsync();
        await shared.B.Until(static s => s.State == "stale", "B says that it is stale");
        Assert.NotEqual("own-par", (await shared.B.ResolveAsync()).Edges[0].Id);
        await shared.Server.StartAgainAsync();
        // Whichever of the two looks first gives it back; only then can it be taken back.
        await using RedisState store = await RedisState.OpenAsync(shared.Redis, 3, TimeProvider.System, default);
        await Eventually(async () => (await store.HealthOverrides.ListAsync(default)).Overrides.Length == 1, "it is written back");
        Assert.Contains("they were written back: edge:own-par drained by ana", shared.A.Process.Output + shared.B.Process.Output, StringComparison.Ordinal);
        Assert.NotEqual("own-par", (await shared.B.ResolveAsync()).Edges[0].Id);
        Assert.True(await store.HealthOverrides.RemoveAsync(HealthScope.Edge, "own-par", "ana", default));
        // A table that was solved for the emptied store while the edge was drained sends nobody there before the next solve, so the overlay is asked.
        said = Stopwatch.GetTimestamp();
        await shared.B.Until(static s => s.Overlay.Count == 0, "B heeds it no more");
        TimeSpan back = ReplicaGroup.Since(said);
        ReplicaGroup.Measured(output, "given back by hand: a replica heeds it no more after", back, TimeSpan.FromSeconds(2));
        // It ends by itself where a time was said.
        await SayAsync(shared, TimeSpan.FromSeconds(2));
        await shared.A.Until(static s => s.Overlay.Count == 1, "A heeds it");
        await shared.A.Until(static s => s.Overlay.Count == 0, "it has ended by itself");
    }

    private static async Task Eventually(Func<Task<bool>> isSo, string what)
    {
        long started = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
        {
            Assert.True(ReplicaGroup.Since(started) < TimeSpan.FromSeconds(30), $"It did not come to be that {what}.");
            await timer.WaitForNextTickAsync();
        }
    }

    private static async Task SayAsync(SharedHealth shared, TimeSpan length)
    {
        await using RedisState store = await RedisState.OpenAsync(shared.Redis, 3, TimeProvider.System, default);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await store.HealthOverrides.PutAsync(new(new(HealthScope.Edge, "own-par", HealthState.Drained, 0), "ana", "works", now, now + length), default);
    }
}
