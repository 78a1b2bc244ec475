using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>A Redis Cluster: its nodes refuse what spans slots, so this shows that nothing of ours does.</summary>
public sealed class RedisClusterTests
{
    [Fact]
    public async Task EveryStore_OnACluster_Works()
    {
        await using RedisServer node = await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf");
        RedisConsole.Run(node, "CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await RedisConnectionTests.Eventually(() => Task.FromResult(RedisConsole.Run(node, "CLUSTER", "INFO").Contains("cluster_state:ok", StringComparison.Ordinal)
            ? true : throw new StoreUnavailableException(StoreTrouble.Failed, "the cluster is not ready yet")));
        await using RedisState state = await RedisState.OpenAsync(node.Settings, 2, TimeProvider.System, default);
        foreach (string version in new[] { "one", "two" })
            Assert.Equal("", (await state.Worlds.WriteAsync(new(ShippedWorld.World.Facts with { Version = version }), null, default)).Refusal);
        Assert.Equal("two", (await state.Worlds.ReadAsync(default)).World!.Version);
        FencingToken token = (await state.Lease.AcquireAsync("a", TimeSpan.FromMinutes(1), default)).Token!;
        for (int number = 1; number <= 4; number++) Assert.Equal(FencedWrite.Stored, await state.Tables.PutAsync(Tables.Encoded(1, number), token, default));
        Assert.Equal(new(1, 4), (await state.Tables.LatestAsync(default)).Table!.Version);
        Assert.Equal(FencedWrite.Stored, await state.Solves.SaveAsync(new(new(1, 4), Tables.Snapshot, new byte[] { 1 }), token, default));
        Assert.Equal(FencedWrite.Stored, await state.Billing.SaveAsync(new(DateTimeOffset.UnixEpoch, new([])), token, default));
        Assert.Equal(1, await state.Streams.PutAsync(new("s", "og", 1), default));
        Assert.True(await state.Lease.ReleaseAsync(token, default));
    }
}
