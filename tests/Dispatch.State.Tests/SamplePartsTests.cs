using System.Collections.Immutable;
using System.Text;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>Parts in a real Redis: every batch is in exactly one, whatever becomes of whoever folds.</summary>
[Collection(RedisCollection.Name)]
public sealed class SamplePartsTests(SharedRedis redis) : IAsyncLifetime
{
    private RedisConnection _connection = null!;
    private RedisSampleLog _log = null!;
    private RedisSampleParts _parts = null!;

    public async Task InitializeAsync()
    {
        _connection = await RedisConnection.OpenAsync(redis.Server.Settings, TimeProvider.System, default);
        _log = new(_connection, 10_000, TimeSpan.FromMinutes(21), TimeProvider.System);
        _parts = new(_connection, TimeSpan.FromMinutes(25), 1 << 20);
    }

    public async Task DisposeAsync() => await _connection.DisposeAsync();

    [Fact]
    public async Task Store_OwnBatches_AreAcknowledgedWithThePart()
    {
        await Append(5);
        ImmutableArray<SampleEntry> own = await _log.ReadAsync("w1", 3, default);
        Assert.Equal(PartStore.Stored, await Store("w1", own, "part 1"));
        SampleLogReport left = await _log.ReportAsync(default);
        Assert.Equal((2L, 0L), (left.Backlog, left.Pending));
        Assert.Equal(["part 1"], await AllParts());
        Assert.Equal(new PartReport(1, 6, 0), await _parts.ReportAsync(default));
    }

    /// <summary>A worker that stood still while another took its batches over finds its part refused, and nothing of it is kept.</summary>
    [Fact]
    public async Task Store_OneBatchClaimedByAnother_IsRefusedWholly()
    {
        await Append(4);
        ImmutableArray<SampleEntry> slow = await _log.ReadAsync("slow", 4, default);
        ImmutableArray<SampleEntry> taken = await _log.ClaimAsync("quick", TimeSpan.Zero, 1, default);
        Assert.Equal(slow[0].Id, Assert.Single(taken).Id);
        Assert.Equal(PartStore.NotOwned, await Store("slow", slow, "all four"));
        Assert.Empty(await AllParts());
        // What is still its own it reads again; the other stores what it took.
        Assert.Equal(Texts(slow.Skip(1)), Texts(await _parts.OwnAsync("slow", "", 10, default)));
        Assert.Equal(Texts(slow.Skip(2)), Texts(await _parts.OwnAsync("slow", slow[1].Id, 10, default)));
        Assert.Equal(PartStore.Stored, await Store("quick", taken, "one"));
        Assert.Equal(PartStore.Stored, await Store("slow", slow[1..], "three"));
        Assert.Equal(["one", "three"], await AllParts());
        Assert.Equal(0, (await _log.ReportAsync(default)).Backlog);
    }

    /// <summary>A call of which the answer was lost is made again: the second finds the batches gone.</summary>
    [Fact]
    public async Task Store_SecondTime_IsRefused()
    {
        await Append(2);
        ImmutableArray<SampleEntry> own = await _log.ReadAsync("w", 2, default);
        Assert.Equal(PartStore.Stored, await Store("w", own, "once"));
        Assert.Equal(PartStore.NotOwned, await Store("w", own, "once"));
        Assert.Equal(["once"], await AllParts());
        Assert.Empty(await _parts.OwnAsync("w", "", 10, default));
    }

    /// <summary>Died between folding and storing: another takes the batches over. Died after storing: there is nothing left to take.</summary>
    [Fact]
    public async Task Claim_OfAWorkerThatDied_GivesWhatItHadNotStored()
    {
        await Append(6);
        ImmutableArray<SampleEntry> stored = await _log.ReadAsync("dead", 3, default);
        Assert.Equal(PartStore.Stored, await Store("dead", stored, "its part"));
        ImmutableArray<SampleEntry> folded = await _log.ReadAsync("dead", 3, default);
        ImmutableArray<SampleEntry> taken = await _log.ClaimAsync("heir", TimeSpan.Zero, 10, default);
        Assert.Equal(Texts(folded), Texts(taken));
        Assert.Equal(PartStore.Stored, await Store("heir", taken, "the heir's part"));
        Assert.Equal(["its part", "the heir's part"], await AllParts());
    }

    /// <summary>Many workers, each claiming from the others at random and stumbling at random: every batch is in exactly one part.</summary>
    [Fact]
    public async Task Store_ManyWorkersThatStumble_EveryBatchIsInOnePart()
    {
        await Append(300);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async worker =>
        {
            Random random = new(worker);
            for (int round = 0; (await _log.ReportAsync(default)).Backlog > 0; round++)
            {
                string name = $"w{worker}-{round / 3}";
                ImmutableArray<SampleEntry> some = random.Next(3) == 0 ? await _log.ClaimAsync(name, TimeSpan.Zero, 9, default) : await _log.ReadAsync(name, 7, default);
                // A third are never stored by whoever folded them.
                if (some.IsEmpty || random.Next(3) == 0) continue;
                await Store(name, some, string.Join(',', Texts(some)));
            }
        })).WaitAsync(TimeSpan.FromMinutes(1));
        IEnumerable<string> counted = (await AllParts()).SelectMany(static p => p.Split(','));
        Assert.Equal(Enumerable.Range(0, 300).Select(static i => $"batch {i}").Order(StringComparer.Ordinal), counted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Read_FromAPlace_GivesWhatCameAfter()
    {
        for (int i = 0; i < 5; i++) await One($"p{i}");
        PartReading first = await _parts.ReadAsync("", 2, default);
        Assert.Equal((3L, false), (first.Behind, first.Lost));
        PartReading next = await _parts.ReadAsync(first.Parts[^1].Id, 10, default);
        Assert.Equal(["p2", "p3", "p4"], Texts(next.Parts));
        Assert.Equal((0L, false), (next.Behind, next.Lost));
        PartReading none = await _parts.ReadAsync(next.Parts[^1].Id, 10, default);
        Assert.Equal((0, 0L, false), (none.Parts.Length, none.Behind, none.Lost));
        await Assert.ThrowsAsync<ArgumentException>(() => _parts.ReadAsync("x", 1, default));
    }

    /// <summary>Too many bytes: the oldest leave and are counted, and a reader that had not seen them is told.</summary>
    [Fact]
    public async Task Store_TooManyBytes_TheOldestLeaveAndAreCounted()
    {
        _parts = new(_connection, TimeSpan.FromMinutes(25), 25);
        await One("0123456789");
        string place = (await _parts.ReadAsync("", 10, default)).Parts[0].Id;
        await One("abcdefghij");
        Assert.False((await _parts.ReadAsync(place, 10, default)).Lost);
        await One("ABCDEFGHIJ");
        await One("klmnopqrst");
        Assert.Equal(new PartReport(2, 20, 2), await _parts.ReportAsync(default));
        PartReading late = await _parts.ReadAsync(place, 10, default);
        Assert.True(late.Lost);
        Assert.Equal(["ABCDEFGHIJ", "klmnopqrst"], Texts(late.Parts));
        Assert.False((await _parts.ReadAsync("", 10, default)).Lost);
    }

    [Fact]
    public async Task Store_PartsOfLongAgo_LeaveUncounted()
    {
        await One("old");
        _parts = new(_connection, TimeSpan.FromMilliseconds(-1000), 1 << 20);
        await One("new");
        Assert.Equal(new PartReport(0, 0, 0), await _parts.ReportAsync(default));
    }

    [Fact]
    public async Task Read_StoreCameBackEmpty_GivesAllThatIsNew()
    {
        for (int i = 0; i < 3; i++) await One($"p{i}");
        string place = (await _parts.ReadAsync("", 10, default)).Parts[^1].Id;
        RedisConsole.Run(redis.Server, "DEL", Root + "samples:parts", Root + "samples:parts:figures", Root + "samples");
        Assert.Empty((await _parts.ReadAsync(place, 10, default)).Parts);
        await One("after");
        PartReading back = await _parts.ReadAsync(place, 10, default);
        Assert.Equal(["after"], Texts(back.Parts));
        Assert.False(back.Lost);
    }

    /// <summary>A worker goes on with what it holds of a store that lost everything, and is refused.</summary>
    [Fact]
    public async Task Store_StoreCameBackEmpty_IsRefused()
    {
        await Append(1);
        ImmutableArray<SampleEntry> own = await _log.ReadAsync("w", 1, default);
        RedisConsole.Run(redis.Server, "DEL", Root + "samples");
        Assert.Equal(PartStore.NotOwned, await Store("w", own, "x"));
        Assert.Empty(await _parts.OwnAsync("w", "", 10, default));
    }

    private string Root => $"{{{_connection.Settings.Prefix}}}:";

    private int _appended;

    private async Task Append(int count)
    {
        for (int i = 0; i < count; i++, _appended++)
            Assert.Equal(SampleAppend.Stored, await _log.AppendAsync($"a:{_appended}", Encoding.UTF8.GetBytes($"batch {_appended}"), default));
    }

    private async Task One(string part)
    {
        await Append(1);
        Assert.Equal(PartStore.Stored, await Store("w", await _log.ReadAsync("w", 1, default), part));
    }

    private Task<PartStore> Store(string consumer, IEnumerable<SampleEntry> batches, string part) =>
        _parts.StoreAsync(consumer, [.. batches.Select(static b => b.Id)], Encoding.UTF8.GetBytes(part), default);

    private async Task<IEnumerable<string>> AllParts() => Texts((await _parts.ReadAsync("", 1000, default)).Parts);

    private static string[] Texts(IEnumerable<SampleEntry> entries) => [.. entries.Select(static e => Encoding.UTF8.GetString(e.Payload.Span))];
}
