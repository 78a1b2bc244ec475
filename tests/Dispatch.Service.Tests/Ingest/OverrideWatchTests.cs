using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.State.Files;

namespace TrafficDispatch.Service.Tests.Ingest;

/// <summary>What operators say under State:Path, from the answers to the next solve.</summary>
public sealed class OverrideWatchTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly ManualClock _clock = TestService.Morning();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Look_EdgeIsDrained_LeavesAnswersThenThePlanAndComesBackWhenItsTimeIsOver()
    {
        await using TestService service = await Start();
        await Say("own-par", HealthState.Drained, TimeSpan.FromMinutes(8));
        await Seen(service, 1);
        ResolveReply after = await Ask(service);
        Assert.Equal(("own-bos", ReasonCode.Failover), (after.Edges[0].Id, after.ReasonCode));
        OverlayStatement told = Assert.Single((await service.Status()).Overlay);
        Assert.Equal(("operators", "edge", "own-par", "drained"), (told.Source, told.Kind, told.Id, told.State));
        Assert.Contains(service.Log.All, static l => l.Contains("edge:own-par drained by ana until 2026-03-04 10:38:00Z (works)", StringComparison.Ordinal));
        await service.NextCycle(TimeSpan.FromMinutes(5));
        Assert.Equal((HealthState.Drained, ReasonCode.Assigned), (StateOf(service, "own-par"), (await Ask(service)).ReasonCode));
        _clock.Advance(TimeSpan.FromMinutes(3));
        await Seen(service, 0);
        Assert.Empty((await service.Status()).Overlay);
        await service.NextCycle(TimeSpan.FromMinutes(2));
        Assert.Equal(HealthState.Up, StateOf(service, "own-par"));
    }

    [Fact]
    public async Task Cycle_PartOfTheCapacityIsSaid_IsPlannedWithThatPart()
    {
        await using TestService service = await Start();
        double before = UseOf(service);
        await Say("own-par", HealthState.Up, null, factor: 0.5);
        await Seen(service, 1);
        Assert.Empty((await service.Status()).Overlay);
        await service.NextCycle(TimeSpan.FromMinutes(5));
        // Of half the capacity the same traffic, or what is left of it, takes a larger part.
        Assert.True(UseOf(service) > before, $"{UseOf(service)} after {before}");
    }

    [Fact]
    public async Task Start_SaidWhileItWasAway_HoldsFromTheFirstAnswer()
    {
        await using (TestService first = await Start()) await first.Status();
        await Say("own-par", HealthState.Down, null);
        await using TestService service = await Start();
        Assert.NotEqual("own-par", (await Ask(service)).Edges[0].Id);
        Assert.Equal(HealthState.Down, StateOf(service, "own-par"));
    }

    [Fact]
    public async Task Look_FileIsDamaged_WhatWasSaidStays()
    {
        await using TestService service = await Start();
        await Say("own-par", HealthState.Drained, null);
        await Seen(service, 1);
        await File.WriteAllTextAsync(Path.Combine(_state.Path, "overrides.json"), "{");
        await TickUntil(service, () => service.Log.All.Any(static l => l.Contains("cannot be looked at", StringComparison.Ordinal)));
        Assert.NotEqual("own-par", (await Ask(service)).Edges[0].Id);
        Assert.Single(service.Log.All, static l => l.StartsWith("Error: The list of overrides cannot be looked at", StringComparison.Ordinal));
    }

    private static async Task<ResolveReply> Ask(TestService service) => await service.Resolve(new() { RegionId = "FR-01", Service = "live" });

    private async Task Seen(TestService service, int statements)
    {
        await TickUntil(service, () => service.Holder.Overrides.Count == statements);
        Assert.Equal(statements, service.Holder.Overrides.Count);
    }

    // A look that waits for the folder's gate passes over the seconds meanwhile, and a later second sees what it missed: as few seconds as can be, for what is said ends with time.
    private async Task TickUntil(TestService service, Func<bool> isSo)
    {
        for (int seconds = 0; seconds < 60 && !isSo(); seconds++)
        {
            _clock.Advance(Second);
            for (long begun = Environment.TickCount64; Environment.TickCount64 - begun < 500 && !isSo();) await service.Status();
        }
    }

    private static HealthState StateOf(TestService service, string edge) => service.Holder.Current!.Table.Content.Edges.Single(e => e.Id == edge).State;

    private static double UseOf(TestService service) => service.Holder.Current!.Plan!.EdgeUse[service.Holder.Current.Table.EdgeOrdinal("own-par")];

    private async Task Say(string edge, HealthState state, TimeSpan? length, double factor = 0)
    {
        await using FileState store = FileState.Open(_state.Path, 3, _clock);
        DateTimeOffset now = _clock.GetUtcNow();
        await store.HealthOverrides.PutAsync(new(new(HealthScope.Edge, edge, state, factor), "ana", "works", now, now + length), default);
    }

    // One of four edges comes and goes: more of the traffic moves than the guard lets move by itself.
    private Task<TestService> Start() =>
        TestService.StartAsync(_world.Directory, _state.Path, _clock, ["Solve:UtcHour=10", "Guard:MovedPercent=off", .. TestService.PlansAlone.Skip(1)]);
}
