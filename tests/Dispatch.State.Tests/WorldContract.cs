using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Core.Tests.Solve.Model;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Tests;

/// <summary>What every store of worlds keeps: a world is read as it was written, or not at all.</summary>
public abstract class WorldContract : IAsyncLifetime
{
    private static readonly World Full = BuildFull();

    private protected abstract StoreUnderTest Under { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Under.DisposeAsync().AsTask();

    [Fact]
    public async Task Read_NothingWritten_GivesNoWorldAndNoFault()
    {
        IStateStore store = await Under.OpenAsync();
        Assert.Null(await store.Worlds.StampAsync(default));
        Assert.Equal((null, null, 0), Short(await store.Worlds.ReadAsync(default)));
    }

    [Fact]
    public async Task Read_FullWorld_GivesEveryFactBack()
    {
        (IStateStore writer, IStateStore reader) = (await Under.OpenAsync(), await Under.OpenAsync());
        WorldWriting written = await writer.Worlds.WriteAsync(Full, null, default);
        Assert.Equal("", written.Refusal);
        WorldReading read = await reader.Worlds.ReadAsync(default);
        Assert.Empty(read.Faults);
        Assert.Equal(FactsDump.Of(Full), FactsDump.Of(read.World!));
        Assert.True(written.Stamp!.IsSameAs(read.Stamp));
        Assert.Equal((1, "1"), Short(await reader.Announcements.LatestAsync(Topic.World, default)));
    }

    [Fact]
    public async Task Read_ShippedWorld_GivesEveryFactBack()
    {
        IStateStore store = await Under.OpenAsync();
        World world = ShippedWorld.World;
        await store.Worlds.WriteAsync(world, null, default);
        World read = (await store.Worlds.ReadAsync(default)).World!;
        Assert.True(world.Facts.Prefixes.AsSpan().SequenceEqual(read.Facts.Prefixes.AsSpan()));
        Assert.Equal(FactsDump.Of(WithoutPrefixes(world)), FactsDump.Of(WithoutPrefixes(read)));
    }

    [Fact]
    public async Task Read_RandomWorlds_GivesEveryFactBack()
    {
        IStateStore store = await Under.OpenAsync();
        Property property = Prop.ForAll(SmallDispatches.Fresh, async problem =>
        {
            World world = problem.ToWorld();
            WorldWriting written = await store.Worlds.WriteAsync(world, null, default);
            Assert.Equal(("", 0), (written.Refusal, written.Faults.Length));
            WorldReading read = await store.Worlds.ReadAsync(default);
            Assert.Empty(read.Faults);
            Assert.Equal(FactsDump.Of(world), FactsDump.Of(read.World!));
            return true;
        });
        await Task.Run(() => property.Check(Config.QuickThrowOnFailure.WithReplay(20261121UL, 5UL).WithMaxTest(60)));
    }

    [Fact]
    public async Task Write_OneTableChanged_MovesThatTableOnly()
    {
        IStateStore store = await Under.OpenAsync();
        WorldStamp first = (await store.Worlds.WriteAsync(Full, null, default)).Stamp!;
        World fed = new(Full.Facts with { Version = "fed", Edges = [.. Full.Edges.Select(static e => e with { Capacity = new(e.Capacity.Value / 2) })] });
        WorldWriting written = await store.Worlds.WriteAsync(fed, first.Generation, default);
        Assert.Equal(["capacity"], written.Stamp!.Tables.Where(t => t.Generation == written.Stamp.Generation).Select(static t => t.Name));
        Assert.Equal(written.Stamp.Tables.Single(static t => t.Name == "capacity").Bytes, written.BytesMoved);
        Assert.Equal(FactsDump.Of(fed), FactsDump.Of((await store.Worlds.ReadAsync(default)).World!));
    }

    [Fact]
    public async Task Write_AnotherCameBetween_IsRefused()
    {
        (IStateStore a, IStateStore b) = (await Under.OpenAsync(), await Under.OpenAsync());
        WorldStamp first = (await a.Worlds.WriteAsync(Full, null, default)).Stamp!;
        WorldStamp second = (await b.Worlds.WriteAsync(Named("second"), first.Generation, default)).Stamp!;
        WorldWriting late = await a.Worlds.WriteAsync(Named("late"), first.Generation, default);
        Assert.Null(late.Stamp);
        Assert.Contains($"generation {second.Generation}", late.Refusal, StringComparison.Ordinal);
        Assert.Equal("second", (await a.Worlds.ReadAsync(default)).World!.Version);
    }

    [Fact]
    public async Task Write_ANewerGenerationIsInForce_IsRefused()
    {
        IStateStore fast = await Under.OpenAsync();
        int steps = await StepsOfAChangeAsync(), step = 0;
        IStateStore late = await Under.OpenAsync(() =>
        {
            // The last step of all: everything is there but the stamp.
            if (++step == steps) fast.Worlds.WriteAsync(Changed(3), null, default).GetAwaiter().GetResult();
        });
        WorldWriting written = await late.Worlds.WriteAsync(Changed(2), null, default);
        Assert.Contains("newer", written.Refusal, StringComparison.Ordinal);
        Assert.Equal(FactsDump.Of(Changed(3)), FactsDump.Of((await fast.Worlds.ReadAsync(default)).World!));
    }

    [Fact]
    public async Task Write_KilledBeforeAnyStep_LeavesTheWorldBeforeInForce()
    {
        IStateStore reader = await Under.OpenAsync();
        int steps = await StepsOfAChangeAsync();
        string before = FactsDump.Of((await reader.Worlds.ReadAsync(default)).World!);
        for (int killedAt = 1; killedAt <= steps; killedAt++)
        {
            int step = 0;
            IStateStore writer = await Under.OpenAsync(() =>
            {
                if (++step == killedAt) throw new KilledException();
            });
            await Assert.ThrowsAsync<KilledException>(() => writer.Worlds.WriteAsync(Changed(2), null, default));
            WorldReading read = await reader.Worlds.ReadAsync(default);
            Assert.Empty(read.Faults);
            Assert.Equal(before, FactsDump.Of(read.World!));
        }
        Assert.Equal("", (await reader.Worlds.WriteAsync(Changed(2), null, default)).Refusal);
        Assert.Equal(FactsDump.Of(Changed(2)), FactsDump.Of((await reader.Worlds.ReadAsync(default)).World!));
    }

    [Fact]
    public async Task Write_KilledInAnEmptyStore_LeavesNoWorld()
    {
        int step = 0;
        IStateStore writer = await Under.OpenAsync(() =>
        {
            if (++step == 6) throw new KilledException();
        });
        await Assert.ThrowsAsync<KilledException>(() => writer.Worlds.WriteAsync(Full, null, default));
        Assert.Equal((null, null, 0), Short(await writer.Worlds.ReadAsync(default)));
    }

    [Fact]
    public async Task Write_ManyTimes_KeepsNoMoreThanTwoWorlds()
    {
        IStateStore store = await Under.OpenAsync();
        for (int i = 0; i < 6; i++) await store.Worlds.WriteAsync(Changed(i), null, default);
        Assert.InRange(await Under.StoredWorldTablesAsync(), 13, 26);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_AnyTableDamaged_GivesNoWorldAndNamesTheTable(bool delete)
    {
        IStateStore store = await Under.OpenAsync();
        for (int at = 0; at < 13; at++)
        {
            // Written twice with other figures in between, so that each round begins with tables of its own.
            await store.Worlds.WriteAsync(Changed(at + 1), null, default);
            WorldStamp stamp = (await store.Worlds.WriteAsync(Full, null, default)).Stamp!;
            TableStamp table = stamp.Tables[at];
            await Under.DamageWorldAsync(table, delete);
            WorldReading read = await store.Worlds.ReadAsync(default);
            Assert.Null(read.World);
            Assert.Equal(table.Name, Assert.Single(read.Faults).Table);
            await store.Worlds.WriteAsync(Emptied(), null, default);
            await store.Worlds.WriteAsync(Full, null, default);
            Assert.Equal(FactsDump.Of(Full), FactsDump.Of((await store.Worlds.ReadAsync(default)).World!));
        }
    }

    [Fact]
    public async Task Write_UnchangedTableIsGone_SendsItAgain()
    {
        IStateStore store = await Under.OpenAsync();
        WorldStamp stamp = (await store.Worlds.WriteAsync(Full, null, default)).Stamp!;
        await Under.DamageWorldAsync(stamp.Tables[0], isGone: true);
        Assert.Equal("", (await store.Worlds.WriteAsync(Full, null, default)).Refusal);
        Assert.Equal(FactsDump.Of(Full), FactsDump.Of((await store.Worlds.ReadAsync(default)).World!));
    }

    [Fact]
    public async Task Read_WhileWorldsAreWritten_IsAlwaysOneOfThem()
    {
        (IStateStore writer, IStateStore reader) = (await Under.OpenAsync(), await Under.OpenAsync());
        HashSet<string> worlds = [.. Enumerable.Range(0, 20).Select(static i => FactsDump.Of(Changed(i)))];
        await writer.Worlds.WriteAsync(Changed(0), null, default);
        Task writing = Task.Run(async () =>
        {
            for (int i = 1; i < 20; i++) await writer.Worlds.WriteAsync(Changed(i), null, default);
        });
        int reads = 0;
        while (!writing.IsCompleted || reads == 0)
        {
            WorldReading read = await reader.Worlds.ReadAsync(default);
            Assert.Empty(read.Faults);
            Assert.Contains(FactsDump.Of(read.World!), worlds);
            reads++;
        }
        await writing;
    }

    [Fact]
    public async Task Write_FaultyWorld_IsRefusedWithEveryFault()
    {
        IStateStore store = await Under.OpenAsync();
        World faulty = new(Full.Facts with
        {
            Edges = [.. Full.Edges.Select(static (e, i) => i == 1 ? e with { Capacity = new(-1) } : e)],
            Regions = [.. Full.Regions.Select(static (r, i) => i == 2 ? r with { Peak = new(double.NaN) } : r)],
            Prefixes = [new(IpPrefix.Around(ClientAddress.FromV4(0), 8), 77)],
        });
        WorldWriting written = await store.Worlds.WriteAsync(faulty, null, default);
        Assert.Null(written.Stamp);
        Assert.Equal(["capacity own-bos capacity_gbps -1", "demand CN-01 peak_gbps NaN", "prefixes 0.0.0.0/8 region 77"],
            written.Faults.Select(static f => $"{f.Table} {f.Row} {f.Field} {f.Value}"));
        Assert.Null(await store.Worlds.StampAsync(default));
    }

    /// <summary>A world of which every table differs from the full one's.</summary>
    private static World Emptied()
    {
        using TestWorld files = TestWorld.Minimal().Change("regions.csv", "US-01,Boston", "US-01,Salem")
            .With("diurnal.csv", ["local_hour,fraction_of_peak", .. Enumerable.Range(0, 24).Select(static h => $"{h},0.25")])
            .Change("rtt_region_edge.csv", "8.5", "8.25").Change("edges.csv", "EUW,49,2.5,8,", "EUW,49,2.5,9,").Change("edges.csv", "0.0048", "0.0049");
        World world = files.Build();
        return new(world.Facts with
        {
            Loss = new LossMatrix(world.Regions.Length, world.Edges.Length, new double[world.Regions.Length * world.Edges.Length]),
        });
    }

    /// <summary>Steps that a write from one <see cref="Changed"/> world to another takes.</summary>
    private async Task<int> StepsOfAChangeAsync()
    {
        int steps = 0;
        IStateStore store = await Under.OpenAsync(() => steps++);
        await store.Worlds.WriteAsync(Changed(0), null, default);
        steps = 0;
        await store.Worlds.WriteAsync(Changed(1), null, default);
        Assert.InRange(steps, 8, 20);
        return steps;
    }

    private static World Named(string version) => new(Full.Facts with { Version = version });

    /// <summary>Differs in every table of figures, so that parts of two of them would show.</summary>
    private static World Changed(int by) => new(Full.Facts with
    {
        Version = $"v{by}",
        Edges = [.. Full.Edges.Select(e => e with { Capacity = new(e.Capacity.Value + by), Price = e.Price with { UsdPerGb = by } })],
        Regions = [.. Full.Regions.Select(r => r with { Peak = new(by) })],
        Rtt = Full.Rtt.Select((_, _, ms) => ms + by),
        Health = [new HealthStatement(HealthScope.Edge, "own-bos", HealthState.Up, 1.0 / (by + 1))],
        Streams = [.. Full.Facts.Streams.Select(s => s with { BitrateMbps = by + 1, VariantMbps = [] })],
    });

    private static World WithoutPrefixes(World world) => new(world.Facts with { Prefixes = [] });

    private static (World? World, WorldStamp? Stamp, int Faults) Short(WorldReading read) => (read.World, read.Stamp, read.Faults.Length);

    private static (long Sequence, string Text) Short(Announcement a) => (a.Sequence, a.Text);

    private static World BuildFull()
    {
        using TestWorld files = TestWorld.Full();
        return files.Build();
    }

    private sealed class KilledException : Exception;
}

public sealed class FolderWorldTests : WorldContract
{
    private protected override StoreUnderTest Under { get; } = new FolderUnderTest();
}

[Collection(RedisCollection.Name)]
public sealed class RedisWorldTests(SharedRedis redis) : WorldContract
{
    private protected override StoreUnderTest Under { get; } = new RedisUnderTest(redis.Server);
}
