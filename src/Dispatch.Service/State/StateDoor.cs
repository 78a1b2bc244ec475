using TrafficDispatch.Service.Options;
using TrafficDispatch.State;
using TrafficDispatch.State.Files;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Service.State;

/// <summary>Where this process keeps what outlives it. Thread-safe.</summary>
/// <param name="Store">Everything by its interface: in the process's own folder, or in Redis.</param>
/// <param name="Folder">The last tables on this machine's disk, to answer from when nothing else can be had.</param>
/// <param name="IsShared">True where other processes use the store, too.</param>
internal sealed record StateDoor(IStateStore Store, TableFolder Folder, bool IsShared)
{
    /// <summary>The store in words, for faults.</summary>
    public string Place => IsShared ? "in Redis" : "under State:Path";

    /// <summary>Opens the store that the settings name. Redis need not be there: what is asked of it fails until it is.</summary>
    /// <exception cref="StoreUnavailableException">The folder cannot be used, the CA file cannot be read, or Redis's name cannot be resolved.</exception>
    public static StateDoor Open(ServiceSettings settings, StateFolder folder, TimeProvider time)
    {
        TableFolder tables = new(folder.Path, settings.State.KeptTables);
        if (settings.Shared is not { } shared) return new(FileState.OpenAlone(folder.Path, settings.State.KeptTables, time), tables, IsShared: false);
        return new(RedisState.OpenAsync(shared.Redis, settings.State.KeptTables, time, default).Awaited(), tables, IsShared: true);
    }
}

/// <summary>Waits for a store where a thread has nothing else to do: the solve thread is its own, and the start comes before serving.</summary>
internal static class StoreWait
{
    /// <summary>The result; a fault is thrown as it is.</summary>
    public static T Awaited<T>(this Task<T> task) => task.GetAwaiter().GetResult();

    /// <summary>Comes back when it is done; a fault is thrown as it is.</summary>
    public static void Awaited(this Task task) => task.GetAwaiter().GetResult();
}
