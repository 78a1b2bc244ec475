using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Planning;
using TrafficDispatch.Service.Telemetry;
using Kind = TrafficDispatch.Protocol.V1.WhatIfUpdate.UpdateOneofCase;

namespace TrafficDispatch.Service.Tests.Planning;

/// <summary>Planners wait for each other, nobody waits for them, and none of them holds anything for longer than it asks.</summary>
public sealed class PlannerBoundsTests : IDisposable
{
    private const string Gone = """{"edits":[{"fail":"edge:own-par"}]}""";

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task WhatIf_AnotherRuns_WaitsInALineThatIsBounded()
    {
        await using TestService service = await StartAsync("Planner:Queue=2");
        RunLine line = service.Part<RunLine>();
        Assert.True(line.TryJoin(out RunTicket? other));
        using WhatIfReader first = service.Ask(Gone);
        Assert.Equal((1u, 1u), await Place(first));
        using WhatIfReader second = service.Ask(Gone);
        Assert.Equal((2u, 1u), await Place(second));
        using (WhatIfReader third = service.Ask(Gone))
        {
            (RpcException error, _) = await third.Failure();
            Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
            Assert.Contains("2 callers wait already", error.Status.Detail, StringComparison.Ordinal);
            Assert.Equal("10000", error.Trailers.Single(static t => t.Key == "grpc-retry-pushback-ms").Value);
        }
        // Who goes away gives the place up, and those behind are told.
        first.Leave();
        Assert.Equal((1u, 1u), await Place(second));
        line.Leave(other);
        Assert.Equal(Kind.Started, (await second.Until(Kind.Started)).UpdateCase);
        await second.All();
        await service.Quiet();
        Assert.Contains("dispatch_whatif_refused_total{why=\"line_full\"} 1", Metrics(service), StringComparison.Ordinal);
        Assert.Contains("dispatch_whatif_runs_total{result=\"complete\"} 1", Metrics(service), StringComparison.Ordinal);

        static async Task<(uint, uint)> Place(WhatIfReader reader) => (await reader.Next())!.Queued is { } queued ? (queued.Place, queued.Running) : default;
    }

    [Fact]
    public async Task WhatIf_NoRuns_IsRefusedForGood()
    {
        await using TestService service = await StartAsync("Planner:Runs=0");
        using WhatIfReader reader = service.Ask(Gone);
        (RpcException error, _) = await reader.Failure();
        Assert.Equal((StatusCode.ResourceExhausted, "-1"), (error.StatusCode, error.Trailers.Single(static t => t.Key == "grpc-retry-pushback-ms").Value));
    }

    [Fact]
    public async Task WhatIf_CallerGoesAway_EndsTheRunAndItsThread()
    {
        await using TestService service = await StartAsync();
        using WhatIfReader reader = service.Ask(PlanningServices.Heavy);
        await reader.Until(Kind.Started);
        Assert.Equal(1, service.Part<RunLine>().Running);
        reader.Leave();
        await service.Quiet();
        Assert.Contains("dispatch_whatif_runs_total{result=\"cancelled\"} 1", Metrics(service), StringComparison.Ordinal);
        // The place is free for the next.
        using WhatIfReader next = service.Ask(Gone);
        await next.All();
    }

    [Fact]
    public async Task WhatIf_NobodyReads_RunIsEndedAndTheCallerToldWhy()
    {
        await using TestService service = await StartAsync("Planner:ReadTimeout=00:00:10", "Planner:TimeLimit=1.00:00:00");
        using WhatIfReader reader = service.Ask(PlanningServices.Heavy);
        await reader.Until(Kind.Started);
        await service.Quiet(() => service.Clock.Advance(TimeSpan.FromSeconds(11)));
        Assert.Contains("dispatch_whatif_runs_total{result=\"unread\"} 1", Metrics(service), StringComparison.Ordinal);
        (RpcException error, List<WhatIfUpdate> before) = await reader.Failure();
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("Planner:ReadTimeout", error.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(before.Count(static u => u.UpdateCase == Kind.CaseResult), 0, 399);
    }

    [Fact]
    public async Task WhatIf_LimitIsOver_SendsWhatIsDoneAndSaysSo()
    {
        await using TestService service = await StartAsync("Planner:ReadTimeout=01:00:00", "Planner:TimeLimit=00:00:30");
        using WhatIfReader reader = service.Ask(PlanningServices.Heavy);
        await reader.Until(Kind.Started);
        service.Clock.Advance(TimeSpan.FromSeconds(31));
        (RpcException error, List<WhatIfUpdate> before) = await reader.Failure();
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        WhatIfDone done = before[^1].Done;
        Assert.Equal((WhatIfEnd.TimeLimit, (uint)before.Count(static u => u.UpdateCase == Kind.CaseResult)), (done.End, done.Cases));
        Assert.InRange(done.Cases, 0u, 399u);
        Assert.Contains($"{done.Cases} of 400 steps are done", error.Status.Detail, StringComparison.Ordinal);
        await service.Quiet();
    }

    /// <summary>Four hundred results wait for a reader who comes late: each is there once; of how far the run is he hears now and then.</summary>
    [Fact]
    public async Task WhatIf_ReaderIsSlow_GetsEveryResultAndTheNewestProgress()
    {
        await using TestService service = await StartAsync();
        using WhatIfReader reader = service.Ask(PlanningServices.Heavy);
        await reader.Until(Kind.Started);
        // More cases than fit on the way to him are tried meanwhile; the run then waits.
        using CancellationTokenSource patience = new(WhatIfReader.Patience);
        await Overload.Eventually.Holds(() => service.Part<PlannerTally>().Cases > WhatIfOutbox.Room, patience.Token);
        List<WhatIfUpdate> all = await reader.All();
        Assert.Equal(Enumerable.Range(0, 400).Select(static i => (uint)i), all.Where(static u => u.UpdateCase == Kind.CaseResult).Select(static u => u.CaseResult.Index).Order());
        WhatIfProgress[] progress = [.. all.Where(static u => u.UpdateCase == Kind.Progress).Select(static u => u.Progress)];
        Assert.Equal(progress.OrderBy(static p => p.Done), progress);
        Assert.Equal((400u, 400u), (progress[^1].Done, progress[^1].Of));
    }

    [Fact]
    public async Task WhatIf_ServiceStops_EndsUnavailable()
    {
        await using TestService service = await StartAsync();
        using WhatIfReader reader = service.Ask(PlanningServices.Heavy);
        await reader.Until(Kind.Started);
        Task<(RpcException Error, List<WhatIfUpdate>)> ending = reader.Failure();
        await service.StopAsync();
        Assert.Equal(StatusCode.Unavailable, (await ending).Error.StatusCode);
    }

    /// <summary>The table, its version and every answer are the same before, while and after planners ask; a cycle runs beside them.</summary>
    [Fact]
    public async Task WhatIf_Runs_ServingAndCyclesGoOn()
    {
        await using TestService service = await StartAsync("Planner:ReadTimeout=01:00:00", "Planner:TimeLimit=01:00:00");
        TrafficDispatch.Table.RoutingTable table = service.Holder.Current!.Table;
        ResolveReply before = await service.Resolve(new() { RegionId = "FR-01" });
        using WhatIfReader reader = service.Ask(PlanningServices.Heavy);
        await reader.Until(Kind.Started);
        await service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.Equal(1, service.Part<RunLine>().Running);
        Assert.Equal(before.Edges, (await service.Resolve(new() { RegionId = "FR-01" })).Edges);
        await reader.All();
        await service.Quiet();
        Assert.Equal(before.Edges, (await service.Resolve(new() { RegionId = "FR-01" })).Edges);
        Assert.Equal((table.Version, table.ContentHash), (service.Holder.Current!.Table.Version, service.Holder.Current.Table.ContentHash));
    }

    private static string Metrics(TestService service) => service.Part<PrometheusExporter>().Render();

    private Task<TestService> StartAsync(params string[] settings) => TestService.StartAsync(_world.Directory, _state.Path, null, [.. TestService.PlansAlone, .. settings]);
}
