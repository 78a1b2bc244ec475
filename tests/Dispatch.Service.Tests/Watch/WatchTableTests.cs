using System.Runtime.CompilerServices;
using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Watch;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Watch;

public sealed class WatchTableTests : IAsyncLifetime, IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private TestService? _service;

    private TestService Service => _service ?? throw new InvalidOperationException("It has not started.");

    public async Task InitializeAsync() => _service = await StartAsync();

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task WatchTable_SomeRegions_SendsTheirRowsThenOnlyWhatChanges()
    {
        using WatchReader reader = Watch(new() { RegionIds = { "FR-01" }, Services = { "live" } });
        WholeUpdate first = await reader.Update();
        Assert.True(first.Begin.Full);
        Assert.Equal(0, first.Ranges);
        Assert.Empty(first.Rows.Locations);
        Assert.Equal([("FR-01", false), ("*", true)], first.Rows.Regions.Select(static r => (r.Id, r.Elsewhere)));
        Assert.Equal(["live"], first.Rows.Services.Select(static s => s.Id));
        Assert.Equal(["own-par", "own-bos", "own-pek", "cdn-par"], first.Rows.Edges.Select(static e => e.Id));
        Assert.Equal([0, -1], first.Rows.Entries.Select(static e => e.Region).Order().Reverse());
        Assert.Contains(first.Rows.Endpoints, static e => e.Edge == 0 && e.Endpoints.Any(static p => p.Value == "198.18.0.1"));

        TableContent content = Service.Content();
        TableVersion turned = Service.Swap(content.Turned("FR-01"));
        WholeUpdate delta = await reader.Update();
        Assert.False(delta.Begin.Full);
        Assert.Equal((first.Begin.TableVersion, (ulong)turned.Number), (delta.Begin.FromVersion, delta.Begin.TableVersion));
        EntryRow row = Assert.Single(delta.Rows.Entries);
        Assert.Equal((0u, 0), (row.Profile, row.Region));
        Assert.Equal(first.Rows.Entries.Single(static e => e.Region == 0).Edges.Reverse(), row.Edges);

        // Another region's rows are no concern of this client; that there is a new version is.
        Service.Swap(Service.Content().Turned("US-01"));
        WholeUpdate nothing = await reader.Update();
        Assert.Equal((false, new TableRows()), (nothing.Begin.Full, nothing.Rows));
        Assert.Equal(delta.End, nothing.End);
    }

    [Fact]
    public async Task WatchTable_EdgeDrained_OverlayComesAtOnce()
    {
        using WatchReader reader = Watch(new());
        WholeUpdate first = await reader.Update();
        Assert.Empty(first.Overlay.Down);
        Service.Holder.Say("test", [new(HealthScope.Edge, "own-bos", HealthState.Drained, 0)]);
        WholeUpdate drained = await reader.Update();
        Assert.Equal([1u], drained.Overlay.Down);
        Assert.Equal([1u], drained.Overlay.Drained);
        Assert.Equal(Service.Holder.Current!.OverlayVersion, drained.Overlay.Version);
        Assert.Equal(new TableRows(), drained.Rows);
    }

    [Fact]
    public async Task WatchTable_WithPrefixes_SendsThemOnceAndAgainOnlyWhenTheyChange()
    {
        using WatchReader reader = Watch(new() { Prefixes = true });
        Assert.True((await reader.Update()).Ranges > 4);
        Service.Swap(Service.Content().Turned("FR-01"));
        Assert.Equal((false, 0), await NewPrefixes());
        Service.Swap(Service.Content().WithPrefixes(3000, 1));
        Assert.True((await NewPrefixes()).Ranges > 3000);

        async Task<(bool Announced, int Ranges)> NewPrefixes() => await reader.Update() is { } update ? (update.Begin.NewPrefixes, update.Ranges) : default;
    }

    [Fact]
    public async Task WatchTable_Resumed_GetsWhatItMissed()
    {
        WatchTableRequest request = new() { Prefixes = true };
        using (WatchReader reader = Watch(request)) request.Resume = (await reader.Update()).Resume;
        Service.Swap(Service.Content().Turned("FR-01"));
        Service.Swap(Service.Content().Turned("US-01"));
        using WatchReader again = Watch(request);
        WholeUpdate missed = await again.Update();
        Assert.False(missed.Begin.Full);
        Assert.Equal(request.Resume.TableVersion, missed.Begin.FromVersion);
        Assert.Equal([0, 1], missed.Rows.Entries.Select(static e => e.Region).Distinct().Order());
        Assert.Equal(0, missed.Ranges);
    }

    [Fact]
    public async Task WatchTable_ResumedFromWhatNobodyKnows_GetsEverythingButPrefixesThatItHolds()
    {
        WatchTableRequest request = new() { Prefixes = true };
        using (WatchReader reader = Watch(request)) request.Resume = (await reader.Update()).Resume;

        // Another version, the same rows: nothing need be sent.
        WatchTableRequest renamed = request.Clone();
        renamed.Resume.TableVersion += 1000;
        Assert.Equal((false, 0, 0), await Resumed(renamed));
        // Other rows under a version that nobody keeps.
        WatchTableRequest strange = renamed.Clone();
        strange.Resume.RowsHash = Google.Protobuf.ByteString.CopyFrom(new byte[32]);
        Assert.Equal((true, 0, 3), await Resumed(strange));
        // Another epoch: its numbers mean nothing here.
        WatchTableRequest epoch = request.Clone();
        epoch.Resume.TableEpoch++;
        Assert.Equal((true, 0, 3), await Resumed(epoch));
        WatchTableRequest known = request.Clone();
        known.Resume.RowsHash = Google.Protobuf.ByteString.CopyFrom(new byte[32]);
        known.Resume.PrefixHash = Google.Protobuf.ByteString.Empty;
        (bool full, int ranges, int regions) = await Resumed(known);
        Assert.True(full && ranges > 4 && regions == 3);

        async Task<(bool Full, int Ranges, int Regions)> Resumed(WatchTableRequest resumed)
        {
            using WatchReader reader = Watch(resumed);
            WholeUpdate update = await reader.Update();
            return (update.Begin.Full, update.Ranges, update.Rows.Regions.Count);
        }
    }

    [Fact]
    public async Task WatchTable_NewEpoch_SendsEverything()
    {
        using WatchReader reader = Watch(new());
        WholeUpdate first = await reader.Update();
        Service.Swap(Service.Content().Turned("FR-01"), epochs: 1);
        WholeUpdate next = await reader.Update();
        Assert.Equal((true, first.Begin.TableEpoch + 1), (next.Begin.Full, next.Begin.TableEpoch));
    }

    [Fact]
    public async Task WatchTable_BadRequests_AreRefusedByName()
    {
        await Refused(StatusCode.NotFound, "region_ids[1] is 'XX-99'", new() { RegionIds = { "FR-01", "XX-99" } });
        await Refused(StatusCode.NotFound, "services[0] is 'nope'", new() { Services = { "nope" } });
        await Refused(StatusCode.InvalidArgument, "region_ids[1] is 'FR-01': must not be named twice", new() { RegionIds = { "FR-01", "FR-01" } });
        await Refused(StatusCode.InvalidArgument, "region_ids names 4097 regions", new() { RegionIds = { Enumerable.Repeat("FR-01", 4097) } });
        await Refused(StatusCode.InvalidArgument, "services names 257", new() { Services = { Enumerable.Repeat("live", 257) } });
        await Refused(StatusCode.InvalidArgument, "resume holds hashes of 3 and 0 bytes", new() { Resume = new() { RowsHash = Google.Protobuf.ByteString.CopyFrom(new byte[3]) } });

        async Task Refused(StatusCode code, string words, WatchTableRequest request)
        {
            using WatchReader reader = Watch(request);
            Grpc.Core.Status status = await reader.Ending();
            Assert.Equal(code, status.StatusCode);
            Assert.Contains(words, status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WatchTable_MoreThanMay_AreTurnedAwayUntilOneEnds()
    {
        WatchReader first = Watch(new());
        await first.Update();
        using WatchReader second = Watch(new());
        await second.Update();
        using (WatchReader third = Watch(new())) Assert.Equal(StatusCode.ResourceExhausted, (await third.Ending()).StatusCode);
        first.Dispose();
        // The service hears of the end a little later; each try is a call of its own.
        bool taken = false;
        for (int i = 0; i < 500 && !taken; i++)
        {
            using WatchReader next = Watch(new());
            taken = await next.IsTaken();
        }
        Assert.True(taken);
        Assert.InRange(Service.Part<WatchHub>().Streams, 1, 2);
    }

    [Fact]
    public async Task WatchTable_Quiet_SaysThatItIsAlive()
    {
        using WatchReader reader = Watch(new());
        WholeUpdate first = await reader.Update();
        Service.Clock.Advance(TimeSpan.FromSeconds(first.Begin.HeartbeatMs / 1000.0));
        KeepAlive alive = (await reader.Message()).Alive;
        Assert.Equal((first.Begin.TableEpoch, first.Begin.TableVersion, first.Overlay.Version), (alive.TableEpoch, alive.TableVersion, alive.OverlayVersion));
        Assert.Equal(first.Begin.TableAgeMs + first.Begin.HeartbeatMs, alive.TableAgeMs);
    }

    [Fact]
    public async Task WatchTable_ServiceStops_EndsUnavailable()
    {
        using WatchReader reader = Watch(new());
        await reader.Update();
        Task<Grpc.Core.Status> ending = reader.Ending();
        await Service.DisposeAsync();
        _service = null;
        Assert.Equal(StatusCode.Unavailable, (await ending).StatusCode);
    }

    /// <summary>Forty tables pass while it does not read: none of them is kept for it, and it gets to the newest in one step from what it last took.</summary>
    [Fact]
    public async Task WatchTable_SlowReader_HoldsNoTableAndSkipsToTheNewest()
    {
        using WatchReader reader = Watch(new() { Prefixes = true });
        await reader.Update();
        Service.Swap(Service.Content().WithPrefixes(60_000, 0));
        Assert.True((await reader.Message()).Begin.NewPrefixes);
        WeakReference[] passed = [.. Enumerable.Range(1, 40).Select(PassOne)];
        for (int i = 0; i < 20 && passed[..^3].Any(static p => p.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.DoesNotContain(passed[..^3], static p => p.IsAlive);
        ulong newest = (ulong)Service.Holder.Current!.Table.Version.Number;
        ulong reached = 0;
        while (reached < newest) reached = (await reader.Update()).Begin.TableVersion;
        // The one that it was in the middle of, the newest, and on a busy machine a few that were the newest when their turn came; never all forty.
        Assert.InRange(reader.Begins, 3, 8);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference PassOne(int seed)
        {
            Service.Swap(Service.Content().WithPrefixes(1000, seed).Turned("FR-01"));
            return new(Service.Holder.Current!.Table);
        }
    }

    private WatchReader Watch(WatchTableRequest request) => new(Service, request);

    private Task<TestService> StartAsync() => TestService.StartAsync(_world.Directory, _state.Path, null, [.. TestService.PlansAlone, "Watch:KeptTables=3", "Watch:MaxStreams=2"]);
}
