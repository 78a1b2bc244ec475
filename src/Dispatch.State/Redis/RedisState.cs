using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State.Redis;

/// <summary>State in Redis, shared by any number of processes. Thread-safe.</summary>
public sealed class RedisState : IStateStore
{
    /// <summary>How many tables are kept where nobody says otherwise.</summary>
    public const int DefaultKept = 3;

    internal const string TablesName = "tables";

    private const string SolvesName = "solves", MeasuresName = "measures";

    // The newest, and the one before where the newest is damaged.
    private const int KeptMeasures = 2;

    private RedisState(RedisConnection connection, int keptTables, TimeProvider time, Action? beforeStep)
    {
        Connection = connection;
        Worlds = new WorldStore(new RedisWorldMedium(connection, WorldPlace.InForce) { BeforeStep = beforeStep }, time) { BeforeStep = beforeStep };
        Tables = new RedisTableStore(connection, new RedisArchive(connection, TablesName, keptTables, announces: true) { BeforeStep = beforeStep });
        WorldStore solved = new(new RedisWorldMedium(connection, WorldPlace.Solved) { BeforeStep = beforeStep }, time) { BeforeStep = beforeStep };
        Solves = new SolveArchive(solved, new RedisArchive(connection, SolvesName, keptTables, announces: false) { BeforeStep = beforeStep });
        Measures = new RedisMeasureArchive(new RedisArchive(connection, MeasuresName, KeptMeasures, announces: false) { BeforeStep = beforeStep });
        Lease = new RedisLeaseStore(connection);
        Announcements = new RedisAnnouncements(connection);
        Broadcasts = new RedisBroadcasts(connection);
        HealthOverrides = new OverrideStore(new RedisEntries(connection, connection.Keys.Overrides, Topic.Overrides), time);
        Freeze = new FreezeStore(new RedisEntries(connection, connection.Keys.Freeze, Topic.Freeze));
        Changes = new RedisChangeLog(connection);
        Streams = new StreamStore(new RedisEntries(connection, connection.Keys.Streams, Topic.Streams), time);
        Billing = new RedisBillingStore(connection);
    }

    /// <summary>The connection, for its state.</summary>
    public RedisConnection Connection { get; }

    /// <inheritdoc/>
    public IWorldStore Worlds { get; }

    /// <inheritdoc/>
    public ITableStore Tables { get; }

    /// <inheritdoc/>
    public ILeaseStore Lease { get; }

    /// <inheritdoc/>
    public IAnnouncements Announcements { get; }

    /// <inheritdoc/>
    public IBroadcasts Broadcasts { get; }

    /// <inheritdoc/>
    public IOverrideStore HealthOverrides { get; }

    /// <inheritdoc/>
    public IFreezeStore Freeze { get; }

    /// <inheritdoc/>
    public IChangeLog Changes { get; }

    /// <inheritdoc/>
    public IBillingStore Billing { get; }

    /// <inheritdoc/>
    public IStreamStore Streams { get; }

    /// <inheritdoc/>
    public ISolveArchive Solves { get; }

    /// <inheritdoc/>
    public IMeasureArchive Measures { get; }

    /// <summary>Opens the state. Where Redis cannot be reached now it is opened all the same; calls fail until it can.</summary>
    /// <param name="settings">Where Redis is.</param>
    /// <param name="keptTables">How many tables and solves are kept, 1 to 100.</param>
    /// <param name="time">The clock that stamps and ends of entries go by; leases go by the server's.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">The settings have a fault.</exception>
    /// <exception cref="StoreUnavailableException">The CA file cannot be used, or a name cannot be resolved.</exception>
    public static Task<RedisState> OpenAsync(RedisSettings settings, int keptTables, TimeProvider time, CancellationToken cancellation) =>
        OpenAsync(settings, keptTables, time, beforeStep: null, cancellation);

    internal static async Task<RedisState> OpenAsync(
        RedisSettings settings, int keptTables, TimeProvider time, Action? beforeStep, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keptTables, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keptTables, 100);
        return new(await RedisConnection.OpenAsync(settings, time, cancellation).ConfigureAwait(false), keptTables, time, beforeStep);
    }

    /// <summary>Closes the connection. A lease that is held runs out by itself.</summary>
    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
