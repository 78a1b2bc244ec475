using System.Diagnostics;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Replicas;

/// <summary>Real processes that share a real Redis, and what happens to them. Every test asks all the time that answers go on.</summary>
public sealed class ReplicaFaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Start_EveryRole_OneLeadsAndAllServeTheSameTable()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess solver = await group.AddAsync("solve"), serving = await group.AddAsync("serve"), both = await group.AddAsync("all");
        await solver.Until(static s => s.Replica.Leads && s.State == "ready", "the first solver leads");
        await group.ChangeWorldAsync();
        (StatusReply first, _) = await solver.Until(static s => s.TableVersion >= 2, "the changed world is published");
        foreach (ReplicaProcess replica in (ReplicaProcess[])[serving, both])
        {
            (StatusReply status, _) = await replica.Until(s => s.TableVersion == first.TableVersion && s.State == "ready", "it serves the leader's table");
            Assert.Equal((first.TableEpoch, first.ContentHash), (status.TableEpoch, status.ContentHash));
            Assert.Equal((false, first.Replica.Name), (status.Replica.Leads, status.Replica.Leader));
            Assert.NotEmpty((await replica.ResolveAsync()).Edges);
        }
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(solver.ResolveAsync)).StatusCode);
        Assert.Equal("serve", (await serving.StatusAsync()).Replica.Role);
    }

    [Fact]
    public async Task Leader_IsKilled_AnotherTakesOverAndAnswersGoOn()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess leader = await group.AddAsync("all");
        (StatusReply before, _) = await leader.Until(static s => s.Replica.Leads && s.State == "ready", "it leads");
        ReplicaProcess follower = await group.AddAsync("all");
        await follower.Until(s => s.ContentHash == before.ContentHash && s.State == "ready", "it follows");
        Func<Task<int>> end = ReplicaGroup.KeepAsking(follower);
        await leader.Process.KillAsync();
        long killed = Stopwatch.GetTimestamp();
        (StatusReply after, TimeSpan took) = await follower.Until(static s => s.Replica.Leads, "it leads");
        ReplicaGroup.Measured(output, "takeover after kill -9, lease 3 s", took, TimeSpan.FromSeconds(6));
        await group.ChangeWorldAsync();
        (StatusReply next, _) = await follower.Until(s => s.TableVersion > after.TableVersion && s.State == "ready", "it publishes");
        ReplicaGroup.Measured(output, "new leader's first new table after kill -9", ReplicaGroup.Since(killed));
        Assert.Equal((before.TableEpoch, 1UL), (next.TableEpoch, next.Replica.Terms));
        Assert.True(await end() > 0);
        // The new leader held to the plan that it read back from the table.
        await follower.Process.WaitFor("The plan in force was read back from table");
        await follower.Process.WaitFor("The next solve starts where that of table");
    }

    [Fact]
    public async Task Leader_StoppedBeyondItsLease_PublishesNothingWhenItGoesOn()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess old = await group.AddAsync("all");
        await old.Until(static s => s.Replica.Leads && s.State == "ready", "it leads");
        ReplicaProcess other = await group.AddAsync("all");
        await other.Until(static s => s.State == "ready", "it follows");
        old.Process.Signal("STOP");
        (_, TimeSpan took) = await other.Until(static s => s.Replica.Leads, "the other leads");
        ReplicaGroup.Measured(output, "takeover after SIGSTOP, lease 3 s", took);
        await group.ChangeWorldAsync();
        (StatusReply published, _) = await other.Until(static s => s.TableVersion >= 2 && s.State == "ready", "the other publishes");
        old.Process.Signal("CONT");
        (StatusReply after, TimeSpan caught) = await old.Until(s => s.ContentHash == published.ContentHash && !s.Replica.Leads && s.Replica.Leader == published.Replica.Name && s.State == "ready", "the old one follows");
        ReplicaGroup.Measured(output, "a replica that was stopped is up to date", caught);
        Assert.Equal(published.TableVersion, after.TableVersion);
        await old.Process.WaitFor("no longer leads");
        Assert.True((await other.StatusAsync()).Replica is { Leads: true, Terms: 1 });
    }

    [Fact]
    public async Task Redis_KilledAndRestartedEmpty_AnswersGoOnAndANewEpochBegins()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess leader = await group.AddAsync("solve"), replica = await group.AddAsync("serve");
        await leader.Until(static s => s.Replica.Leads && s.State == "ready", "it leads");
        (StatusReply before, _) = await replica.Until(static s => s.State == "ready", "it serves");
        Func<Task<int>> end = ReplicaGroup.KeepAsking(replica);
        await group.Server.KillAsync();
        (StatusReply away, TimeSpan seen) = await replica.Until(static s => s.State == "stale", "it says that it is stale");
        ReplicaGroup.Measured(output, "Redis killed: a replica says that it is stale, poll 1 s", seen);
        Assert.Contains("Redis at", away.Replica.Trouble, StringComparison.Ordinal);
        await leader.Until(static s => !s.Replica.Leads && s.State == "stale", "the leader stops leading");
        await group.Server.StartAgainAsync();
        (StatusReply after, TimeSpan took) = await replica.Until(s => s.TableEpoch > before.TableEpoch && s.State == "ready", "it serves a table of a new epoch");
        ReplicaGroup.Measured(output, "Redis restarted empty: a replica serves the new epoch", took);
        Assert.Equal(before.ContentHash, after.ContentHash);
        Assert.True(await end() > 0);
        await leader.Process.WaitFor("Redis had lost its world; world");
    }

    [Fact]
    public async Task Start_RedisIsAway_ServesTheTableFromDisk()
    {
        using StateDirectory state = new();
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess leader = await group.AddAsync("solve"), first = await group.AddAsync("serve", state);
        (StatusReply before, _) = await first.Until(static s => s.State == "ready", "it serves");
        await first.Process.KillAsync();
        await leader.Process.KillAsync();
        await group.Server.KillAsync();
        ReplicaProcess again = await group.AddAsync("serve", state);
        StatusReply status = await again.StatusAsync();
        Assert.Equal((before.TableVersion, before.ContentHash, "stale"), (status.TableVersion, status.ContentHash, status.State));
        Assert.NotEmpty((await again.ResolveAsync()).Edges);
    }

    [Fact]
    public async Task Table_AlteredInRedis_IsRefusedAndTheNextOneTaken()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess replica = await group.AddAsync("serve"), leader = await group.AddAsync("solve");
        (StatusReply before, _) = await replica.Until(static s => s.State == "ready", "it serves");
        replica.Process.Signal("STOP");
        await group.ChangeWorldAsync();
        (StatusReply published, _) = await leader.Until(static s => s.TableVersion >= 2, "the leader publishes");
        string keys = RedisConsole.Run(group.Server, "KEYS", "{group}:tables:*2:*");
        RedisConsole.Run(group.Server, "HSET", keys.Trim(), "0", "altered");
        replica.Process.Signal("CONT");
        (StatusReply refused, _) = await replica.Until(static s => s.Replica.Refused == 1, "it refuses the table");
        Assert.Equal((before.TableVersion, before.ContentHash), (refused.TableVersion, refused.ContentHash));
        Assert.NotEmpty((await replica.ResolveAsync()).Edges);
        await group.ChangeWorldAsync();
        await replica.Until(s => s.TableVersion > published.TableVersion && s.State == "ready", "it takes the next one");
    }

    /// <summary>From the moment when the leader begins to send a table, as its log dates it, to the last swap of five processes, as theirs do; all on one machine with one clock.</summary>
    [Fact]
    public async Task Publish_FiveReplicas_AllSwapWithinASecond()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess leader = await group.AddAsync("solve");
        List<ReplicaProcess> replicas = [];
        for (int i = 0; i < 5; i++) replicas.Add(await group.AddAsync("serve"));
        foreach (ReplicaProcess replica in replicas) await replica.Until(static s => s.State == "ready", "it serves");
        List<double> last = [];
        for (ulong version = 2; version <= 6; version++)
        {
            await group.ChangeWorldAsync();
            (StatusReply now, _) = await leader.Until(s => s.TableVersion >= version, "it publishes");
            string name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Table {now.TableEpoch}.{now.TableVersion} ");
            await leader.Process.WaitFor(name + "goes to the store");
            DateTimeOffset published = leader.Process.TimeOf(name + "goes to the store");
            foreach (ReplicaProcess replica in replicas) await replica.Process.WaitFor(name + "taken");
            last.Add(replicas.Max(r => (r.Process.TimeOf(name + "taken") - published).TotalMilliseconds));
        }
        last.Sort();
        ReplicaGroup.Measured(output, "publish to the last of five swaps, median of five", TimeSpan.FromMilliseconds(last[2]));
        ReplicaGroup.Measured(output, "publish to the last of five swaps, worst of five", TimeSpan.FromMilliseconds(last[^1]));
        Assert.InRange(last[2], 0, 1000);
    }
}
