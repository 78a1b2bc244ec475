namespace TrafficDispatch.Service.Serving;

/// <summary>The one reference that is swapped, and what is known about how fresh it is. Thread-safe; readers never wait.</summary>
/// <remarks>Only the publishing loop writes, on its one thread; before the loop runs, the start does.</remarks>
/// <param name="time">The clock of ages.</param>
/// <param name="interval">Time between solves; a table that no solve confirmed for three of them is stale.</param>
public sealed class TableHolder(TimeProvider time, TimeSpan interval)
{
    private ServingState? _current;
    private PublishRecord _record = PublishRecord.Nothing;

    /// <summary>What answers are made from now; null before the first table.</summary>
    public ServingState? Current => Volatile.Read(ref _current);

    /// <summary>How publishing has gone so far.</summary>
    public PublishRecord Record => Volatile.Read(ref _record);

    /// <summary>Raised after each swap, on the thread that swapped.</summary>
    public event EventHandler? Swapped;

    /// <summary>Puts a state in force.</summary>
    public void Swap(ServingState next)
    {
        Volatile.Write(ref _current, next);
        Swapped?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Notes how publishing has gone.</summary>
    public void Note(PublishRecord record) => Volatile.Write(ref _record, record);

    /// <summary>Time since a solve last confirmed or made the table in force; since it was built where none has in this process.</summary>
    public TimeSpan Age(ServingState state)
    {
        TimeSpan age = time.GetUtcNow() - (Record.ConfirmedAt ?? state.Table.BuiltAt);
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    /// <summary>How fresh the answers are just now.</summary>
    public Freshness Freshness()
    {
        PublishRecord record = Record;
        if (Current is not { } state) return Serving.Freshness.NoTable;
        bool confirmed = record.ConfirmedAt is not null && record.LastError.Length == 0 && Age(state) <= 3 * interval;
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
/// <param name="LastError">What the last cycle failed on; empty after a success.</param>
/// <param name="ConfirmedAt">When a solve last made or confirmed the table; null before the first.</param>
public sealed record PublishRecord(long Publishes, long Failures, long WorldFailures, string LastError, DateTimeOffset? ConfirmedAt)
{
    /// <summary>Nothing has happened yet.</summary>
    public static readonly PublishRecord Nothing = new(0, 0, 0, "", null);
}
