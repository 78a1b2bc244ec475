using System.Collections.Immutable;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// Takes published tables from the shared store: fetched, read and checked, in force, kept on disk, all of it on a thread below those that
/// serve. Thread-safe.
/// </summary>
internal sealed class TableIntake(StateDoor door, TableHolder holder, QuietThread thread, ILogger<TableIntake> logger)
{
    // Used on the quiet thread alone.
    private TableVersion _refused;

    /// <summary>Puts the highest table of the store in force where it is newer than the one here and whole.</summary>
    /// <param name="highest">Its version.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public Task TakeAsync(TableVersion highest, CancellationToken cancellation)
    {
        TableVersion mine = holder.Current?.Table.Version ?? TableVersion.None;
        return highest <= mine ? Task.CompletedTask : thread.RunAsync(() => Take(highest, cancellation));
    }

    private void Take(TableVersion highest, CancellationToken cancellation)
    {
        RoutingTable? held = holder.Current?.Table;
        TableVersion mine = held?.Version ?? TableVersion.None;
        // One that was refused is not fetched again and again; it would have to be published anew, under another version.
        if (highest <= mine || highest == _refused) return;
        List<string> skipped = [];
        // Without any table an older one of the store is better than none.
        ImmutableArray<TableVersion> wanted = held is not null ? [highest] : [.. door.Store.Tables.ListAsync(cancellation).Awaited().Select(static t => t.Version)];
        foreach (TableVersion version in wanted)
        {
            (EncodedTable? bytes, string fault) = door.Store.Tables.FetchAsync(version, cancellation).Awaited();
            if (bytes is not null && bytes.TryRead(held, out RoutingTable? table, out fault))
            {
                Take(table, bytes);
                break;
            }
            skipped.Add($"table {version}: {fault}");
        }
        if (skipped.Count > 0) Refuse(highest, skipped);
    }

    private void Refuse(TableVersion highest, List<string> skipped)
    {
        _refused = highest;
        holder.Note(r => r with { Refused = r.Refused + skipped.Count });
        foreach (string fault in skipped) ShareLog.Refused(logger, fault, holder.Current?.Table.Version.ToString() ?? "(none)");
    }

    private void Take(RoutingTable table, EncodedTable bytes)
    {
        if (!holder.Swap(new(table, null))) return;
        holder.Note(static r => r with { Taken = r.Taken + 1 });
        ShareLog.Taken(logger, table.Version);
        try
        {
            // After the swap: the store has it, so its version belongs to it already, and answers need not wait for the disk.
            door.Folder.Save(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ShareLog.NotOnDisk(logger, table.Version, e.Message);
        }
    }
}
