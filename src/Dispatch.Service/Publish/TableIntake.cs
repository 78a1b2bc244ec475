using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>Takes published tables from the shared store: fetched, checked, kept on disk, in force. Thread-safe.</summary>
internal sealed class TableIntake(StateDoor door, TableHolder holder, ILogger<TableIntake> logger) : IDisposable
{
    private readonly SemaphoreSlim _taking = new(1, 1);
    private TableVersion _refused;

    /// <inheritdoc/>
    public void Dispose() => _taking.Dispose();

    /// <summary>Puts the highest table of the store in force where it is newer than the one here and whole.</summary>
    /// <param name="highest">Its version.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task TakeAsync(TableVersion highest, CancellationToken cancellation)
    {
        await _taking.WaitAsync(cancellation);
        try
        {
            TableVersion mine = holder.Current?.Table.Version ?? TableVersion.None;
            // One that was refused is not fetched again and again; it would have to be published anew, under another version.
            if (highest <= mine || highest == _refused) return;
            // Without any table an older one of the store is better than none.
            TableReading reading = mine == TableVersion.None
                ? await door.Store.Tables.LatestAsync(cancellation)
                : await door.Store.Tables.FetchAsync(highest, cancellation);
            if (!reading.Skipped.IsEmpty) Refuse(highest, reading);
            if (reading.Table is { } table && table.Version > mine) Take(table);
        }
        finally
        {
            _taking.Release();
        }
    }

    private void Refuse(TableVersion highest, TableReading reading)
    {
        _refused = highest;
        holder.Note(r => r with { Refused = r.Refused + reading.Skipped.Length });
        foreach (string fault in reading.Skipped) ShareLog.Refused(logger, fault, holder.Current?.Table.Version.ToString() ?? "(none)");
    }

    private void Take(RoutingTable table)
    {
        if (!holder.Swap(new(table, null))) return;
        holder.Note(static r => r with { Taken = r.Taken + 1 });
        ShareLog.Taken(logger, table.Version);
        try
        {
            // After the swap: the store has it, so its version belongs to it already, and answers need not wait for the disk.
            door.Folder.Save(table);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ShareLog.NotOnDisk(logger, table.Version, e.Message);
        }
    }
}
