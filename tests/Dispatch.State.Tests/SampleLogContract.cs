using System.Collections.Immutable;
using System.Text;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>What every log of samples does, whatever it is made of.</summary>
public abstract class SampleLogContract : IAsyncLifetime
{
    private const int Cap = 8;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(21);

    private protected StillClock Clock { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private ISampleLog _log = null!;

    public async Task InitializeAsync() => _log = await OpenAsync(Cap, Memory);

    public abstract Task DisposeAsync();

    private protected abstract Task<ISampleLog> OpenAsync(int cap, TimeSpan memory);

    [Fact]
    public async Task Read_AppendedBatches_AreGivenOnceEachInOrder()
    {
        for (int i = 0; i < 5; i++) Assert.Equal(SampleAppend.Stored, await Append($"a:{i}", $"batch {i}"));
        Assert.Equal(["batch 0", "batch 1", "batch 2"], Texts(await _log.ReadAsync("w1", 3, default)));
        Assert.Equal(["batch 3", "batch 4"], Texts(await _log.ReadAsync("w2", 3, default)));
        Assert.Empty(await _log.ReadAsync("w1", 3, default));
        Assert.Equal((5L, 5L), await Standing());
    }

    [Fact]
    public async Task Append_SameName_IsStoredOnceEvenAfterItWasFolded()
    {
        Assert.Equal(SampleAppend.Stored, await Append("a:1", "x"));
        Assert.Equal(SampleAppend.Known, await Append("a:1", "x"));
        await _log.AcknowledgeAsync(Ids(await _log.ReadAsync("w", 9, default)), default);
        Assert.Equal(SampleAppend.Known, await Append("a:1", "x"));
        Assert.Equal((0L, 0L), await Standing());
    }

    [Fact]
    public async Task Append_AtTheCap_IsFullUntilSomethingIsFolded()
    {
        for (int i = 0; i < Cap; i++) await Append($"a:{i}", "x");
        Assert.Equal(SampleAppend.Full, await Append("a:new", "x"));
        ImmutableArray<SampleEntry> read = await _log.ReadAsync("w", 1, default);
        Assert.Equal(SampleAppend.Full, await Append("a:new", "x"));
        await _log.AcknowledgeAsync(Ids(read), default);
        Assert.Equal(SampleAppend.Stored, await Append("a:new", "x"));
    }

    [Fact]
    public async Task Claim_UnacknowledgedBatches_GoToWhoeverClaims()
    {
        for (int i = 0; i < 3; i++) await Append($"a:{i}", $"batch {i}");
        ImmutableArray<SampleEntry> dead = await _log.ReadAsync("dead", 3, default);
        await _log.AcknowledgeAsync([dead[1].Id], default);
        Assert.Empty(await _log.ClaimAsync("w", TimeSpan.FromHours(1), 9, default));
        ImmutableArray<SampleEntry> claimed = await _log.ClaimAsync("w", TimeSpan.Zero, 9, default);
        Assert.Equal(["batch 0", "batch 2"], Texts(claimed));
        await _log.AcknowledgeAsync(Ids(claimed), default);
        Assert.Equal((0L, 0L), await Standing());
    }

    [Fact]
    public async Task Read_BytesOfAnyValue_ComeBackAsTheyWere()
    {
        byte[] bytes = [.. Enumerable.Range(0, 512).Select(static i => (byte)(i % 256))];
        await _log.AppendAsync("r\0é:1", bytes, default);
        Assert.Equal(bytes, Assert.Single(await _log.ReadAsync("w", 1, default)).Payload.ToArray());
    }

    [Fact]
    public async Task Acknowledge_UnknownIds_IsNothing()
    {
        await _log.AcknowledgeAsync([], default);
        await _log.AcknowledgeAsync(["1-1"], default);
        Assert.Equal((0L, 0L), await Standing());
    }

    [Fact]
    public async Task Wait_NothingComes_EndsAfterTheTimeOrWhenCancelled()
    {
        await _log.WaitAsync(TimeSpan.FromMilliseconds(20), default).WaitAsync(TimeSpan.FromSeconds(20));
        using CancellationTokenSource stop = new();
        Task waiting = _log.WaitAsync(TimeSpan.FromHours(1), stop.Token);
        await stop.CancelAsync();
        // A poller may have ended already; one that waits for a signal must end by the token.
        if (_log is MemorySampleLog) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private protected ISampleLog Log => _log;

    private protected Task<SampleAppend> Append(string name, string text) => _log.AppendAsync(name, Encoding.UTF8.GetBytes(text), default);

    private protected async Task<(long, long)> Standing()
    {
        SampleLogReport report = await _log.ReportAsync(default);
        return (report.Backlog, report.Pending);
    }

    private protected static ImmutableArray<string> Ids(ImmutableArray<SampleEntry> entries) => [.. entries.Select(static e => e.Id)];

    private protected static IEnumerable<string> Texts(ImmutableArray<SampleEntry> entries) => entries.Select(static e => Encoding.UTF8.GetString(e.Payload.Span));
}

public sealed class MemorySampleLogTests : SampleLogContract
{
    public override Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Append_NameOfLongAgo_IsForgotten()
    {
        await Append("a:1", "x");
        Clock.Advance(TimeSpan.FromMinutes(22));
        Assert.Equal(SampleAppend.Stored, await Append("a:1", "x"));
    }

    [Fact]
    public async Task Wait_BatchArrives_EndsAtOnce()
    {
        Task waiting = Log.WaitAsync(TimeSpan.FromHours(1), default);
        Assert.False(waiting.IsCompleted);
        await Append("a:1", "x");
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private protected override Task<ISampleLog> OpenAsync(int cap, TimeSpan memory) => Task.FromResult<ISampleLog>(new MemorySampleLog(cap, memory, Clock));
}

[Collection(RedisCollection.Name)]
public sealed class RedisSampleLogTests(SharedRedis redis) : SampleLogContract
{
    private RedisConnection? _connection;

    public override async Task DisposeAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
    }

    [Fact]
    public async Task Append_NameInRedis_RunsOutByItself()
    {
        await Append("a:1", "x");
        string left = RedisConsole.Run(redis.Server, "PTTL", $"{{{_connection!.Settings.Prefix}}}:samples:seen:a:1").Trim();
        Assert.InRange(long.Parse(left, System.Globalization.CultureInfo.InvariantCulture), 20 * 60_000, 21 * 60_000);
    }

    [Fact]
    public async Task Read_StoreCameBackEmpty_GoesOn()
    {
        await Append("a:1", "x");
        await Log.ReadAsync("w", 1, default);
        RedisConsole.Run(redis.Server, "DEL", $"{{{_connection!.Settings.Prefix}}}:samples");
        Assert.Empty(await Log.ReadAsync("w", 1, default));
        await Append("a:2", "y");
        Assert.Equal(["y"], Texts(await Log.ReadAsync("w", 1, default)));
    }

    /// <summary>Any number of workers share the work; one dies with what it took, and nothing is lost or given twice to the living.</summary>
    [Fact]
    public async Task Read_ManyWorkersAndADeadOne_EveryBatchIsFoldedOnce()
    {
        RedisSampleLog log = new RedisSampleLog(_connection!, 1000, TimeSpan.FromMinutes(21), TimeProvider.System);
        for (int i = 0; i < 100; i++) await log.AppendAsync($"a:{i}", Encoding.UTF8.GetBytes($"{i}"), default);
        ImmutableArray<SampleEntry> lost = await log.ReadAsync("dead", 10, default);
        string[][] folded = await Task.WhenAll(Enumerable.Range(0, 4).Select(async worker =>
        {
            List<string> own = [];
            while (await log.ReadAsync($"w{worker}", 7, default) is { IsEmpty: false } some)
            {
                own.AddRange(Texts(some));
                await log.AcknowledgeAsync(Ids(some), default);
            }
            return own.ToArray();
        }));
        ImmutableArray<SampleEntry> claimed = await log.ClaimAsync("w0", TimeSpan.Zero, 100, default);
        Assert.Equal(Texts(lost), Texts(claimed));
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => $"{i}").Order(StringComparer.Ordinal), folded.SelectMany(static f => f).Concat(Texts(claimed)).Order(StringComparer.Ordinal));
    }

    private protected override async Task<ISampleLog> OpenAsync(int cap, TimeSpan memory)
    {
        _connection = await RedisConnection.OpenAsync(redis.Server.Settings, TimeProvider.System, default);
        return new RedisSampleLog(_connection, cap, memory, TimeProvider.System);
    }
}
