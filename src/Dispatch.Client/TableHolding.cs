namespace TrafficDispatch.Client;

/// <summary>The one reference to the table in force, and when it was last known to be current. Written by the follower's task alone; readers take no lock.</summary>
internal sealed class TableHolding(TimeProvider time)
{
    private DispatchTable? _table;
    private long _heardAt;
    private bool _confirmed, _connected;
    private readonly TaskCompletionSource<DispatchTable> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Raised after a table or overlay was put in force, on the follower's thread.</summary>
    public event EventHandler? Changed;

    /// <summary>The table; null where there is none.</summary>
    public DispatchTable? Table => Volatile.Read(ref _table);

    /// <summary>Ends with the first table that a service sent.</summary>
    public Task<DispatchTable> First => _first.Task;

    /// <summary>How current it is.</summary>
    public TableState State => Table is null ? TableState.Empty : Volatile.Read(ref _connected) ? TableState.Fresh : TableState.Stale;

    /// <summary>Time since a service last said that it is current; null where none ever did.</summary>
    public TimeSpan? Age => Volatile.Read(ref _confirmed) ? time.GetElapsedTime(Volatile.Read(ref _heardAt)) : null;

    /// <summary>Puts a table from a file in force.</summary>
    public void Load(DispatchTable table) => Volatile.Write(ref _table, table);

    /// <summary>Puts a table of a service in force.</summary>
    public void Put(DispatchTable table)
    {
        Volatile.Write(ref _table, table);
        Confirm();
        _first.TrySetResult(table);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Notes that a service says that the table is current.</summary>
    public void Confirm()
    {
        Volatile.Write(ref _heardAt, time.GetTimestamp());
        Volatile.Write(ref _confirmed, true);
        Volatile.Write(ref _connected, true);
    }

    /// <summary>Notes that no service stands behind the table any more.</summary>
    public void Lose() => Volatile.Write(ref _connected, false);

    /// <summary>Ends the wait for a first table.</summary>
    public void Close() => _first.TrySetCanceled();
}
