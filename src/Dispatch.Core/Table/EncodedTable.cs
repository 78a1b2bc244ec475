using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Table;

/// <summary>
/// A table in its stored form, under the version that it is filed under. Made once, it goes to every store and disk; what came from one is
/// only believed once it is read. Immutable and thread-safe.
/// </summary>
/// <param name="Version">What it is filed under.</param>
/// <param name="Bytes">As <see cref="RoutingTableCodec"/> writes them; unchecked until <see cref="TryRead"/>.</param>
public sealed record EncodedTable(TableVersion Version, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The stored form of a table. O(content).</summary>
    public static EncodedTable Of(RoutingTable table) => new(table.Version, RoutingTableCodec.Encode(table));

    /// <summary>Reads and checks the bytes. O(bytes), some 10 ms a megabyte: choose the thread.</summary>
    /// <param name="before">A table whose prefix index is shared where it is the same; null for none.</param>
    /// <param name="table">The table; null where the bytes are none, or one of another version.</param>
    /// <param name="fault">What is wrong; empty where it was read.</param>
    public bool TryRead(RoutingTable? before, [NotNullWhen(true)] out RoutingTable? table, out string fault)
    {
        if (!RoutingTableCodec.TryRead(Bytes.Span, before?.Content.Prefixes, out table, out fault)) return false;
        if (table.Version == Version) return true;
        (fault, table) = ($"holds version {table.Version}", null);
        return false;
    }
}
