using TrafficDispatch.Model;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>What came of going back to an older table.</summary>
internal enum RollbackResult
{
    /// <summary>Its content is in force, under a new version.</summary>
    Done,

    /// <summary>The store does not hold it whole.</summary>
    Unknown,

    /// <summary>It says what the table in force says, or breaks a rule that holds today.</summary>
    Refused,

    /// <summary>Another process leads.</summary>
    Elsewhere,

    /// <summary>It cannot be published now.</summary>
    Failed,
}

/// <summary>
/// Publishes the content of an older table under the next version, because a person says so: health is that of today, and law and ingest are checked by the
/// facts of today. It goes out although publishing is frozen. Used by the solve thread.
/// </summary>
internal sealed class RollbackStage(StateDoor door, TableRegister register, WorldSource source, TableHolder holder, Publisher publisher, ILogger<RollbackStage> logger)
{
    /// <summary>Goes back. Never throws for what store or table hold.</summary>
    /// <param name="version">The older table.</param>
    /// <param name="fault">Why not; empty where it is done.</param>
    public RollbackResult Run(TableVersion version, out string fault)
    {
        try
        {
            if (!register.TryLead(out bool isNewTerm, out fault)) return fault.Length > 0 ? RollbackResult.Failed : RollbackResult.Elsewhere;
            if (isNewTerm) publisher.Forget();
            (EncodedTable? bytes, fault) = door.Store.Tables.FetchAsync(version, CancellationToken.None).Awaited();
            if (bytes is null || !bytes.TryRead(holder.Current?.Table, out RoutingTable? old, out fault)) return RollbackResult.Unknown;
            if (source.Read().World is not { } loaded)
            {
                fault = "There is no world whose law it could be held against.";
                return RollbackResult.Failed;
            }
            return Publish(old, loaded.World, out fault);
        }
        catch (StoreUnavailableException e)
        {
            fault = $"The tables {door.Place} give no answer: {e.Message}";
            return RollbackResult.Failed;
        }
    }

    private RollbackResult Publish(RoutingTable old, World world, out string fault)
    {
        TableContent content = old.Content with { Edges = [.. old.Content.Edges.Select(e => e with { State = StateOf(e, world) })] };
        RoutingTable table = register.Draft(content);
        fault = holder.Current?.Table.ContentHash == table.ContentHash ? $"Table {old.Version} says what the table in force says." : string.Join(' ', TableInvariants.OfContent(world, table));
        if (fault.Length > 0) return RollbackResult.Refused;
        if (!register.TryKeep(table, out fault, evenIfFrozen: true)) return RollbackResult.Failed;
        holder.Note(holder.Record with { Publishes = holder.Record.Publishes + 1, LastError = "", ConfirmedAt = holder.Now });
        holder.Swap(new(table, null));
        // The next solve is held to what is in force by now, and the book goes on with it.
        publisher.Forget();
        PublishLog.RolledBack(logger, table.Version, old.Version, table.ContentHash);
        return RollbackResult.Done;
    }

    // What is out today is out of the older table, too; what was out then and is not now serves again.
    private static HealthState StateOf(TableEdge edge, World world)
    {
        int ordinal = world.EdgeOrdinal(edge.Id);
        return ordinal < 0 ? HealthState.Drained : world.Health.Of(world.Edges[ordinal]).State;
    }
}
