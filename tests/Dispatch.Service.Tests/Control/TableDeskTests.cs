using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Control;

/// <summary>Publishing, comparing and going back, by hand.</summary>
public sealed class TableDeskTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Publish_WorldChanged_IsInForceWhenTheCallReturns()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        PublishReply same = await Publish(ana);
        Assert.Equal(("confirmed", same.Before), (same.Result, same.After));
        Demand("10.5");
        PublishReply reply = await Publish(ana);
        Assert.Equal(("published", reply.Before.Number + 1, (await service.Status()).TableVersion), (reply.Result, reply.After.Number, reply.After.Number));
        await ana.Freeze();
        Grpc.Core.Status refusal = await AdminCaller.Refusal(() => Publish(ana));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains("frozen by operator:local", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_GuardRefuses_IsForcedByTheRightRulesAlone()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        StatusReply before = await service.Status();
        Demand("1");
        Grpc.Core.Status refusal = await AdminCaller.Refusal(() => Publish(ana));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains("demand_fall", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.InvalidArgument, (await AdminCaller.Refusal(() => Publish(ana, force: true))).StatusCode);
        Assert.Equal(StatusCode.FailedPrecondition, (await AdminCaller.Refusal(() => Publish(ana, force: true, "night", "regions_vanished"))).StatusCode);
        Assert.Equal(before.TableVersion, (await service.Status()).TableVersion);
        PublishReply forced = await Publish(ana, force: true, "night", "demand_fall");
        Assert.Equal(["demand_fall"], forced.PassedOver);
        Assert.Equal((before.TableVersion + 1, 1ul), ((await service.Status()).TableVersion, (await service.Status()).Guard.ForcedTotal));
        Assert.Contains(service.Log.All, static l => l.Contains("The guard was forced by operator:local, once: [demand_fall]", StringComparison.Ordinal));
        Assert.Equal(["done", "refused", "refused"], (await ana.History()).Entries.Select(static e => e.Result));
    }

    [Fact]
    public async Task Diff_TwoTables_SaysWhatMovesAndWhatItCosts()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        TableName first = (await Publish(ana)).After;
        await ana.Drain("own-par");
        await Publish(ana);
        DiffReply diff = await ana.Client.DiffAsync(new DiffRequest { From = first }, ana.Headers);
        Assert.False(diff.SameContent);
        Assert.InRange(diff.EntriesChanged, 1u, diff.Entries);
        LoadChange paris = Assert.Single(diff.Edges, static e => e.Id == "own-par");
        Assert.True(paris.BeforeMbps > 0 && paris.AfterMbps == 0, paris.ToString());
        // Each edge's loss is traffic that moved: nothing less can have moved, and no more than all there is.
        Assert.InRange(diff.MovedMbps, diff.Edges.Sum(static e => Math.Max(0, e.BeforeMbps - e.AfterMbps)), diff.DemandMbps);
        Assert.Equal(100.0 * diff.MovedMbps / diff.DemandMbps, diff.MovedPercent, 6);
        Assert.Equal(diff.MovedMbps, diff.Groups.Sum(static g => g.MovedMbps));
        Assert.Contains(diff.Operators, static o => o.Id == "own");
        DiffReply back = await ana.Client.DiffAsync(new DiffRequest { From = diff.To, To = diff.From }, ana.Headers);
        Assert.Equal((diff.CostBeforeMicroUsdPerHour, diff.UnservedAfterMbps, diff.EntriesChanged), (back.CostAfterMicroUsdPerHour, back.UnservedBeforeMbps, back.EntriesChanged));
        DiffReply none = await ana.Client.DiffAsync(new DiffRequest { From = diff.To }, ana.Headers);
        Assert.Equal((true, 0u, 0L, 0), (none.SameContent, none.EntriesChanged, none.MovedMbps, none.Edges.Count));
        Assert.Equal(StatusCode.NotFound, (await AdminCaller.Refusal(async () => await ana.Client.DiffAsync(new DiffRequest { From = new TableName { Epoch = 1, Number = 1 } }, ana.Headers))).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await AdminCaller.Refusal(async () => await ana.Client.DiffAsync(new DiffRequest(), ana.Headers))).StatusCode);
    }

    [Fact]
    public async Task Rollback_OlderTable_IsInForceUnderANewVersionAndStays()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        StatusReply old = await service.Status();
        Demand("10.5");
        PublishReply newer = await Publish(ana);
        RollbackReply reply = await ana.Client.RollbackAsync(new RollbackRequest { To = newer.Before, Reason = "Paris" }, ana.Headers);
        StatusReply now = await service.Status();
        Assert.Equal((newer.After.Number + 1, old.ContentHash, true), (reply.After.Number, reply.ContentHash, reply.Frozen));
        Assert.Equal((reply.After.Number, old.ContentHash), (now.TableVersion, now.ContentHash));
        Assert.Equal($"rollback to {newer.Before.Epoch}.{newer.Before.Number}: Paris", now.Freeze.Reason);
        for (int i = 0; i < 2; i++) await service.NextCycle(Interval);
        Assert.Equal(now.TableVersion, (await service.Status()).TableVersion);
        await ana.Unfreeze();
        await service.NextCycle(Interval);
        StatusReply after = await service.Status();
        Assert.Equal((now.TableVersion + 1, "ready"), (after.TableVersion, after.State));
        KeptTable[] kept = [.. (await ana.Client.ListTablesAsync(new ListTablesRequest(), ana.Headers)).Tables];
        Assert.Equal([after.TableVersion, now.TableVersion, newer.After.Number, newer.Before.Number], kept.Select(static t => t.Name.Number));
        Assert.Equal([true, false, false, false], kept.Select(static t => t.InForce));
        Assert.Equal([after.ContentHash, now.ContentHash], kept.Take(2).Select(static t => t.ContentHash));
    }

    [Fact]
    public async Task Rollback_EdgeIsOutToday_LeavesItOut()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        Demand("10.5");
        PublishReply newer = await Publish(ana);
        _world.Change("health.csv", "edge,own-bos,up,0.5", "edge,own-par,drained,0").Save();
        Assert.Equal("published", (await Publish(ana)).Result);
        await ana.Client.RollbackAsync(new RollbackRequest { To = newer.Before, KeepPublishing = true }, ana.Headers);
        Assert.Equal(HealthState.Drained, service.Holder.Current!.Table.Content.Edges.Single(static e => e.Id == "own-par").State);
        Assert.NotEqual("own-par", (await service.Resolve(new() { RegionId = "FR-01", Service = "live" })).Edges[0].Id);
        Assert.Null((await service.Status()).Freeze);
    }

    [Fact]
    public async Task Rollback_LawForbidsTheOldTable_IsRefusedAndNothingIsFrozen()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        Demand("10.5");
        PublishReply newer = await Publish(ana);
        // From now on Paris is bound to what stands under its own law: the old table sends it across the sea as a backup.
        _world.Change("allowed.csv", "CN,edge,CN", "CN,edge,CN\nEU,edge,EU").Save();
        PublishReply lawful = await Publish(ana, force: true, "new law");
        Grpc.Core.Status refusal = await AdminCaller.Refusal(async () => await ana.Client.RollbackAsync(new RollbackRequest { To = newer.After }, ana.Headers));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        StatusReply now = await service.Status();
        Assert.Equal((lawful.After.Number, null), (now.TableVersion, now.Freeze));
        Grpc.Core.Status same = await AdminCaller.Refusal(async () => await ana.Client.RollbackAsync(new RollbackRequest { To = lawful.After }, ana.Headers));
        Assert.Contains("says what the table in force says", same.Detail, StringComparison.Ordinal);
        Grpc.Core.Status unknown = await AdminCaller.Refusal(async () => await ana.Client.RollbackAsync(new RollbackRequest { To = new TableName { Epoch = 1, Number = 9 } }, ana.Headers));
        Assert.Equal((StatusCode.NotFound, "Table 1.9 is not kept."), (unknown.StatusCode, unknown.Detail));
        Assert.Equal(["refused", "refused", "refused"], (await ana.History()).Entries.Take(3).Select(static e => e.Result));
    }

    private static async Task<PublishReply> Publish(AdminCaller caller, bool force = false, string reason = "", params string[] rules)
    {
        PublishRequest request = new() { Force = force, Reason = reason };
        request.Rules.Add(rules);
        return await caller.Client.PublishAsync(request, caller.Headers);
    }

    private void Demand(string gbps) => _world.With("regions.csv", System.Text.Encoding.UTF8.GetBytes(TestWorld.Small().Text("regions.csv").Replace("EU,,10", "EU,," + gbps, StringComparison.Ordinal))).Save();

    private Task<TestService> Start() => TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=10", "Guard:MovedPercent=off", .. TestService.PlansAlone]);
}
