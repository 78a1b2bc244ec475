using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>Fetches rows of a stored table; the delegate gives them in order and null for one that is not there.</summary>
internal delegate IAsyncEnumerable<byte[]?> RowSource(TableStamp table, CancellationToken cancellation);

/// <summary>Puts a world together from the rows that a stamp lists, each table against its checksum, the whole against the rules.</summary>
internal static class FactsReading
{
    /// <summary>Reads a world. Linear; memory is that of the world and one batch of rows.</summary>
    public static async Task<WorldReading> RunAsync(WorldStamp stamp, RowSource rows, CancellationToken cancellation)
    {
        WorldFacts facts = FactsTables.Nothing(stamp.Version);
        foreach (string name in stamp.Tables.Select(static t => t.Name).Except(FactsTables.All.Select(static t => t.Name)))
            return Refused(stamp, name, "is a table that this build does not know");
        foreach (FactsTable table in FactsTables.All)
        {
            if (stamp.Tables.FirstOrDefault(t => t.Name == table.Name) is not { } listed)
            {
                if (table.Name == FactsTables.Loss) continue;
                return Refused(stamp, table.Name, "is missing from the stamp");
            }
            try
            {
                facts = await ReadTableAsync(table, listed, facts, rows, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException or IOException)
            {
                return Refused(stamp, table.Name, e is EndOfStreamException ? "is cut off" : e.Message);
            }
        }
        ImmutableArray<StateFault> faults = FactsCheck.Run(facts);
        return faults.IsEmpty ? new(new World(facts), stamp, []) : new(null, stamp, faults);
    }

    private static async Task<WorldFacts> ReadTableAsync(
        FactsTable table, TableStamp listed, WorldFacts sofar, RowSource rows, CancellationToken cancellation)
    {
        using RowsDigest digest = new();
        IFactsRows reading = table.Read(listed.Rows);
        await foreach (byte[]? row in rows(listed, cancellation).ConfigureAwait(false))
        {
            if (row is null) throw new InvalidDataException($"row {digest.Rows} of {listed.Rows} is not there");
            digest.Add(row);
            if (digest.Bytes > listed.Bytes) throw new InvalidDataException($"holds more than the {listed.Bytes} bytes of its stamp");
            reading.Add(sofar, row);
        }
        if (digest.Rows != listed.Rows) throw new InvalidDataException($"{listed.Rows - digest.Rows} of {listed.Rows} rows are not there");
        if (digest.Finish() != listed.Checksum) throw new InvalidDataException("does not have the checksum of its stamp");
        return reading.Finish(sofar);
    }

    private static WorldReading Refused(WorldStamp stamp, string table, string rule) => new(null, stamp, [new(table, "", "", "", rule)]);
}
