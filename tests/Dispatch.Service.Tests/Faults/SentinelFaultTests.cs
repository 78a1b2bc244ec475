using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>The primary of Redis dies and a real Sentinel makes its replica the primary.</summary>
public sealed class SentinelFaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Primary_IsKilled_PublishingGoesOnAtTheNewOneUnderANewEpoch()
    {
        RedisServer primary = await RedisServer.StartAsync();
        await using RedisServer second = await RedisServer.StartAsync("--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture), "--repl-diskless-sync-delay", "0");
        await using RedisServer sentinel = await RedisServer.StartSentinelAsync(primary);
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(primary, null, null, "--Redis:Lease=00:00:02", "--Solve:Interval=00:00:01");
        string redis = $"{primary.Endpoint},{second.Endpoint},sentinel={sentinel.Endpoint}";
        (ReplicaProcess leader, ReplicaProcess replica) = (await group.AddAsync("all", redis: redis), await group.AddAsync("serve", redis: redis));
        TableWitness witness = await TableWitness.OfAsync(leader, replica);
        string port = second.Port.ToString(CultureInfo.InvariantCulture);
        await replica.Until(_ => Task.FromResult(RedisConsole.Ask(sentinel, "SENTINEL", "REPLICAS", "main")?.Contains(port, StringComparison.Ordinal) == true), "the Sentinel knows the replica");
        RedisConsole.Run(primary, "WAIT", "1", "20000");
        StatusReply before = await replica.StatusAsync();

        await primary.KillAsync();
        long killed = Stopwatch.GetTimestamp();
        await replica.Until(_ => Task.FromResult(RedisConsole.Ask(second, "INFO", "replication")?.Contains("role:master", StringComparison.Ordinal) == true), "the replica is the primary");
        ReplicaGroup.Measured(output, "primary killed: another is the primary (Sentinel, down after 0.5 s)", ReplicaGroup.Since(killed));
        await WriteWorldAsync(group, second);
        (StatusReply after, _) = await replica.Until(async s => s.State == "ready" && (await replica.ResolveAsync()).Ttl == 77, "it serves a table that was published at the new primary");
        ReplicaGroup.Measured(output, "primary killed: a replica serves a table published at the new one", ReplicaGroup.Since(killed));
        // The new primary may not have heard of the last versions of the old one: none of them is ever given again.
        Assert.True(after.TableEpoch > before.TableEpoch, $"{after.TableEpoch} is to be above {before.TableEpoch}");
        await witness.EndAsync();
    }

    private static async Task WriteWorldAsync(ReplicaGroup group, RedisServer server)
    {
        group.World.Change("services.csv", "own,,20,1", "own,,77,1");
        await using RedisState store = await RedisState.OpenAsync(server.Settings with { Prefix = "group" }, 3, TimeProvider.System, default);
        WorldWriting writing = await store.Worlds.WriteAsync(group.World.Build(), null, default);
        Assert.Equal("", writing.Refusal);
    }
}
