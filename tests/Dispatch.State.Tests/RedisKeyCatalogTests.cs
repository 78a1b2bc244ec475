using System.Globalization;
using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>
/// The catalog of keys is what the stores write: each of them writes here once, and nothing is found that the catalog does not know, nor anything in it that nobody writes.
/// <c>DISPATCH_WRITE_REFERENCE=1 dotnet test tests/Dispatch.State.Tests -c Release --filter RedisKeyCatalogTests</c> writes the page anew.
/// </summary>
[Collection(RedisCollection.Name)]
public sealed class RedisKeyCatalogTests(SharedRedis redis)
{
    private const string NoEnd = "-1";

    private static readonly PublishFreeze Freeze = new("a", "", DateTimeOffset.UnixEpoch, null);

    [Fact]
    public async Task Keys_EveryStoreWrites_AreThoseOfTheCatalog()
    {
        RedisSettings settings = redis.Server.Settings;
        await using RedisState state = await RedisState.OpenAsync(settings, 2, TimeProvider.System, default);
        await WriteEverything(state, settings);
        HashSet<RedisKeyKind> met = Look(settings.Prefix);
        // Publishing is stopped, or its end is remembered: never both.
        await state.Freeze.PutAsync(Freeze, default);
        met.UnionWith(Look(settings.Prefix));
        Assert.Empty(RedisKeyCatalog.All.Where(k => k.Type != "channel" && !met.Contains(k)).Select(static k => k.Pattern));
    }

    /// <summary>The kinds of all keys there are; a key of none, of another type, or with an end that nobody says, is a fault.</summary>
    private HashSet<RedisKeyKind> Look(string name)
    {
        string prefix = $"{{{name}}}:";
        HashSet<RedisKeyKind> met = [];
        foreach (string key in RedisConsole.Run(redis.Server, "--scan", "--pattern", $"{prefix}*").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(k => k[prefix.Length..]))
        {
            RedisKeyKind[] kinds = [.. RedisKeyCatalog.All.Where(k => k.Type != "channel" && k.Fits(key))];
            Assert.True(kinds.Length == 1, $"{key} is of {kinds.Length} kinds");
            RedisKeyKind kind = kinds[0];
            Assert.Equal((key, kind.Type), (key, RedisConsole.Run(redis.Server, "TYPE", prefix + key).Trim()));
            if (kind.Ends.Length == 0) Assert.Equal((key, NoEnd), (key, RedisConsole.Run(redis.Server, "PTTL", prefix + key).Trim()));
            met.Add(kind);
        }
        return met;
    }

    [Fact]
    public void Page_OfTheKeys_IsThatOfTheCatalog()
    {
        string path = PagePath(), made = Page();
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_REFERENCE") == "1") File.WriteAllText(path, made);
        Assert.Equal(File.ReadAllText(path), made);
    }

    private static async Task WriteEverything(RedisState state, RedisSettings settings)
    {
        // Two worlds, so that tables of the first are on their way out.
        foreach (string name in new[] { "one", "two" })
            Assert.Equal("", (await state.Worlds.WriteAsync(World(name), null, default)).Refusal);
        FencingToken token = (await state.Lease.AcquireAsync("a", TimeSpan.FromMinutes(1), default)).Token!;
        Assert.Equal(FencedWrite.Stored, await state.Tables.PutAsync(Tables.Encoded(1, 1), token, default));
        Assert.Equal(FencedWrite.Stored, await state.Tables.ConfirmAsync(new(1, 1), token, default));
        Assert.Equal(FencedWrite.Stored, await state.Solves.SaveAsync(new(new(1, 1), new(World("three"), 5), new byte[] { 1 }), token, default));
        Assert.Equal(FencedWrite.Stored, await state.Billing.SaveAsync(new(DateTimeOffset.UnixEpoch, new([])), token, default));
        Assert.Equal(FencedWrite.Stored, await state.Measures.SaveAsync(new("note", new byte[] { 1 }), token, default));
        // What is taken out leaves its name; what is there besides keeps the key.
        HealthStatement down = new(HealthScope.Edge, "own-par", HealthState.Down, 1);
        foreach (string source in new[] { "a", "b" }) await state.HealthOverrides.PutAsync(new(down, source, "", DateTimeOffset.UnixEpoch, null), default);
        Assert.True(await state.HealthOverrides.RemoveAsync(down.Scope, down.Id, "a", default));
        foreach (string stream in new[] { "a", "b" }) await state.Streams.PutAsync(new(stream, "og-par", 1), default);
        Assert.True(await state.Streams.RemoveAsync("a", default));
        await state.Freeze.PutAsync(Freeze, default);
        Assert.True(await state.Freeze.RemoveAsync(default));
        await state.Changes.AppendAsync(new byte[] { 1 }, default);

        await using RedisConnection connection = await RedisConnection.OpenAsync(settings, TimeProvider.System, default);
        RedisSampleLog log = new(connection, 1000, TimeSpan.FromMinutes(21), TimeProvider.System);
        RedisSampleParts parts = new(connection, TimeSpan.FromMinutes(25), 1 << 20);
        for (int i = 0; i < 2; i++) await log.AppendAsync(string.Create(CultureInfo.InvariantCulture, $"reporter:{i}"), new byte[] { 1 }, default);
        var own = await log.ReadAsync("w", 1, default);
        Assert.Equal(PartStore.Stored, await parts.StoreAsync("w", [.. own.Select(static e => e.Id)], new byte[] { 1 }, default));
    }

    private static World World(string version)
    {
        using TestWorld files = TestWorld.Full();
        World world = files.Build();
        return new(world.Facts with { Version = version });
    }

    private static string PagePath()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "TrafficDispatch.sln"))) return Path.Combine(at.FullName, "docs", "reference", "redis-keys.md");
        throw new DirectoryNotFoundException("The solution is not above the tests.");
    }

    private static string Page()
    {
        StringBuilder page = new(
            """
            # Keys in Redis

            Every key and channel of schema **1**, made from the catalog in the program; a test lets every store write to a real Redis and finds no other. How the stores use them is in
            [State in Redis](../redis.md), what they weigh in [its figures](../redis.md#what-it-weighs).

            All names begin with `{PREFIX}:` (`Redis:Prefix`, by default `dispatch`; the braces keep a world's keys in one slot of a Cluster). Words in capitals stand for what differs: `G` is the generation
            that wrote a table of facts, `VERSION` epoch and number of 19 digits each, so that versions sort as texts, `TOKEN` the writer's lease. In a hash of rows the fields are `0`, `1`, …


            """.ReplaceLineEndings("\n"));
        page.Append("| key | type | ends | holds | written by | read by |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (RedisKeyKind kind in RedisKeyCatalog.All)
            page.Append(CultureInfo.InvariantCulture, $"| `{kind.Pattern}` | {kind.Type} | {(kind.Ends.Length > 0 ? kind.Ends : "–")} | {kind.Holds} | {kind.Writes} | {kind.Reads} |\n");
        return page.ToString();
    }
}
