using TrafficDispatch.State.Redis;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Tests;

/// <summary>Leaders that die or are overtaken at every step of publishing a table.</summary>
[Collection(RedisCollection.Name)]
public sealed class RedisPublishTests(SharedRedis redis)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task PutTable_LeaderKilledBeforeAnyStep_LeavesTheTableBefore()
    {
        RedisSettings settings = redis.Server.Settings;
        int steps = 0;
        await using RedisState counted = await RedisState.OpenAsync(settings, 3, TimeProvider.System, () => steps++, default);
        FencingToken token = (await counted.Lease.AcquireAsync("a", Long, default)).Token!;
        await counted.Tables.PutAsync(Tables.Encoded(1, 1), token, default);
        Assert.InRange(steps, 3, 100);
        for (int killedAt = 1; killedAt <= steps; killedAt++)
        {
            int step = 0;
            await using RedisState leader = await RedisState.OpenAsync(settings, 3, TimeProvider.System, () =>
            {
                if (++step == killedAt) throw new KilledException();
            }, default);
            await Assert.ThrowsAsync<KilledException>(() => leader.Tables.PutAsync(Tables.Encoded(1, 2), token, default));
            Assert.Equal(new TableVersion(1, 1), (await counted.Tables.LatestAsync(default)).Table!.Version);
            Assert.Equal(new TableVersion(1, 1), await counted.Tables.HighestAsync(default));
        }
        Assert.Equal(FencedWrite.Stored, await counted.Tables.PutAsync(Tables.Encoded(1, 2), token, default));
        Assert.Equal(new TableVersion(1, 2), (await counted.Tables.LatestAsync(default)).Table!.Version);
    }

    /// <summary>The old leader is stopped before each step in turn; meanwhile the lease runs out and another publishes the very same version.</summary>
    [Fact]
    public async Task PutTable_OvertakenBeforeAnyStep_IsRefusedAndTheOthersTableStaysWhole()
    {
        for (int stoppedAt = 1; stoppedAt <= 3; stoppedAt++)
        {
            RedisSettings settings = redis.Server.Settings;
            await using RedisState other = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
            FencingToken? later = null;
            int step = 0;
            await using RedisState old = await RedisState.OpenAsync(settings, 3, TimeProvider.System, () =>
            {
                if (++step != stoppedAt) return;
                RedisConsole.Run(redis.Server, "DEL", $"{{{settings.Prefix}}}:lease");
                later = other.Lease.AcquireAsync("b", Long, default).GetAwaiter().GetResult().Token;
                other.Tables.PutAsync(Tables.Encoded(4, 1), later!, default).GetAwaiter().GetResult();
            }, default);
            FencingToken stale = (await old.Lease.AcquireAsync("a", Long, default)).Token!;
            Assert.Equal(FencedWrite.StaleToken, await old.Tables.PutAsync(Tables.Encoded(4, 1), stale, default));
            Assert.NotNull(later);
            var reading = await other.Tables.LatestAsync(default);
            Assert.Equal((new TableVersion(4, 1), 0), (reading.Table!.Version, reading.Skipped.Length));
        }
    }

    [Fact]
    public async Task Acquire_ManyAtOnce_GivesTheLeaseToOne()
    {
        await using RedisState state = await RedisState.OpenAsync(redis.Server.Settings, 3, TimeProvider.System, default);
        LeaseGrant[] grants = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => state.Lease.AcquireAsync($"h{i}", Long, default)));
        LeaseGrant winner = Assert.Single(grants, static g => g.Token is not null);
        Assert.All(grants, g => Assert.Equal(winner.Holder, g.Holder));
    }

    /// <summary>Counts what is left for ever: keys without an end that nothing lists would pile up.</summary>
    [Fact]
    public async Task PutTable_ManyTimes_LeavesNoMoreThanTheKeptOnes()
    {
        RedisSettings settings = redis.Server.Settings;
        await using RedisState state = await RedisState.OpenAsync(settings, 2, TimeProvider.System, default);
        FencingToken token = (await state.Lease.AcquireAsync("a", Long, default)).Token!;
        for (int number = 1; number <= 6; number++) await state.Tables.PutAsync(Tables.Encoded(1, number), token, default);
        string[] contents = RedisConsole.Run(redis.Server, "KEYS", $"{{{settings.Prefix}}}:tables:*.*").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, contents.Length);
        Assert.Equal(2, contents.Count(key => RedisConsole.Run(redis.Server, "PTTL", key) == "-1\n"));
    }

    private sealed class KilledException : Exception;
}
