using System.Diagnostics;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>Tables that are corrupt, cut off, another's or older, in Redis and on disk; and a Redis that comes back with an older file.</summary>
public sealed class TableFaultTests(ITestOutputHelper output)
{
    private static readonly string[] Settings = ["--Redis:Lease=00:00:02", "--Solve:Interval=00:00:01"];

    [Fact]
    public async Task TablesAndStore_CorruptCutOffOrOlder_AreNeverServedAndVersionsNeverComeAgain()
    {
        using StateDirectory state = new();
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(await RedisServer.StartAsync(), null, null, Settings);
        (ReplicaProcess replica, ReplicaProcess leader) = (await group.AddAsync("serve", state), await group.AddAsync("all"));
        TableWitness witness = await TableWitness.OfAsync(leader, replica);

        await IsRefused(group, leader, replica, "altered", 1, static (server, key) => RedisConsole.Run(server, "HSET", key, "0", "altered"));
        await IsRefused(group, leader, replica, "cut off", 2, static (server, key) => RedisConsole.Run(server, "EVAL", "return redis.call('HSET', KEYS[1], '0', string.sub(redis.call('HGET', KEYS[1], '0'), 1, -2))", "1", key));
        await IsRefused(group, leader, replica, "gone", 3, static (server, key) => RedisConsole.Run(server, "DEL", key));
        await IsRefused(group, leader, replica, "older, under the newer version", 4, static (server, key) => RedisConsole.Run(server, "EVAL", Older, "2", "{group}:tables", key));

        // Saved, three versions more, and back from that file; the leader goes on in the one case and is gone with its disk in the other.
        await RollsBack(group, leader, replica, "the leader lives");
        await witness.LeaveAsync(leader);
        await RollsBack(group, null, replica, "the leader is gone, too", async () =>
        {
            await leader.Process.KillAsync();
            return await group.AddAsync("all");
        });
        await witness.EndAsync();

        await replica.Process.KillAsync();
        await group.Server.KillAsync();
        string[] files = state.Tables();
        await File.WriteAllBytesAsync(files[^1], (await File.ReadAllBytesAsync(files[^1]))[..^100]);
        byte[] bytes = await File.ReadAllBytesAsync(files[^2]);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(files[^2], bytes);
        string kept = Path.GetFileNameWithoutExtension(files[^3]);
        File.Copy(files[^3], files[^1].Replace(".tdt", "9.tdt", StringComparison.Ordinal));
        ReplicaProcess again = await group.AddAsync("serve", state);
        StatusReply status = await again.StatusAsync();
        Assert.Equal(kept, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"table-{status.TableEpoch:D12}-{status.TableVersion:D12}"));
        Assert.Equal("stale", status.State);
        Assert.NotEmpty((await again.ResolveAsync()).Edges);
        foreach (string file in (string[])[files[^1], files[^2]]) await again.Process.WaitFor(Path.GetFileName(file));
    }

    // Content of the version before, listed with its own rows, bytes and checksum under the newest version.
    private const string Older = """
        local versions = redis.call('HKEYS', KEYS[1])
        table.sort(versions)
        local new, old = versions[#versions], versions[#versions - 1]
        local entry = redis.call('HGET', KEYS[1], old)
        local token = string.match(redis.call('HGET', KEYS[1], new), '^%d+')
        local from = KEYS[1] .. ':' .. old .. ':' .. string.match(entry, '^%d+')
        redis.call('DEL', KEYS[2])
        redis.call('COPY', from, KEYS[2])
        redis.call('HSET', KEYS[1], new, (string.gsub(entry, '^%d+', token)))
        return 1
        """;

    /// <summary>Damages a table while a replica cannot see it, and lets it look: it refuses it and takes the next.</summary>
    private async Task IsRefused(ReplicaGroup group, ReplicaProcess leader, ReplicaProcess replica, string how, ulong refusals, Action<RedisServer, string> damage)
    {
        StatusReply before = await replica.StatusAsync();
        // Stopped as a whole, the replica learns of the table only after it is damaged.
        replica.Process.Signal("STOP");
        await group.ChangeWorldAsync();
        await leader.Until(s => s.TableVersion > before.TableVersion, "the leader publishes");
        string key = RedisConsole.Run(group.Server, "KEYS", "{group}:tables:*.*:*").Split('\n', StringSplitOptions.RemoveEmptyEntries).Max(StringComparer.Ordinal)!;
        damage(group.Server, key);
        replica.Process.Signal("CONT");
        (StatusReply refused, TimeSpan took) = await replica.Until(s => s.Replica.Refused == refusals, $"it refuses a table that is {how}");
        ReplicaGroup.Measured(output, $"table in Redis {how}: refused", took);
        Assert.Equal((before.TableVersion, before.ContentHash), (refused.TableVersion, refused.ContentHash));
        string version = string.Join('.', key.Split(':')[^2].Split('.').Select(static part => part.TrimStart('0')));
        await replica.Process.WaitForError($"A table in the store is refused: table {version}: ");
        await group.ChangeWorldAsync();
        (_, TimeSpan next) = await replica.Until(async s => s.State == "ready" && (await replica.ResolveAsync()).Ttl == (uint)group.Ttl, $"it takes the table after one that is {how}");
        ReplicaGroup.Measured(output, $"table in Redis {how}: the next one is served", next);
    }

    private async Task RollsBack(ReplicaGroup group, ReplicaProcess? leader, ReplicaProcess replica, string what, Func<Task<ReplicaProcess>>? replace = null)
    {
        RedisConsole.Run(group.Server, "SAVE");
        for (int i = 0; i < 3; i++)
        {
            await group.ChangeWorldAsync();
            await replica.Until(async _ => (await replica.ResolveAsync()).Ttl == (uint)group.Ttl, "it serves the changed world");
        }
        StatusReply before = await replica.StatusAsync();
        await group.Server.KillAsync();
        if (replace is not null) leader = await replace();
        await group.Server.StartAgainAsync();
        long back = Stopwatch.GetTimestamp();
        await group.ChangeWorldAsync();
        (StatusReply after, _) = await replica.Until(async s => s.State == "ready" && (await replica.ResolveAsync()).Ttl == (uint)group.Ttl, $"it serves the world that was written after the return ({what})");
        ReplicaGroup.Measured(output, $"Redis back with an older file, {what}: a replica serves a new table", ReplicaGroup.Since(back));
        Assert.True(after.TableEpoch > before.TableEpoch, $"{after.TableEpoch} is to be above {before.TableEpoch}");
        Assert.True((await leader!.StatusAsync()).Replica.Leads);
    }
}
