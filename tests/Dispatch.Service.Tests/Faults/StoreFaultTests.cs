using System.Diagnostics;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>Redis, or the way to it, that works badly: slow, cut off, resetting, full, read-only. Real processes, a real redis-server, and a proxy between.</summary>
public sealed class StoreFaultTests(ITestOutputHelper output)
{
    private static readonly string[] Settings = ["--Redis:Lease=00:00:02", "--Redis:Poll=00:00:01", "--Solve:Interval=00:00:01"];

    [Fact]
    public async Task Redis_SlowCutOffForgottenAndResetting_AnswersGoOnAndPublishingComesBackByItself()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(await RedisServer.StartAsync(), null, null, Settings);
        await using FaultProxy proxy = FaultProxy.Before(group.Server);
        (ReplicaProcess leader, ReplicaProcess replica) = (await group.AddAsync("all", redis: proxy.Endpoint), await group.AddAsync("serve", redis: proxy.Endpoint));
        TableWitness witness = await TableWitness.OfAsync(leader, replica);

        proxy.Delay(TimeSpan.FromMilliseconds(100));
        await ServesNextWorld(group, replica, "Redis slow, 100 ms each way");

        proxy.Delay(TimeSpan.FromSeconds(2));
        await IsStale(replica, leader, "Redis slower than a call may take");
        proxy.Pass();
        await ServesNextWorld(group, replica, "Redis quick again");

        proxy.BlackHole();
        await IsStale(replica, leader, "cut off, connections stand");
        await group.ChangeWorldAsync();
        proxy.Pass();
        await Serves(group, replica, "healed, the world changed meanwhile");

        proxy.ForgetConnections();
        await group.ChangeWorldAsync();
        await Serves(group, replica, "connections forgotten by what stands between");

        await Storm(group, proxy);
        await Serves(group, replica, "connections reset 20 times a second for 3 s, since the last reset");
        await witness.EndAsync();
    }

    [Fact]
    public async Task Redis_FullReadOnlyOrWithoutItsDisk_KeepsTheLastTableSaysWhyAndGoesOn()
    {
        using StateDirectory disk = new();
        string folder = Path.Combine(disk.Path, "redis");
        Directory.CreateDirectory(folder);
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(
            await RedisServer.StartAsync("--dir", folder, "--save", "3600 1000000"), null, null, Settings);
        await using FaultProxy proxy = FaultProxy.Before(group.Server);
        (ReplicaProcess leader, ReplicaProcess replica) = (await group.AddAsync("all", redis: proxy.Endpoint), await group.AddAsync("serve"));
        TableWitness witness = await TableWitness.OfAsync(leader, replica);

        // Full in the middle of a publish: the rows find no room.
        Task caught = proxy.Catch(new("before the rows of a table", 1, false, "{group}:tables:0"));
        await group.ChangeWorldAsync();
        await caught.WaitAsync(TimeSpan.FromMinutes(1));
        RedisConsole.Run(group.Server, "CONFIG", "SET", "maxmemory", "1");
        proxy.Pass();
        (StatusReply full, TimeSpan told) = await leader.Until(static s => s.LastError.Contains("is full; raise maxmemory", StringComparison.Ordinal), "it says that Redis is full");
        ReplicaGroup.Measured(output, "Redis full: the leader says so", told);
        Assert.Equal("stale", full.State);
        await IsStale(replica, null, "Redis full");
        RedisConsole.Run(group.Server, "CONFIG", "SET", "maxmemory", "0");
        await Serves(group, replica, "Redis has room again");

        RedisConsole.Run(group.Server, "REPLICAOF", "127.0.0.1", "1");
        await IsStale(replica, null, "Redis made a replica of nobody");
        await leader.Until(static s => s.Replica.Trouble.Length > 0, "the one that would lead says why it cannot");
        RedisConsole.Run(group.Server, "REPLICAOF", "NO", "ONE");
        await ServesNextWorld(group, replica, "Redis takes writes again");

        Directory.Delete(folder, recursive: true);
        RedisConsole.Run(group.Server, "BGSAVE");
        await replica.Until(_ => Task.FromResult(RedisConsole.Run(group.Server, "INFO", "persistence").Contains("rdb_last_bgsave_status:err", StringComparison.Ordinal)), "Redis could not save");
        await IsStale(replica, null, "Redis without its disk");
        await leader.Until(static s => s.Replica.Trouble.Contains("takes no writes now", StringComparison.Ordinal), "the one that would lead says why it cannot");
        RedisConsole.Run(group.Server, "CONFIG", "SET", "stop-writes-on-bgsave-error", "no");
        await ServesNextWorld(group, replica, "Redis without its disk told to go on");
        await witness.EndAsync();
    }

    /// <summary>Resets every connection again and again, and has the world change in the middle of it.</summary>
    private static async Task Storm(ReplicaGroup group, FaultProxy proxy)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        for (int i = 0; i < 60; i++)
        {
            proxy.ResetAll();
            if (i == 30) await group.ChangeWorldAsync();
            await timer.WaitForNextTickAsync();
        }
    }

    private async Task IsStale(ReplicaProcess replica, ReplicaProcess? leader, string what)
    {
        (_, TimeSpan took) = await replica.Until(static s => s.State == "stale", $"a replica says that it is stale: {what}");
        ReplicaGroup.Measured(output, $"{what}: a replica says that it is stale", took);
        if (leader is not null) await leader.Until(static s => !s.Replica.Leads && s.State == "stale", $"the leader stops leading: {what}");
    }

    private async Task ServesNextWorld(ReplicaGroup group, ReplicaProcess replica, string what)
    {
        await group.ChangeWorldAsync();
        await Serves(group, replica, what);
    }

    private async Task Serves(ReplicaGroup group, ReplicaProcess replica, string what)
    {
        long started = Stopwatch.GetTimestamp();
        uint ttl = (uint)group.Ttl;
        await replica.Until(async s => s.State == "ready" && (await replica.ResolveAsync()).Ttl == ttl, $"a replica serves the changed world: {what}");
        ReplicaGroup.Measured(output, $"{what}: a replica serves the changed world", ReplicaGroup.Since(started));
    }
}
