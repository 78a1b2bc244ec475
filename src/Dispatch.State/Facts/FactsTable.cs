using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>
/// One table of a stored world: how its rows are made of the facts and how they become facts again. Rows are made one by one, so that a
/// matrix is never held twice.
/// </summary>
internal abstract class FactsTable(string name)
{
    /// <summary>Its name in keys and stamps.</summary>
    public string Name => name;

    /// <summary>Rows that the facts make; null where they lack the table, which only <c>loss</c> may be.</summary>
    public abstract int? RowsOf(WorldFacts facts);

    /// <summary>Makes a row. O(row).</summary>
    public abstract byte[] Row(WorldFacts facts, int row);

    /// <summary>Starts to read the table; the tables before it have been read into the draft.</summary>
    /// <exception cref="InvalidDataException">There cannot be so many rows.</exception>
    public abstract IFactsRows Read(int rows);
}

/// <summary>Takes the rows of one table in order.</summary>
internal interface IFactsRows
{
    /// <summary>Takes the next row.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such row.</exception>
    /// <exception cref="EndOfStreamException">The row is cut off.</exception>
    void Add(WorldFacts sofar, byte[] row);

    /// <summary>The facts with the table in them.</summary>
    WorldFacts Finish(WorldFacts sofar);
}

/// <summary>A table that is one row.</summary>
internal sealed class SingleRow(string name, Action<RowWriter, WorldFacts> write, Func<RowReader, WorldFacts, WorldFacts> read)
    : FactsTable(name)
{
    /// <inheritdoc/>
    public override int? RowsOf(WorldFacts facts) => 1;

    /// <inheritdoc/>
    public override byte[] Row(WorldFacts facts, int row) => RowWriter.Build(r => write(r, facts));

    /// <inheritdoc/>
    public override IFactsRows Read(int rows) => rows == 1 ? new Reading(read) : throw new InvalidDataException($"must be one row, not {rows}");

    private sealed class Reading(Func<RowReader, WorldFacts, WorldFacts> read) : IFactsRows
    {
        private WorldFacts? _facts;

        public void Add(WorldFacts sofar, byte[] row)
        {
            using RowReader reader = new(row);
            _facts = read(reader, sofar);
            reader.End();
        }

        public WorldFacts Finish(WorldFacts sofar) => _facts ?? throw new InvalidDataException("has no row");
    }
}
