using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Serving;

/// <summary>The one reference that is swapped, and what is known about how fresh it is. Thread-safe; readers never wait.</summary>
/// <remarks>Tables come from the publishing loop, from the start, or from the store that processes share: the highest version stays. The overlay may come from any thread.</remarks>
/// <param name="time">The clock of ages.</param>
/// <param name="interval">Time between solves; a table that no solve confirmed for three of them is stale.</param>
public sealed class TableHolder(TimeProvider time, TimeSpan interval)
{
    private readonly Lock _writing = new();
    private ServingState? _current;
    private long _refusals, _frozenCycles;
    private Overlay _overlay = Overlay.None;
    private PathHealth _paths = PathHealth.Nothing;
    private PublishRecord _record = PublishRecord.Nothing;
    private GuardRecord _guard = GuardRecord.Nothing;
    private HealthVerdict _health = HealthVerdict.Nothing;
    private IReadOnlyList<HealthStatement> _overrides = [];
    private ReplicaRecord? _replica;
    private FreezeRecord? _freeze;

    private readonly DateTimeOffset _origin = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();

    /// <summary>
    /// What ages are counted by: the wall clock of the start, going on by the clock that nobody sets. A wall clock that is set back must not keep a
    /// table young, nor one that is set ahead make it old.
    /// </summary>
    public DateTimeOffset Now => _origin + time.GetElapsedTime(_started);

    /// <summary>What answers are made from now; null before the first table.</summary>
    public ServingState? Current => Volatile.Read(ref _current);

    /// <summary>What reports about paths have come to.</summary>
    public PathHealth Paths => Volatile.Read(ref _paths);

    /// <summary>How publishing has gone so far.</summary>
    public PublishRecord Record => Volatile.Read(ref _record);

    /// <summary>How the guard before publishing has judged so far.</summary>
    public GuardRecord Guard => Volatile.Read(ref _guard);

    /// <summary>What probes came to last.</summary>
    public HealthVerdict Health => Volatile.Read(ref _health);

    /// <summary>What operators say of nodes besides the facts, for the solve: also what takes nothing out of answers, as a part of a capacity does.</summary>
    public IReadOnlyList<HealthStatement> Overrides => Volatile.Read(ref _overrides);

    /// <summary>How the process stands among those that share its store; null where it keeps its state alone.</summary>
    public ReplicaRecord? Replica => Volatile.Read(ref _replica);

    /// <summary>Who has stopped publishing; null where it goes on.</summary>
    public FreezeRecord? Freeze => Volatile.Read(ref _freeze);

    /// <summary>Cycles that published nothing because a person had stopped it.</summary>
    public long FrozenCycles => Volatile.Read(ref _frozenCycles);

    /// <summary>Counts a cycle that published nothing because a person had stopped it.</summary>
    public void HoldBack() => Interlocked.Increment(ref _frozenCycles);

    /// <summary>Raised after each swap, on the thread that swapped.</summary>
    public event EventHandler? Swapped;

    /// <summary>Raised after each change of the overlay, on the thread that brought it; not for the overlay that a swap brings along.</summary>
    public event EventHandler? OverlayChanged;

    /// <summary>Puts a state in force, under the overlay that holds now whatever the state says of it.</summary>
    /// <returns>False where a higher version is in force: tables never go back.</returns>
    public bool Swap(ServingState next)
    {
        lock (_writing)
        {
            if (_current is { } current && next.Table.Version < current.Table.Version) return false;
            if (!ReferenceEquals(_current?.Table.Content, next.Table.Content)) _overlay = _overlay.For(next.Table.Content);
            if (!ReferenceEquals(_current?.Table.Content, next.Table.Content)) _paths = _paths.For(next.Table);
            Volatile.Write(ref _current, next with { Overlay = _overlay, Paths = _paths });
        }
        Swapped?.Invoke(this, EventArgs.Empty);
        return true;
    }

    /// <summary>Notes what is known about failures of the plan in force; the table stays.</summary>
    public void Note(FailureSummary failures)
    {
        lock (_writing)
        {
            if (_current is { } state) Volatile.Write(ref _current, state with { Failures = failures });
        }
    }

    /// <summary>Takes what a source says about nodes; answers heed it from now on.</summary>
    /// <param name="source">Who says so; see <see cref="Overlay.With"/>.</param>
    /// <param name="statements">All that it says now.</param>
    /// <returns>The new overlay; null where nothing changes.</returns>
    public Overlay? Say(string source, ImmutableArray<HealthStatement> statements) => Change(overlay => overlay.With(source, statements, NotBelow()));

    /// <summary>Takes what a source says edges keep of their clients; answers heed it from now on.</summary>
    /// <param name="source">Who says so; see <see cref="Overlay.Weigh"/>.</param>
    /// <param name="weights">All that it says now.</param>
    /// <returns>The new overlay; null where nothing changes.</returns>
    public Overlay? Weigh(string source, EdgeWeights weights) => Change(overlay => overlay.Weigh(source, weights, NotBelow()));

    /// <summary>Takes what reports about paths have come to; answers heed it from now on.</summary>
    /// <param name="hops">All hops that are reported to fail, in a fixed order.</param>
    /// <param name="downRelays">Relays that count as down by reports, in order; that they are down is for the overlay to say.</param>
    /// <returns>What holds now; null where no answer changes.</returns>
    public PathHealth? Heed(ImmutableArray<HopVerdict> hops, ImmutableArray<string> downRelays)
    {
        lock (_writing)
        {
            if (_paths.IsSame(hops, downRelays))
            {
                // Only when it ends may have changed; no answer depends on that.
                Volatile.Write(ref _paths, _paths with { Hops = hops });
                return null;
            }
            PathHealth next = _paths with { Hops = hops, DownRelays = downRelays, Version = _paths.Version + 1 };
            if (_current is { } state)
            {
                next = next.For(state.Table);
                Volatile.Write(ref _current, state with { Paths = next });
            }
            Volatile.Write(ref _paths, next);
            return next;
        }
    }

    // Seconds of the clock keep versions rising over a restart.
    private ulong NotBelow() => (ulong)Math.Max(1, time.GetUtcNow().ToUnixTimeSeconds());

    private Overlay? Change(Func<Overlay, Overlay> change)
    {
        Overlay next;
        lock (_writing)
        {
            next = change(_overlay);
            if (ReferenceEquals(next, _overlay)) return null;
            if (_current is { } state)
            {
                next = next.For(state.Table.Content);
                Volatile.Write(ref _current, state with { Overlay = next });
            }
            _overlay = next;
        }
        OverlayChanged?.Invoke(this, EventArgs.Empty);
        return next;
    }

    /// <summary>Statements of health that were refused so far.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>Counts statements of health that were refused: what was known before stays.</summary>
    public void Refuse() => Interlocked.Increment(ref _refusals);

    /// <summary>Notes how publishing has gone.</summary>
    public void Note(PublishRecord record) => Volatile.Write(ref _record, record);

    /// <summary>Notes what probes come to.</summary>
    public void Note(HealthVerdict verdict) => Volatile.Write(ref _health, verdict);

    /// <summary>Notes what operators say.</summary>
    public void Note(IReadOnlyList<HealthStatement> overrides) => Volatile.Write(ref _overrides, overrides);

    /// <summary>Notes how the guard has judged.</summary>
    public void Note(GuardRecord record) => Volatile.Write(ref _guard, record);

    /// <summary>Notes whether publishing is stopped; null where it goes on.</summary>
    public void Note(FreezeRecord? freeze) => Volatile.Write(ref _freeze, freeze);

    /// <summary>Makes the process one of those that share a store.</summary>
    public void Join(ReplicaRecord replica) => Volatile.Write(ref _replica, replica);

    /// <summary>Notes a change in how the process stands among those that share its store; nothing happens where it keeps its state alone.</summary>
    public void Note(Func<ReplicaRecord, ReplicaRecord> change)
    {
        lock (_writing)
        {
            if (_replica is { } replica) Volatile.Write(ref _replica, change(replica));
        }
    }

    /// <summary>When the table in force was last held to be right, by a solve here or by the leader; null where neither is known.</summary>
    public DateTimeOffset? ConfirmedAt
    {
        get
        {
            (DateTimeOffset? here, DateTimeOffset? there) = (Record.ConfirmedAt, Replica?.ConfirmedAt);
            return here is null || there > here ? there : here;
        }
    }

    /// <summary>Time since a solve last confirmed or made the table in force; since it was built where none has in this process.</summary>
    public TimeSpan Age(ServingState state)
    {
        TimeSpan age = Now - (ConfirmedAt ?? state.Table.BuiltAt);
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    /// <summary>Time since the failovers of this plan were made; null where they never were.</summary>
    public TimeSpan? Age(FailureSummary failures) => Ago(failures.MadeAt);

    /// <summary>Time since a moment, at least 0; null for null.</summary>
    public TimeSpan? Ago(DateTimeOffset? moment)
    {
        if (moment is not { } then) return null;
        TimeSpan age = Now - then;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    /// <summary>How long the guard has kept the last good table in force; zero where it does not.</summary>
    public TimeSpan Held()
    {
        TimeSpan held = Guard.Since is { } since ? Now - since : TimeSpan.Zero;
        return held > TimeSpan.Zero ? held : TimeSpan.Zero;
    }

    /// <summary>How fresh the answers are just now.</summary>
    public Freshness Freshness()
    {
        if (Current is not { } state) return Serving.Freshness.NoTable;
        // What a former leader last failed on is no concern of a follower's.
        string trouble = Replica is { } replica ? replica.Trouble + (replica.Leads ? Record.LastError : "") : Record.LastError;
        bool confirmed = ConfirmedAt is not null && trouble.Length == 0 && Age(state) <= 3 * interval;
        return confirmed ? Serving.Freshness.Ready : Serving.Freshness.Stale;
    }
}

/// <summary>How fresh the answers are.</summary>
public enum Freshness
{
    /// <summary>There is nothing to answer from.</summary>
    NoTable,

    /// <summary>The last cycle failed, or no solve confirmed the table for three intervals. Answers go on.</summary>
    Stale,

    /// <summary>The last cycle succeeded.</summary>
    Ready,
}

/// <summary>How publishing has gone since the start. Immutable.</summary>
/// <param name="Publishes">Tables put in force by a solve.</param>
/// <param name="Failures">Cycles that could not renew or confirm the table.</param>
/// <param name="WorldFailures">Loads of the world that were refused.</param>
/// <param name="FailoverPublishes">Tables put in force because failovers were made for the plan in force.</param>
/// <param name="FailoverFailures">Runs of failures that ended without failovers for another reason than a lack of time.</param>
/// <param name="FailoverLates">Runs of failures that the next cycle or the end of the process cut off.</param>
/// <param name="LastError">What the last cycle failed on; empty after a success.</param>
/// <param name="ConfirmedAt">When a solve last made or confirmed the table; null before the first.</param>
public sealed record PublishRecord(
    long Publishes, long Failures, long WorldFailures, long FailoverPublishes, long FailoverFailures, long FailoverLates, string LastError, DateTimeOffset? ConfirmedAt)
{
    /// <summary>Nothing has happened yet.</summary>
    public static readonly PublishRecord Nothing = new(0, 0, 0, 0, 0, 0, "", null);
}
