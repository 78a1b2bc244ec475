using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>The connection while Redis is down, slow, locked, full, read-only or somebody else's.</summary>
public sealed class RedisConnectionTests
{
    private const string Password = "correct-horse-battery";

    [Fact]
    public async Task Open_NothingListens_FailsFastThenComesBackByItself()
    {
        int port = RedisServer.FreePort();
        RedisSettings settings = new() { Endpoints = [$"127.0.0.1:{port}"], ConnectTimeout = TimeSpan.FromSeconds(2) };
        await using RedisState state = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Worlds.StampAsync(default));
        Assert.Equal(StoreTrouble.Unreachable, failure.Trouble);
        Assert.False(state.Connection.Report.IsConnected);
        Assert.True(state.Connection.Report is { Failures: > 0, LastError.Length: > 0, LastErrorAt: not null });
        await using RedisServer server = await RedisServer.StartAsync(port);
        Assert.Null(await Eventually(() => state.Worlds.StampAsync(default)));
        Assert.True(state.Connection.Report.IsConnected);
    }

    [Fact]
    public async Task Call_ServerKilledAndBackEmpty_FailsThenWorksWithGreaterTokens()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisSettings settings = server.Settings;
        await using RedisState state = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
        FencingToken before = (await state.Lease.AcquireAsync("a", TimeSpan.FromMinutes(1), default)).Token!;
        Assert.Equal(FencedWrite.Stored, await state.Tables.PutAsync(Tables.Encoded(5, 5), before, default));
        await server.KillAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Tables.HighestAsync(default));
        await server.StartAgainAsync();
        Assert.Equal(Table.TableVersion.None, await Eventually(() => state.Tables.HighestAsync(default)));
        FencingToken after = (await state.Lease.AcquireAsync("b", TimeSpan.FromMinutes(1), default)).Token!;
        Assert.True(after.Number > before.Number);
        Assert.Equal(FencedWrite.StaleToken, await state.Tables.PutAsync(Tables.Encoded(5, 6), before, default));
        Table.TableVersion next = NextVersion.After(Table.TableVersion.None, new(5, 5), DateTimeOffset.UnixEpoch);
        Assert.Equal(new(6, 1), next);
        Assert.Equal(FencedWrite.Stored, await state.Tables.PutAsync(Tables.Encoded(next.Epoch, next.Number), after, default));
    }

    [Fact]
    public async Task Subscribe_ServerKilledAndBack_IsHeardAgain()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisState state = await RedisState.OpenAsync(server.Settings, 3, TimeProvider.System, default);
        TaskCompletionSource<Announcement> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IAsyncDisposable subscription = await state.Announcements.SubscribeAsync(a => heard.TrySetResult(a), default);
        await server.KillAsync();
        await server.StartAgainAsync();
        // Announced again until it is heard: what is said before the subscription is back is lost, as announcements may be.
        await Eventually(async () =>
        {
            await state.Streams.PutAsync(new("s", "og", 1), default);
            return heard.Task.IsCompleted ? true : throw new StoreUnavailableException(StoreTrouble.Failed, "not heard yet");
        });
        Assert.Equal(Topic.Streams, (await heard.Task).Topic);
    }

    [Fact]
    public async Task Call_ServerHangs_TimesOut()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisState state = await RedisState.OpenAsync(server.Settings with { CallTimeout = TimeSpan.FromMilliseconds(300) }, 3, TimeProvider.System, default);
        Assert.Null(await state.Worlds.StampAsync(default));
        server.Signal("STOP");
        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Worlds.StampAsync(default));
        server.Signal("CONT");
        Assert.Equal(StoreTrouble.TimedOut, failure.Trouble);
        Assert.Null(await Eventually(() => state.Worlds.StampAsync(default)));
    }

    [Fact]
    public async Task Open_ServerHangs_IsOpenAndComesBackByItself()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisSettings settings = server.Settings with { CallTimeout = TimeSpan.FromMilliseconds(300), ConnectTimeout = TimeSpan.FromMilliseconds(500) };
        server.Signal("STOP");
        await using RedisState state = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Worlds.StampAsync(default));
        Assert.False(state.Connection.Report.IsConnected);
        server.Signal("CONT");
        Assert.Null(await Eventually(() => state.Worlds.StampAsync(default)));
    }

    [Theory]
    [InlineData("wrong-" + Password)]
    [InlineData(null)]
    public async Task Call_WrongPassword_IsDeniedAndShowsNoSecret(string? password)
    {
        await using RedisServer server = await RedisServer.StartAsync("--requirepass", Password);
        RedisSettings settings = server.Settings with { Password = Secret.FromEnvironment(password), ConnectTimeout = TimeSpan.FromSeconds(2) };
        await using RedisState state = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Worlds.StampAsync(default));
        Assert.Equal(StoreTrouble.Denied, failure.Trouble);
        Assert.DoesNotContain(Password, $"{failure} {state.Connection.Report} {settings}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_RightPassword_Works()
    {
        await using RedisServer server = await RedisServer.StartAsync("--requirepass", Password);
        await using RedisState state = await RedisState.OpenAsync(server.Settings with { Password = Secret.FromEnvironment(Password) }, 3, TimeProvider.System, default);
        Assert.Equal(1, await state.Streams.PutAsync(new("s", "og", 1), default));
    }

    [Fact]
    public async Task Write_UserMayNotWrite_IsDenied()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisConsole.Run(server, "ACL", "SETUSER", "default", "-@write");
        await using RedisState state = await RedisState.OpenAsync(server.Settings, 3, TimeProvider.System, default);
        Assert.Null(await state.Worlds.StampAsync(default));
        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Streams.PutAsync(new("s", "og", 1), default));
        Assert.Equal(StoreTrouble.Denied, failure.Trouble);
    }

    [Fact]
    public async Task Write_ServerIsFull_SaysSoAndLeavesNoWorld()
    {
        await using RedisServer server = await RedisServer.StartAsync("--maxmemory", "3mb", "--maxmemory-policy", "noeviction");
        await using RedisState state = await RedisState.OpenAsync(server.Settings, 3, TimeProvider.System, default);
        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Worlds.WriteAsync(ShippedWorld.World, null, default));
        Assert.Equal(StoreTrouble.Full, failure.Trouble);
        Assert.Null((await state.Worlds.ReadAsync(default)).Stamp);
    }

    [Fact]
    public async Task Write_NodeIsAReplica_SaysReadOnly()
    {
        await using RedisServer primary = await RedisServer.StartAsync();
        await using RedisServer replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", primary.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await using RedisState state = await RedisState.OpenAsync(replica.Settings, 3, TimeProvider.System, default);
        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Streams.PutAsync(new("s", "og", 1), default));
        Assert.Contains(failure.Trouble, new[] { StoreTrouble.ReadOnly, StoreTrouble.Unreachable });
    }

    [Fact]
    public async Task ReadAndWrite_ForeignSchema_AreRefusedWithBothSchemas()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisSettings settings = server.Settings;
        RedisConsole.Run(server, "SET", $"{{{settings.Prefix}}}:schema", "9");
        await using RedisState state = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
        foreach (Func<Task> call in new Func<Task>[]
        {
            () => state.Worlds.ReadAsync(default), () => state.Worlds.WriteAsync(ShippedWorld.World, null, default), () => state.Tables.HighestAsync(default),
            () => state.Billing.LoadAsync(default), () => state.HealthOverrides.ListAsync(default), () => state.Streams.PutAsync(new("s", "og", 1), default),
        })
        {
            StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(call);
            Assert.Equal(StoreTrouble.ForeignSchema, failure.Trouble);
            Assert.Contains("schema '9'", failure.Message, StringComparison.Ordinal);
            Assert.Contains("schema 1 only", failure.Message, StringComparison.Ordinal);
        }
        Assert.Equal("1\n", RedisConsole.Run(server, "DBSIZE"));
    }

    [Fact]
    public async Task Prefixes_TwoOnOneServer_DoNotMeet()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisState one = await RedisState.OpenAsync(server.Settings, 3, TimeProvider.System, default);
        await using RedisState other = await RedisState.OpenAsync(server.Settings, 3, TimeProvider.System, default);
        Assert.NotNull((await one.Lease.AcquireAsync("a", TimeSpan.FromMinutes(1), default)).Token);
        Assert.NotNull((await other.Lease.AcquireAsync("b", TimeSpan.FromMinutes(1), default)).Token);
        await one.Worlds.WriteAsync(ShippedWorld.World, null, default);
        Assert.Null(await other.Worlds.StampAsync(default));
        Assert.All(RedisConsole.Run(server, "KEYS", "*").Split('\n', StringSplitOptions.RemoveEmptyEntries), key =>
            Assert.True(key.StartsWith($"{{{one.Connection.Settings.Prefix}}}:", StringComparison.Ordinal) || key.StartsWith($"{{{other.Connection.Settings.Prefix}}}:", StringComparison.Ordinal), key));
    }

    /// <summary>Tries until the store answers; the store's own timeouts pace it.</summary>
    internal static async Task<T> Eventually<T>(Func<Task<T>> call)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException) when (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }
}
