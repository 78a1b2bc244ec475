using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>Gives tables their versions, keeps them on disk and puts them in force. Used by one thread at a time.</summary>
internal sealed class TableRegister(TableStore store, TableHolder holder, TimeProvider time, ILogger<TableRegister> logger)
{
    private TableVersion _highest;
    private TableContent? _hashed;
    private string _hash = "";

    /// <summary>Version of the table in force in words.</summary>
    public string Kept => holder.Current?.Table.Version.ToString() ?? "(none)";

    /// <summary>Puts the newest whole table on disk in force, before any solve.</summary>
    /// <returns>True where there is one.</returns>
    public bool Restore()
    {
        StoredTables stored = store.Load();
        foreach (string fault in stored.Skipped) PublishLog.Skipped(logger, fault);
        // A store without any table may have lost them: a new epoch keeps its versions above all that it ever gave out.
        _highest = stored.Highest == TableVersion.None ? new(time.GetUtcNow().ToUnixTimeSeconds(), 0) : stored.Highest;
        if (stored.Table is not { } table) return false;
        holder.Swap(new(table, null));
        PublishLog.Restored(logger, table.Version, table.BuiltAt, table.Content.Failovers.Count);
        return true;
    }

    /// <summary>The content under the next version; not kept and not in force yet.</summary>
    public RoutingTable Draft(TableContent content) => RoutingTable.Create(content, _highest.Next(), time.GetUtcNow());

    /// <summary>True where the table in force says the same, failovers aside.</summary>
    /// <param name="table">A table without failovers.</param>
    public bool IsInForce(RoutingTable table) => holder.Current is { } current && PlainHash(current.Table) == table.ContentHash;

    /// <summary>Keeps a table on disk, which must come before it is put in force: its version then belongs to it for good.</summary>
    /// <param name="table">The table, drafted last.</param>
    /// <param name="fault">Why it cannot be kept; empty otherwise.</param>
    public bool TryKeep(RoutingTable table, out string fault)
    {
        fault = "";
        try
        {
            // On disk first: a version that clients have seen must never be given to other bytes after a restart.
            store.Save(table);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"Table {table.Version} cannot be kept under State:Path: {e.Message}";
            return false;
        }
        _highest = table.Version;
        return true;
    }

    private string PlainHash(RoutingTable table)
    {
        if (table.Content.Failovers.Count == 0) return table.ContentHash;
        if (ReferenceEquals(_hashed, table.Content)) return _hash;
        _hash = RoutingTable.Create(table.Content with { Failovers = FailoverRows.None }, table.Version, table.BuiltAt).ContentHash;
        _hashed = table.Content;
        return _hash;
    }
}
