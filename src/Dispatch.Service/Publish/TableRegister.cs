using TrafficDispatch.Service.Control;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.State.Files;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>Gives tables their versions and publishes them: in the store under the leader's token, then on this machine's disk. Used by one thread at a time.</summary>
internal sealed class TableRegister(StateDoor door, ILeadership leadership, TableIntake intake, TableHolder holder, FreezeWatch freeze, TimeProvider time, ILogger<TableRegister> logger)
{
    private TableVersion _seen, _next, _published;
    private FencingToken? _term;
    private bool _isSure;
    private TableContent? _hashed;
    private string _hash = "";

    /// <summary>Version of the table in force in words.</summary>
    public string Kept => holder.Current?.Table.Version.ToString() ?? "(none)";

    private ITableStore Tables => door.Store.Tables;

    /// <summary>Puts the newest whole table on disk in force, before any solve.</summary>
    /// <returns>True where there is one.</returns>
    public bool Restore()
    {
        FolderTables stored = door.Folder.Load();
        foreach (string fault in stored.Skipped) PublishLog.Skipped(logger, fault);
        _seen = stored.Highest;
        if (stored.Table is not { } table) return false;
        holder.Swap(new(table, null));
        PublishLog.Restored(logger, table.Version, table.BuiltAt, table.Content.Failovers.Count);
        return true;
    }

    /// <summary>
    /// Makes sure that this process leads and knows where the store stands, which it looks up at the start of a term and after a write of which
    /// it does not know what became. A newer table of the store is put in force first.
    /// </summary>
    /// <param name="isNewTerm">True where another may have led since the last time.</param>
    /// <param name="fault">Why it cannot be made sure; empty where this process just does not lead.</param>
    /// <returns>True where tables may be drafted.</returns>
    public bool TryLead(out bool isNewTerm, out string fault)
    {
        (isNewTerm, fault) = (false, "");
        if (leadership.Token is not { } token)
        {
            // Among several processes it is no fault not to lead; whoever follows says where the store is away.
            if (!door.IsShared) fault = $"The lease {door.Place} cannot be had: {leadership.Trouble}";
            return false;
        }
        if (token == _term && _isSure) return true;
        bool forgot;
        try
        {
            _published = Tables.HighestAsync(leadership.TermEnds).Awaited();
            forgot = Tables.MayHaveForgottenAsync(leadership.TermEnds).Awaited();
            intake.TakeAsync(_published, leadership.TermEnds).Awaited();
        }
        catch (StoreUnavailableException e)
        {
            fault = $"The tables {door.Place} cannot be looked up: {e.Message}";
            return false;
        }
        if (holder.Current is { } current && current.Table.Version > _seen) _seen = current.Table.Version;
        // A store that may have lost tables, or has none: a new epoch keeps its versions above all that it ever gave out.
        _next = NextVersion.After(_published, _seen, time.GetUtcNow(), forgot);
        isNewTerm = token != _term;
        (_term, _isSure) = (token, true);
        if (door.IsShared) ShareLog.TermBegins(logger, token.Number, _published, Kept, _next);
        return true;
    }

    /// <summary>The content under the next version; not kept and not in force yet.</summary>
    public RoutingTable Draft(TableContent content) => RoutingTable.Create(content, _next, time.GetUtcNow());

    /// <summary>True where the table in force says the same, failovers aside, and others who share the store can have it.</summary>
    /// <param name="table">A table without failovers.</param>
    public bool IsInForce(RoutingTable table) =>
        holder.Current is { } current && (!door.IsShared || current.Table.Version == _published) && PlainHash(current.Table) == table.ContentHash;

    /// <summary>Tells those who share the store that the table in force is right as of now.</summary>
    /// <param name="fault">Why they cannot be told; empty otherwise.</param>
    public bool TryConfirm(out string fault) => !door.IsShared
        ? NoFault(out fault)
        : TryWrite(token => Tables.ConfirmAsync(_published, token, leadership.TermEnds), $"Table {_published} cannot be confirmed", out fault);

    /// <summary>Publishes a table, which must come before it is put in force: its version then belongs to it for good.</summary>
    /// <param name="table">The table, drafted last.</param>
    /// <param name="fault">Why it cannot be published; empty otherwise.</param>
    /// <param name="evenIfFrozen">True where a person asks for this very table.</param>
    public bool TryKeep(RoutingTable table, out string fault, bool evenIfFrozen = false)
    {
        fault = "";
        if (!evenIfFrozen && !freeze.MayPublish(out fault, leadership.TermEnds)) return false;
        if (door.IsShared) ShareLog.Publishing(logger, table.Version);
        EncodedTable bytes = EncodedTable.Of(table);
        // In the store first: a version that clients have seen must never be given to other bytes, here or elsewhere.
        if (!TryWrite(token => Tables.PutAsync(bytes, token, leadership.TermEnds), $"Table {table.Version} cannot be kept", out fault)) return false;
        (_seen, _published, _next) = (table.Version, table.Version, table.Version.Next());
        if (!door.IsShared) return true;
        if (!TryConfirm(out string unconfirmed)) ShareLog.StoreAway(logger, unconfirmed, table.Version.ToString());
        try
        {
            door.Folder.Save(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ShareLog.NotOnDisk(logger, table.Version, e.Message);
        }
        return true;
    }

    private bool TryWrite(Func<FencingToken, Task<FencedWrite>> write, string what, out string fault)
    {
        fault = "";
        if (leadership.Token is not { } token || token != _term)
        {
            fault = $"{what}: this process no longer leads.";
            return false;
        }
        try
        {
            FencedWrite done = write(token).Awaited();
            if (done == FencedWrite.Stored) return true;
            if (done == FencedWrite.StaleToken) leadership.StepDown(token);
            fault = done == FencedWrite.StaleToken ? $"{what}: another process leads by now." : $"{what}: {door.Place} another one is the highest.";
        }
        catch (StoreUnavailableException e)
        {
            fault = $"{what} {door.Place}: {e.Message}";
        }
        // Whether it is stored is unknown, or the store holds what this process has not seen: ask before the next draft.
        _isSure = false;
        return false;
    }

    private static bool NoFault(out string fault)
    {
        fault = "";
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
