using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State.Files;

/// <summary>State in a folder, for processes of one machine. Thread-safe.</summary>
public sealed class FileState : IStateStore
{
    private FileState(string folder, int keptTables, TimeProvider time, bool alone, Action? beforeStep)
    {
        StateFiles files = new(folder);
        FileLeaseStore lease = new(files, time, alone);
        FileAnnouncements announcements = new(files, time);
        Lease = lease;
        Announcements = announcements;
        Worlds = new WorldStore(new FileWorldMedium(files, announcements, WorldPlace.InForce) { BeforeStep = beforeStep }, time) { BeforeStep = beforeStep };
        Tables = new FileTableStore(files, lease, announcements, keptTables, time);
        WorldStore solved = new(new FileWorldMedium(files, announcements, WorldPlace.Solved) { BeforeStep = beforeStep }, time) { BeforeStep = beforeStep };
        Solves = new SolveArchive(solved, new FileContents(files, lease, "solve", keptTables));
        Billing = new FileBillingStore(files, lease);
        Measures = new FileMeasureArchive(files, lease);
        HealthOverrides = new OverrideStore(new FileEntries(files, announcements, "overrides.json", Topic.Overrides), time);
        Freeze = new FreezeStore(new FileEntries(files, announcements, "freeze.json", Topic.Freeze));
        Streams = new StreamStore(new FileEntries(files, announcements, "streams.json", Topic.Streams), time);
    }

    /// <inheritdoc/>
    public IWorldStore Worlds { get; }

    /// <inheritdoc/>
    public ITableStore Tables { get; }

    /// <inheritdoc/>
    public ILeaseStore Lease { get; }

    /// <inheritdoc/>
    public IAnnouncements Announcements { get; }

    /// <inheritdoc/>
    public IBroadcasts Broadcasts { get; } = new LocalBroadcasts();

    /// <inheritdoc/>
    public IOverrideStore HealthOverrides { get; }

    /// <inheritdoc/>
    public IFreezeStore Freeze { get; }

    /// <inheritdoc/>
    public IChangeLog Changes { get; } = new NoChangeLog();

    /// <inheritdoc/>
    public IBillingStore Billing { get; }

    /// <inheritdoc/>
    public IStreamStore Streams { get; }

    /// <inheritdoc/>
    public ISolveArchive Solves { get; }

    /// <inheritdoc/>
    public IMeasureArchive Measures { get; }

    /// <summary>Opens the state.</summary>
    /// <param name="folder">Full path; made where it is missing.</param>
    /// <param name="keptTables">How many tables and solves are kept, 1 to 100.</param>
    /// <param name="time">The clock that stamps, leases and ends of entries go by.</param>
    /// <exception cref="StoreUnavailableException">The folder cannot be made.</exception>
    public static FileState Open(string folder, int keptTables, TimeProvider time) => Open(folder, keptTables, time, alone: false, beforeStep: null);

    /// <summary>Opens the state of a process that holds the folder alone: it always gets the lease, and keeps it until it gives it back.</summary>
    /// <param name="folder">Full path; made where it is missing. The caller sees to it that no other process has it.</param>
    /// <param name="keptTables">How many tables and solves are kept, 1 to 100.</param>
    /// <param name="time">The clock that stamps and ends of entries go by.</param>
    /// <exception cref="StoreUnavailableException">The folder cannot be made.</exception>
    public static FileState OpenAlone(string folder, int keptTables, TimeProvider time) => Open(folder, keptTables, time, alone: true, beforeStep: null);

    internal static FileState Open(string folder, int keptTables, TimeProvider time, bool alone, Action? beforeStep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keptTables, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keptTables, 100);
        return new(folder, keptTables, time, alone, beforeStep);
    }

    /// <summary>Nothing is held between calls.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
