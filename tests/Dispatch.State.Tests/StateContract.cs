using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;
using TrafficDispatch.State.Files;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Tests;

/// <summary>What every state store keeps, whatever it is made of.</summary>
public abstract class StateContract : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private protected abstract StoreUnderTest Under { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Under.DisposeAsync().AsTask();

    [Fact]
    public async Task Acquire_LeaseIsHeld_IsRefusedAndNamesTheHolder()
    {
        (IStateStore a, IStateStore b) = (await Under.OpenAsync(), await Under.OpenAsync());
        LeaseGrant first = await a.Lease.AcquireAsync("a", Long, default), second = await b.Lease.AcquireAsync("b", Long, default);
        Assert.NotNull(first.Token);
        Assert.Equal((null, "a"), (second.Token, second.Holder));
        Assert.InRange(second.Left, TimeSpan.FromMinutes(9), Long);
    }

    [Fact]
    public async Task Acquire_AfterReleaseOrExpiry_GivesAGreaterToken()
    {
        IStateStore store = await Under.OpenAsync();
        FencingToken first = (await store.Lease.AcquireAsync("a", Long, default)).Token!;
        Assert.True(await store.Lease.ReleaseAsync(first, default));
        FencingToken second = (await store.Lease.AcquireAsync("b", Long, default)).Token!;
        await Under.ExpireLeaseAsync();
        FencingToken third = (await store.Lease.AcquireAsync("a", Long, default)).Token!;
        Assert.True(first.Number < second.Number && second.Number < third.Number, $"{first} {second} {third}");
    }

    [Fact]
    public async Task RenewAndRelease_StaleToken_AreRefusedAndChangeNothing()
    {
        IStateStore store = await Under.OpenAsync();
        FencingToken stale = (await store.Lease.AcquireAsync("a", Long, default)).Token!;
        await Under.ExpireLeaseAsync();
        Assert.False(await store.Lease.RenewAsync(stale, Long, default));
        FencingToken held = (await store.Lease.AcquireAsync("b", Long, default)).Token!;
        Assert.False(await store.Lease.RenewAsync(stale, Long, default));
        Assert.False(await store.Lease.ReleaseAsync(stale, default));
        Assert.False(await store.Lease.RenewAsync(held with { Holder = "c" }, Long, default));
        Assert.True(await store.Lease.RenewAsync(held, Long, default));
    }

    [Fact]
    public async Task PutTable_NewerVersions_AreReadByOthersAndAnnounced()
    {
        (IStateStore leader, IStateStore replica) = (await Under.OpenAsync(), await Under.OpenAsync());
        Assert.Equal(TableVersion.None, await replica.Tables.HighestAsync(default));
        Assert.Null((await replica.Tables.LatestAsync(default)).Table);
        FencingToken token = (await leader.Lease.AcquireAsync("a", Long, default)).Token!;
        for (int number = 1; number <= 5; number++)
            Assert.Equal(FencedWrite.Stored, await leader.Tables.PutAsync(Tables.Encoded(7, number), token, default));
        var latest = await replica.Tables.LatestAsync(default);
        Assert.Equal(Tables.Bytes(Tables.Of(7, 5)), Tables.Bytes(latest.Table!));
        Assert.Equal(new TableVersion(7, 5), await replica.Tables.HighestAsync(default));
        Assert.Equal(["7.5", "7.4", "7.3"], (await replica.Tables.ListAsync(default)).Select(static t => t.Version.ToString()));
        Assert.True((await replica.Tables.FetchAsync(new(7, 4), default)).Table!.Bytes.Span.SequenceEqual(Tables.Bytes(Tables.Of(7, 4))));
        Assert.Equal(new(null, "is not kept"), await replica.Tables.FetchAsync(new(7, 1), default));
        Assert.Equal((5, "7.5"), Short(await replica.Announcements.LatestAsync(Topic.Tables, default)));
    }

    [Fact]
    public async Task PutTable_VersionIsNotAboveTheHighest_IsRefused()
    {
        IStateStore store = await Under.OpenAsync();
        FencingToken token = (await store.Lease.AcquireAsync("a", Long, default)).Token!;
        Assert.Equal(FencedWrite.Stored, await store.Tables.PutAsync(Tables.Encoded(10, 9), token, default));
        foreach ((long epoch, long number) in new[] { (10L, 9L), (10L, 8L), (9L, 100L) })
            Assert.Equal(FencedWrite.NotNewer, await store.Tables.PutAsync(Tables.Encoded(epoch, number), token, default));
        Assert.Equal(FencedWrite.Stored, await store.Tables.PutAsync(Tables.Encoded(10, 10), token, default));
    }

    [Fact]
    public async Task LeadersWrites_StaleToken_AreRefusedAndChangeNothing()
    {
        (IStateStore old, IStateStore now) = (await Under.OpenAsync(), await Under.OpenAsync());
        FencingToken stale = (await old.Lease.AcquireAsync("a", Long, default)).Token!;
        await Under.ExpireLeaseAsync();
        Assert.Equal(FencedWrite.StaleToken, await old.Tables.PutAsync(Tables.Encoded(1, 1), stale, default));
        FencingToken token = (await now.Lease.AcquireAsync("b", Long, default)).Token!;
        Assert.Equal(FencedWrite.Stored, await now.Tables.PutAsync(Tables.Encoded(1, 2), token, default));
        Assert.Equal(FencedWrite.Stored, await now.Billing.SaveAsync(Month(5), token, default));
        Assert.Equal(FencedWrite.Stored, await now.Solves.SaveAsync(new(new(1, 2), null, new byte[] { 1, 2 }), token, default));
        Assert.Equal(FencedWrite.StaleToken, await old.Tables.PutAsync(Tables.Encoded(1, 3), stale, default));
        Assert.Equal(FencedWrite.StaleToken, await old.Billing.SaveAsync(Month(6), stale, default));
        Assert.Equal(FencedWrite.StaleToken, await old.Solves.SaveAsync(new(new(1, 3), null, new byte[] { 3 }), stale, default));
        Assert.Equal(new TableVersion(1, 2), (await now.Tables.LatestAsync(default)).Table!.Version);
        Assert.Equal(Text(Book(5)), Text((await now.Billing.LoadAsync(default)).Month!.Book));
        Assert.Equal([1, 2], (await now.Solves.LatestAsync(default)).Found!.Start.ToArray());
    }

    [Fact]
    public async Task LatestTable_NewestIsDamaged_GivesTheOneBeforeAndSaysWhy()
    {
        IStateStore store = await Under.OpenAsync();
        FencingToken token = (await store.Lease.AcquireAsync("a", Long, default)).Token!;
        await store.Tables.PutAsync(Tables.Encoded(1, 1), token, default);
        await store.Tables.PutAsync(Tables.Encoded(1, 2), token, default);
        await Under.DamageTableAsync("1.2");
        var reading = await store.Tables.LatestAsync(default);
        Assert.Equal(new TableVersion(1, 1), reading.Table!.Version);
        Assert.Contains("1.2", Assert.Single(reading.Skipped), StringComparison.Ordinal);
        Assert.Equal(new TableVersion(1, 2), await store.Tables.HighestAsync(default));
    }

    [Fact]
    public async Task Billing_NewestIsDamaged_GivesTheCopyBeforeAndSaysWhy()
    {
        IStateStore store = await Under.OpenAsync();
        Assert.Null((await store.Billing.LoadAsync(default)).Month);
        FencingToken token = (await store.Lease.AcquireAsync("a", Long, default)).Token!;
        await store.Billing.SaveAsync(Month(1), token, default);
        await store.Billing.SaveAsync(Month(2), token, default);
        Assert.Equal(Text(Book(2)), Text((await store.Billing.LoadAsync(default)).Month!.Book));
        await Under.DamageBillingAsync();
        BillingReading reading = await store.Billing.LoadAsync(default);
        Assert.Equal(Text(Book(1)), Text(reading.Month!.Book));
        Assert.Single(reading.Faults);
    }

    [Fact]
    public async Task Billing_MonthTurns_GivesTheNewestAndKeepsThirteen()
    {
        IStateStore store = await Under.OpenAsync();
        FencingToken token = (await store.Lease.AcquireAsync("a", Long, default)).Token!;
        for (int month = 1; month <= 12; month++) await store.Billing.SaveAsync(Month(month, month), token, default);
        await store.Billing.SaveAsync(Month(6, 6), token, default);
        BillingReading reading = await store.Billing.LoadAsync(default);
        Assert.Equal((12, Text(Book(12))), (reading.Month!.Start.Month, Text(reading.Month.Book)));
    }

    [Fact]
    public async Task Confirm_Table_TellsHowLongAgoAndWhoLeads()
    {
        IStateStore store = await Under.OpenAsync();
        Assert.Equal(new TablesStanding(TableVersion.None, TableVersion.None, TimeSpan.Zero, ""), await store.Tables.StandingAsync(default));
        FencingToken token = (await store.Lease.AcquireAsync("a", Long, default)).Token!;
        await store.Tables.PutAsync(Tables.Encoded(1, 2), token, default);
        Assert.Equal(FencedWrite.Stored, await store.Tables.ConfirmAsync(new(1, 2), token, default));
        TablesStanding standing = await store.Tables.StandingAsync(default);
        Assert.Equal((new TableVersion(1, 2), new TableVersion(1, 2), "a"), (standing.Highest, standing.Confirmed, standing.Leader));
        Assert.InRange(standing.ConfirmedAgo, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(FencedWrite.StaleToken, await store.Tables.ConfirmAsync(new(1, 2), token with { Number = token.Number + 1 }, default));
    }

    [Fact]
    public async Task Solves_Saved_GiveTheNewestBackWithItsSnapshot()
    {
        (IStateStore leader, IStateStore next) = (await Under.OpenAsync(), await Under.OpenAsync());
        Assert.Null((await next.Solves.LatestAsync(default)).Found);
        FencingToken token = (await leader.Lease.AcquireAsync("a", Long, default)).Token!;
        byte[] large = new byte[3 << 20];
        new Random(1).NextBytes(large);
        Assert.Equal(FencedWrite.Stored, await leader.Solves.SaveAsync(new(new(3, 1), Tables.Snapshot, large), token, default));
        ArchivedSolve found = (await next.Solves.LatestAsync(default)).Found!;
        Assert.Equal(new TableVersion(3, 1), found.Table);
        Assert.True(found.Start.Span.SequenceEqual(large));
        Snapshot read = found.Snapshot!;
        Assert.True(WorldComparison.AreSame(new World(Tables.Snapshot.World.Facts with { Prefixes = [] }), read.World));
        Assert.Equal(Tables.Snapshot.UtcHour, read.UtcHour);
        Assert.Equal(Tables.Snapshot.DemandScale.AsEnumerable(), read.DemandScale);
        Assert.Equal(Tables.Snapshot.Billing.AsEnumerable(), read.Billing);
        Assert.Null(await next.Worlds.StampAsync(default));
    }

    [Fact]
    public async Task Solves_SnapshotWasReplaced_GiveTheStartAloneAndSayWhy()
    {
        IStateStore store = await Under.OpenAsync();
        FencingToken token = (await store.Lease.AcquireAsync("a", Long, default)).Token!;
        Assert.Equal(FencedWrite.Stored, await store.Solves.SaveAsync(new(new(3, 2), Tables.Snapshot, new byte[] { 7 }), token, default));
        // A writer that dies, or is overtaken, between the snapshot and what names it.
        Assert.Equal(FencedWrite.NotNewer, await store.Solves.SaveAsync(new(new(3, 1), Tables.Snapshot with { UtcHour = 3 }, new byte[] { 8 }), token, default));
        SolveReading reading = await store.Solves.LatestAsync(default);
        Assert.Equal((new TableVersion(3, 2), null, (byte)7), (reading.Found!.Table, reading.Found.Snapshot, reading.Found.Start.Span[0]));
        Assert.Contains("no longer there", Assert.Single(reading.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measures_Saved_GiveTheNewestBackToEverybody()
    {
        (IStateStore a, IStateStore b) = (await Under.OpenAsync(), await Under.OpenAsync());
        Assert.Null((await b.Measures.LatestAsync(default)).Found);
        FencingToken token = (await a.Lease.AcquireAsync("a", Long, default)).Token!;
        for (byte i = 1; i <= 3; i++) Assert.Equal(FencedWrite.Stored, await a.Measures.SaveAsync(new($"17-0/{i} 5 6", new byte[] { i, 0, i }), token, default));
        Assert.Equal(FencedWrite.StaleToken, await b.Measures.SaveAsync(new("", new byte[] { 9 }), token with { Number = token.Number + 1 }, default));
        MeasuresReading reading = await b.Measures.LatestAsync(default);
        Assert.Equal(("17-0/3 5 6", 0), (reading.Found!.Note, reading.Faults.Length));
        Assert.Equal([3, 0, 3], reading.Found.Book.ToArray());
        await Under.DamageMeasuresAsync();
        reading = await b.Measures.LatestAsync(default);
        Assert.Equal([2, 0, 2], reading.Found!.Book.ToArray());
        Assert.Single(reading.Faults);
        await Assert.ThrowsAsync<ArgumentException>(() => a.Measures.SaveAsync(new("", ReadOnlyMemory<byte>.Empty), token, default));
        await Assert.ThrowsAsync<ArgumentException>(() => a.Measures.SaveAsync(new("two\nlines", new byte[] { 1 }), token, default));
    }

    [Fact]
    public async Task Overrides_PutReplacedAndRemoved_AreListedWithRevision()
    {
        (IStateStore a, IStateStore b) = (await Under.OpenAsync(), await Under.OpenAsync());
        HealthOverride down = Override("own-par", HealthState.Down, "prober"), drained = Override("own-par", HealthState.Drained, "operator:ana");
        Assert.Equal(1, await a.HealthOverrides.PutAsync(down, default));
        Assert.Equal(2, await a.HealthOverrides.PutAsync(drained, default));
        Assert.Equal(3, await a.HealthOverrides.PutAsync(down with { Reason = "still down" }, default));
        OverrideList list = await b.HealthOverrides.ListAsync(default);
        Assert.Equal(3, list.Revision);
        Assert.Equal([drained, down with { Reason = "still down" }], list.Overrides.AsEnumerable());
        Assert.Equal((3, "3"), Short(await b.Announcements.LatestAsync(Topic.Overrides, default)));
        Assert.True(await b.HealthOverrides.RemoveAsync(HealthScope.Edge, "own-par", "prober", default));
        Assert.False(await b.HealthOverrides.RemoveAsync(HealthScope.Edge, "own-par", "prober", default));
        list = await a.HealthOverrides.ListAsync(default);
        Assert.Equal((4, drained), (list.Revision, Assert.Single(list.Overrides)));
    }

    /// <summary>What a store has lost is given back by everybody who knows it; what people have said since counts.</summary>
    [Fact]
    public async Task Overrides_GivenBack_ArePutOnceAndNotOnceTakenBack()
    {
        (IStateStore a, IStateStore b) = (await Under.OpenAsync(), await Under.OpenAsync());
        HealthOverride drained = Override("own-par", HealthState.Drained, "operator:ana");
        Assert.True(await a.HealthOverrides.GiveBackAsync(drained, default));
        Assert.False(await b.HealthOverrides.GiveBackAsync(drained with { Reason = "as it was once" }, default));
        Assert.Equal(drained, Assert.Single((await b.HealthOverrides.ListAsync(default)).Overrides));
        Assert.True(await a.HealthOverrides.RemoveAsync(HealthScope.Edge, "own-par", "operator:ana", default));
        Assert.False(await b.HealthOverrides.GiveBackAsync(drained, default));
        Assert.Empty((await a.HealthOverrides.ListAsync(default)).Overrides);
        // Said anew and lost anew it is given back anew.
        await a.HealthOverrides.PutAsync(drained, default);
        Assert.False(await b.HealthOverrides.GiveBackAsync(drained, default));
        Assert.Equal(drained, Assert.Single((await a.HealthOverrides.ListAsync(default)).Overrides));
    }

    [Fact]
    public async Task Overrides_TimeIsOver_AreLeftOut()
    {
        IStateStore store = await Under.OpenAsync();
        await store.HealthOverrides.PutAsync(Override("e", HealthState.Down, "prober") with { Until = Under.Clock.GetUtcNow() + TimeSpan.FromMinutes(1) }, default);
        Assert.Single((await store.HealthOverrides.ListAsync(default)).Overrides);
        Under.Pass(TimeSpan.FromMinutes(2));
        Assert.Empty((await store.HealthOverrides.ListAsync(default)).Overrides);
    }

    [Theory]
    [InlineData("", "s", 1)]
    [InlineData("e", "", 1)]
    [InlineData("e|f", "s", 1)]
    [InlineData("e", "s", double.NaN)]
    [InlineData("e", "s", 1.5)]
    public async Task PutOverride_BreaksARule_Throws(string id, string source, double factor)
    {
        IStateStore store = await Under.OpenAsync();
        HealthOverride entry = new(new(HealthScope.Edge, id, HealthState.Up, factor), source, "", Under.Clock.GetUtcNow(), null);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.HealthOverrides.PutAsync(entry, default));
        Assert.Equal(0, (await store.HealthOverrides.ListAsync(default)).Revision);
    }

    [Fact]
    public async Task Freeze_PutReplacedAndRemoved_IsReadByOthersWithItsRevision()
    {
        (IStateStore a, IStateStore b) = (await Under.OpenAsync(), await Under.OpenAsync());
        Assert.Equal(new FreezeReading(0, null, ""), await b.Freeze.ReadAsync(default));
        PublishFreeze freeze = new("operator:ana", "match\nday é", Under.Clock.GetUtcNow(), null);
        Assert.Equal(1, await a.Freeze.PutAsync(freeze with { By = "operator:bo" }, default));
        Assert.Equal(2, await a.Freeze.PutAsync(freeze with { Until = Under.Clock.GetUtcNow() + TimeSpan.FromHours(1) }, default));
        Assert.Equal(new FreezeReading(2, freeze with { Until = Under.Clock.GetUtcNow() + TimeSpan.FromHours(1) }, ""), await b.Freeze.ReadAsync(default));
        Assert.Equal((2, "2"), Short(await b.Announcements.LatestAsync(Topic.Freeze, default)));
        Assert.True(await b.Freeze.RemoveAsync(default));
        Assert.False(await b.Freeze.RemoveAsync(default));
        Assert.Equal(new FreezeReading(3, null, ""), await a.Freeze.ReadAsync(default));
        await Assert.ThrowsAsync<ArgumentException>(() => a.Freeze.PutAsync(freeze with { By = "" }, default));
        await Assert.ThrowsAsync<ArgumentException>(() => a.Freeze.PutAsync(freeze with { Reason = new string('x', 1001) }, default));
    }

    [Fact]
    public async Task Changes_Appended_AreGivenBackNewestFirstWhereTheyAreShared()
    {
        (IStateStore a, IStateStore b) = (await Under.OpenAsync(), await Under.OpenAsync());
        for (byte i = 1; i <= 3; i++) await a.Changes.AppendAsync(new byte[] { (byte)'{', i }, default);
        if (await b.Changes.LatestAsync(2, default) is { } lines) Assert.Equal([[(byte)'{', 3], [(byte)'{', 2]], lines.AsEnumerable());
        else Assert.IsType<FileState>(b);
    }

    [Fact]
    public async Task Streams_PutReplacedExpiredAndRemoved_AreListedWithRevision()
    {
        IStateStore store = await Under.OpenAsync();
        LiveStream news = new("news", "og-1", 8.5) { VariantMbps = [6, 1.5, 1] };
        LiveStream gala = new("gala é|1", "og-2", 3) { Expires = Under.Clock.GetUtcNow() + TimeSpan.FromHours(1) };
        await store.Streams.PutAsync(news with { OriginId = "og-9" }, default);
        await store.Streams.PutAsync(gala, default);
        Assert.Equal(3, await store.Streams.PutAsync(news, "srs:og-1", default));
        StreamList list = await store.Streams.ListAsync(default);
        Assert.Equal(["gala é|1", "news"], list.Streams.Select(static s => s.Key));
        Assert.Equal(("og-1", 8.5, "6,1.5,1"), (list.Streams[1].OriginId, list.Streams[1].BitrateMbps, string.Join(',', list.Streams[1].VariantMbps)));
        Assert.Equal(gala.Expires, list.Streams[0].Expires);
        Assert.Equal([KeyValuePair.Create("news", "srs:og-1")], list.Sources);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Streams.PutAsync(gala, "two\nlines", default));
        Under.Pass(TimeSpan.FromHours(2));
        Assert.Equal("news", Assert.Single((await store.Streams.ListAsync(default)).Streams).Key);
        Assert.True(await store.Streams.RemoveAsync("news", default));
        Assert.False(await store.Streams.RemoveAsync("news", default));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Streams.PutAsync(news with { BitrateMbps = 9 }, default));
    }

    [Fact]
    public async Task Subscribe_ChangesOfOthers_AreHeard()
    {
        (IStateStore a, IStateStore b) = (await Under.OpenAsync(), await Under.OpenAsync());
        TaskCompletionSource<Announcement> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IAsyncDisposable subscription = await b.Announcements.SubscribeAsync(heard.SetResult, default);
        await a.HealthOverrides.PutAsync(Override("e", HealthState.Down, "prober"), default);
        Assert.Equal(new Announcement(Topic.Overrides, 1, "1"), await heard.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private static (long Sequence, string Text) Short(Announcement a) => (a.Sequence, a.Text);

    private HealthOverride Override(string id, HealthState state, string source) =>
        new(new(HealthScope.Edge, id, state, 0), source, "because", Under.Clock.GetUtcNow(), null);

    private static BillingMonth Month(int rate, int month = 3) => new(new(2030, month, 1, 0, 0, 0, TimeSpan.Zero), Book(rate));

    private static BillingBook Book(int rate)
    {
        Contract contract = new("c", null, ["e"], default, null) { Billing = BillingMethod.Percentile95, Tiers = [new(null, 1)] };
        return new([BillingAccount.Start(contract, new BillingPeriod(100, 12, 5)).Record(0, new(rate))]);
    }

    private static string Text(BillingBook book) => Convert.ToHexString(BookText.Write(book));
}

public sealed class FolderStateTests : StateContract
{
    private protected override StoreUnderTest Under { get; } = new FolderUnderTest();
}

[Collection(RedisCollection.Name)]
public sealed class RedisStateTests(SharedRedis redis) : StateContract
{
    private protected override StoreUnderTest Under { get; } = new RedisUnderTest(redis.Server);
}
