using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.State;

/// <summary>One table of a stored world.</summary>
/// <param name="Name">Its name: <c>places</c>, <c>capacity</c>, <c>cost</c>, <c>demand</c>, <c>latency</c> and so on.</param>
/// <param name="Generation">The generation that wrote it: its own world's, or an older one's where it has not changed since.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Bytes">The length of all rows.</param>
/// <param name="Checksum">SHA-256 over the rows, each after its length, in lower-case hexadecimal.</param>
public sealed record TableStamp(string Name, long Generation, int Rows, long Bytes, string Checksum);

/// <summary>Names a stored world and lists what it is made of. Written last: what it lists is there wholly.</summary>
/// <param name="Generation">Grows with every write of a world, from 1.</param>
/// <param name="Version">The world's own version.</param>
/// <param name="WrittenAt">When it was written, by the writer's clock.</param>
/// <param name="Tables">The tables, in the order in which they are read.</param>
public sealed record WorldStamp(long Generation, string Version, DateTimeOffset WrittenAt, ImmutableArray<TableStamp> Tables)
{
    /// <summary>
    /// True for the same write. A store that lost its data counts its generations from 1 again, so that the number alone does not tell.
    /// </summary>
    public bool IsSameAs(WorldStamp? other) =>
        other is not null && Generation == other.Generation && Version == other.Version && WrittenAt == other.WrittenAt;

    /// <summary>Bytes of all tables.</summary>
    public long Bytes => Tables.Sum(static t => t.Bytes);

    /// <summary>Rows of all tables.</summary>
    public long Rows => Tables.Sum(static t => (long)t.Rows);
}

/// <summary>A rule that stored facts break.</summary>
/// <param name="Table">The table.</param>
/// <param name="Row">Which row: an id, or a position from 0.</param>
/// <param name="Field">The field.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Rule">What must hold.</param>
public sealed record StateFault(string Table, string Row, string Field, string Value, string Rule)
{
    /// <summary>One line, for instance <c>capacity: row 'own-par', field capacity_gbps is '-1': must be ...</c>.</summary>
    public override string ToString() =>
        Field.Length == 0 ? $"{Table}: {Rule}" : $"{Table}: row '{Row}', field {Field} is '{Value}': {Rule}";
}

/// <summary>What came of reading a world.</summary>
/// <param name="World">The world; null where there is none or it cannot be used.</param>
/// <param name="Stamp">Its stamp; null where there is no world.</param>
/// <param name="Faults">Why a world that is there cannot be used; empty otherwise.</param>
public sealed record WorldReading(World? World, WorldStamp? Stamp, ImmutableArray<StateFault> Faults);

/// <summary>What came of writing a world.</summary>
/// <param name="Stamp">The stamp that is in force now; null where the write was refused.</param>
/// <param name="Refusal">Why it was refused; empty where it was written.</param>
/// <param name="Faults">What is wrong with the world itself; empty unless that is why.</param>
/// <param name="BytesMoved">Bytes of the tables that were sent; unchanged ones are not.</param>
public sealed record WorldWriting(WorldStamp? Stamp, string Refusal, ImmutableArray<StateFault> Faults, long BytesMoved);
