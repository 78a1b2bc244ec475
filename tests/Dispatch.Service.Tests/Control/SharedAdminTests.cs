using System.Diagnostics;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Control;

/// <summary>What a person tells one of several processes holds for all of them.</summary>
public sealed class SharedAdminTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Change_ToldToAFollower_HoldsForAllWithinASecond()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync();
        ReplicaProcess leader = await group.AddAsync("all"), follower = await group.AddAsync("serve");
        await leader.Until(static s => s.State == "ready", "the leader is ready");
        await follower.Until(static s => s.State == "ready", "the follower is ready");
        using AdminCaller ana = AdminCaller.Of(follower), bo = AdminCaller.Of(leader);

        long told = Stopwatch.GetTimestamp();
        await ana.Drain("own-par");
        Assert.NotEqual("own-par", (await follower.ResolveAsync()).Edges[0].Id);
        await leader.Until(async _ => (await leader.ResolveAsync()).Edges[0].Id != "own-par", "the leader's answers leave own-par");
        TimeSpan took = ReplicaGroup.Since(told);
        ReplicaGroup.Measured(output, "drained at a follower: the answers of the leader leave the edge after", took, TimeSpan.FromSeconds(1));
        await bo.Restore("own-par");

        told = Stopwatch.GetTimestamp();
        FreezeReply frozen = await ana.Freeze();
        // From here on nothing is published, whatever the feed says.
        await leader.Until(static s => s.Freeze is not null, "the leader knows of the freeze");
        ReplicaGroup.Measured(output, "frozen at a follower: the leader shows it after", ReplicaGroup.Since(told));
        ulong version = (await leader.StatusAsync()).TableVersion;
        await group.ChangeWorldAsync();
        await leader.Until(static s => s.Freeze.CyclesHeldBack >= 2, "the leader holds cycles back");
        Assert.Equal((version, frozen.Frozen), ((await leader.StatusAsync()).TableVersion, true));

        Grpc.Core.Status elsewhere = await AdminCaller.Refusal(async () => await ana.Client.PublishAsync(new PublishRequest(), ana.Headers));
        Assert.Equal(StatusCode.FailedPrecondition, elsewhere.StatusCode);
        Assert.True((await bo.Unfreeze()).Changed);
        // Where a cycle ran while own-par was drained, going back is a great move, which the guard would rather have looked at.
        PublishReply published = await bo.Client.PublishAsync(new PublishRequest { Force = true, Rules = { "moved" }, Reason = "own-par is back" }, bo.Headers);
        await follower.Until(s => s.TableVersion >= published.After.Number, "the follower takes the table");
        Assert.Equal(["publish", "unfreeze", "publish", "freeze", "restore", "drain"], (await ana.History()).Entries.Select(static e => e.Action));
    }
}
