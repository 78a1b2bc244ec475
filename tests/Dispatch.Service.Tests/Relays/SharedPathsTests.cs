using System.Diagnostics;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using TrafficDispatch.State.Redis;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Relays;

/// <summary>Reports about paths told to one of two processes over a real Redis.</summary>
public sealed class SharedPathsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ReportPath_ToldToOneProcess_LeavesTheAnswersOfAllWithinASecond()
    {
        using TestWorld world = RelayWorld.Create();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using (RedisState store = await RedisState.OpenAsync(redis.Settings with { Prefix = "paths" }, 3, TimeProvider.System, default))
            Assert.Equal("", (await store.Worlds.WriteAsync(world.Build(), null, default)).Refusal);
        await using ReplicaProcess a = await StartAsync(redis, "all");
        await using ReplicaProcess b = await StartAsync(redis, "serve");
        await a.Until(static s => s.Replica.Leads && s.State == "ready", "A leads");
        await b.Until(static s => s.State == "ready", "B serves");
        string first = await FirstAsync(b);
        Assert.Equal("rl-par", first);

        long started = Stopwatch.GetTimestamp();
        await new Relay.RelayClient(a.Channel).ReportPathAsync(PathReportTests.Failure("own-par", [first, "og-par"], PathTrouble.ConnectFailure));
        TimeSpan there = await UntilAsync(b, hop => hop != first, started);
        Assert.NotEqual(first, await FirstAsync(a));
        ReplicaGroup.Measured(output, "reported to A: B's answers leave the hop after", there, Second);

        // A process that starts now has heard nothing; within seconds it knows as much.
        await using ReplicaProcess c = await StartAsync(redis, "serve");
        await c.Until(static s => s.State == "ready", "C serves");
        TimeSpan told = await UntilAsync(c, hop => hop != first, Stopwatch.GetTimestamp());
        ReplicaGroup.Measured(output, "C starts after the report: its answers leave the hop after", told);

        started = Stopwatch.GetTimestamp();
        for (int i = 0; i < 2; i++) await new Relay.RelayClient(a.Channel).ReportPathAsync(PathReportTests.Failure("own-par", [first, "og-par"], PathTrouble.Works));
        TimeSpan back = await UntilAsync(b, hop => hop == first, started);
        ReplicaGroup.Measured(output, "taken back at A: B's answers use the hop again after", back, Second);
    }

    private static Task<ReplicaProcess> StartAsync(RedisServer redis, string role) => ReplicaProcess.StartAsync(
    [
        .. TestService.PlansAlone.Select(static s => "--" + s), $"--Redis:Configuration={redis.Endpoint},callTimeout=1000,connectTimeout=1000", "--Redis:Prefix=paths",
        "--Redis:Lease=00:00:03", "--Redis:Poll=00:00:01", "--Solve:Interval=12:00:00", "--Solve:UtcHour=16", $"--Role={role}",
    ]);

    private static async Task<string> FirstAsync(ReplicaProcess process) =>
        (await new Relay.RelayClient(process.Channel).RouteAsync(new() { NodeId = "own-par", StreamKey = "news" })).Paths[0].Hops[0].NodeId;

    private static async Task<TimeSpan> UntilAsync(ReplicaProcess process, Func<string, bool> isSo, long started)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (!isSo(await FirstAsync(process)))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"It did not come to be. Status: {await process.StatusAsync()}\n{process.Process.Output}{process.Process.Errors}");
            await timer.WaitForNextTickAsync();
        }
        return Stopwatch.GetElapsedTime(started);
    }
}
