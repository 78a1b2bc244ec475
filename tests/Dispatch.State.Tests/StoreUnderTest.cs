using TrafficDispatch.State.Files;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>A store that the contract is held against, opened as often as there are processes that share it.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    private readonly List<IStateStore> _opened = [];

    internal StillClock Clock { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>Opens the store as a process does.</summary>
    public async Task<IStateStore> OpenAsync(Action? beforeStep = null, int kept = 3)
    {
        IStateStore store = await ConnectAsync(beforeStep, kept);
        _opened.Add(store);
        return store;
    }

    /// <summary>Lets time pass, by the clock that entries and file leases go by.</summary>
    public void Pass(TimeSpan time) => Clock.Advance(time);

    /// <summary>Lets the lease in force run out.</summary>
    public abstract Task ExpireLeaseAsync();

    /// <summary>Changes a stored byte of the newest table.</summary>
    public abstract Task DamageTableAsync(string version);

    /// <summary>Changes a stored byte of the billing book.</summary>
    public abstract Task DamageBillingAsync();

    /// <summary>Changes a stored byte of the newest measures.</summary>
    public abstract Task DamageMeasuresAsync();

    /// <summary>Changes or deletes a row of a table of the world.</summary>
    public abstract Task DamageWorldAsync(TableStamp table, bool isGone);

    /// <summary>How many tables of worlds are stored, whether a stamp names them or not, except drafts that end by themselves.</summary>
    public abstract Task<int> StoredWorldTablesAsync();

    private protected abstract Task<IStateStore> ConnectAsync(Action? beforeStep, int kept);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (IStateStore store in _opened) await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The store in a folder.</summary>
internal sealed class FolderUnderTest : StoreUnderTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dispatch-state-").FullName;

    public override Task ExpireLeaseAsync()
    {
        Pass(TimeSpan.FromDays(1));
        return Task.CompletedTask;
    }

    public override Task DamageTableAsync(string version)
    {
        Flip(Directory.EnumerateFiles(_folder, "table-*.tdt").Max()!);
        return Task.CompletedTask;
    }

    public override Task DamageBillingAsync()
    {
        Flip(Path.Combine(_folder, "billing-2030-03.json"));
        return Task.CompletedTask;
    }

    public override Task DamageMeasuresAsync()
    {
        Flip(Path.Combine(_folder, "measures.bin"));
        return Task.CompletedTask;
    }

    public override Task DamageWorldAsync(TableStamp table, bool isGone)
    {
        string path = Path.Combine(_folder, $"world-{table.Generation}-{table.Name}.rows");
        if (isGone) File.Delete(path);
        else Flip(path);
        return Task.CompletedTask;
    }

    public override Task<int> StoredWorldTablesAsync() => Task.FromResult(Directory.EnumerateFiles(_folder, "world-*.rows").Count());

    private protected override Task<IStateStore> ConnectAsync(Action? beforeStep, int kept) =>
        Task.FromResult<IStateStore>(FileState.Open(_folder, kept, Clock, alone: false, beforeStep));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 0x40;
        File.WriteAllBytes(path, bytes);
    }
}

/// <summary>The store in Redis.</summary>
internal sealed class RedisUnderTest(RedisServer server) : StoreUnderTest
{
    private readonly RedisSettings _settings = server.Settings;

    private string Root => $"{{{_settings.Prefix}}}:";

    public override Task ExpireLeaseAsync() => Task.FromResult(RedisConsole.Run(server, "DEL", Root + "lease"));

    public override Task DamageTableAsync(string version)
    {
        string key = RedisConsole.Run(server, "KEYS", Root + "tables:*.*").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Last();
        return Task.FromResult(RedisConsole.Run(server, "HSET", key, "0", "altered"));
    }

    public override Task DamageBillingAsync() => Task.FromResult(RedisConsole.Run(server, "HSET", Root + "billing", "2030-03", "altered"));

    public override Task DamageMeasuresAsync()
    {
        // The draft of a write that was refused lies there too.
        string newest = RedisConsole.Run(server, "GET", Root + "measures:highest").Trim();
        string key = RedisConsole.Run(server, "KEYS", $"{Root}measures:{newest}:*").Trim();
        return Task.FromResult(RedisConsole.Run(server, "HSET", key, "0", "altered"));
    }

    public override Task DamageWorldAsync(TableStamp table, bool isGone)
    {
        string key = $"{Root}world:{table.Generation}:{table.Name}";
        return Task.FromResult(isGone ? RedisConsole.Run(server, "DEL", key) : RedisConsole.Run(server, "HSET", key, "0", "altered"));
    }

    public override Task<int> StoredWorldTablesAsync() =>
        Task.FromResult(RedisConsole.Run(server, "KEYS", Root + "world:*:*").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Count(key => RedisConsole.Run(server, "PTTL", key).Trim() == "-1"));

    private protected override async Task<IStateStore> ConnectAsync(Action? beforeStep, int kept) =>
        await RedisState.OpenAsync(_settings, kept, Clock, beforeStep, default);
}
