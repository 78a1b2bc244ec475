using System.Globalization;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>A failover by a real Sentinel.</summary>
public sealed class RedisSentinelTests
{
    [Fact]
    public async Task Call_PrimaryDies_GoesOnWithTheNewPrimaryAndItsData()
    {
        await using RedisServer primary = await RedisServer.StartAsync();
        await using RedisServer replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", Text(primary.Port), "--repl-diskless-sync-delay", "0");
        await using RedisServer sentinel = await RedisServer.StartSentinelAsync(primary);
        RedisSettings settings = primary.Settings with
        {
            Endpoints = [primary.Endpoint, replica.Endpoint],
            Sentinels = [sentinel.Endpoint],
            CallTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = TimeSpan.FromSeconds(2),
        };
        await using RedisState state = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
        await state.Streams.PutAsync(new("s", "og", 1), default);
        RedisConsole.Run(primary, "WAIT", "1", "20000");
        // A Sentinel that has not heard of the replica yet cannot promote it.
        await RedisConnectionTests.Eventually(() => Task.FromResult(RedisConsole.Run(sentinel, "SENTINEL", "REPLICAS", "main").Contains(Text(replica.Port), StringComparison.Ordinal)
            ? true : throw new StoreUnavailableException(StoreTrouble.Failed, "the replica is not known yet")));
        await primary.KillAsync();
        Assert.Equal(2, await RedisConnectionTests.Eventually(() => state.Streams.PutAsync(new("t", "og", 1), default)));
        Assert.Equal(["s", "t"], (await state.Streams.ListAsync(default)).Streams.Select(static s => s.Key));
        Assert.Contains("role:master", RedisConsole.Run(replica, "INFO", "replication"), StringComparison.Ordinal);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
