using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>
/// How a table splits the clients of its entries under an overlay, as <see cref="RoutingTable.Decide"/> does client by client: a failover where just its
/// edges are out, else the planned edges that are left in proportion, else the best backup that is left. Used by one thread.
/// </summary>
/// <remarks>Clients that an edge over its ceiling gives away for some minutes are still counted with it.</remarks>
internal sealed class EntryShares
{
    private readonly TableContent _table;
    private readonly bool[] _isOut;
    private readonly List<(int Edge, int Weight)> _left = [];

    /// <summary>Looks at a table. O(edges).</summary>
    /// <param name="table">The table.</param>
    /// <param name="down">Bits of the nodes that are down or drained, as an overlay has them.</param>
    public EntryShares(RoutingTable table, ReadOnlySpan<ulong> down)
    {
        _table = table.Content;
        _isOut = new bool[_table.EdgeCount];
        for (int e = 0; e < _isOut.Length; e++)
            _isOut[e] = _table.Edges[e].State != HealthState.Up || (e >> 6 < down.Length && (down[e >> 6] >> (e & 63) & 1) != 0);
        Failover = table.FailoverOf(down);
    }

    /// <summary>The failover in force; −1 for none.</summary>
    public int Failover { get; }

    /// <summary>Edges and their shares of an entry, in 1/16384, greatest first as planned; valid until the next call.</summary>
    /// <param name="entry">Ordinal of the entry.</param>
    /// <returns>What they lack of <see cref="Shares.Whole"/> nobody serves.</returns>
    public ReadOnlySpan<(int Edge, int Weight)> Read(int entry)
    {
        FailoverRow row = FailoverRow.Of(_table, Failover, entry);
        int planned = 0, kept = 0;
        _left.Clear();
        for (int i = 0; i < row.Edges.Length && row.Weights[i] > 0; i++)
        {
            planned += row.Weights[i];
            if (_isOut[row.Edges[i]]) continue;
            kept += row.Weights[i];
            _left.Add((row.Edges[i], row.Weights[i]));
        }
        if (kept == planned) return CollectionsMarshal.AsSpan(_left);
        if (kept > 0) Stretch(planned, kept);
        else if (FirstBackup(entry) is >= 0 and int backup) _left.Add((backup, planned));
        return CollectionsMarshal.AsSpan(_left);
    }

    // The race for a client is won in proportion to the weights that are left.
    private void Stretch(int planned, int kept)
    {
        int given = 0, upTo = 0;
        for (int i = 0; i < _left.Count; i++)
        {
            upTo += _left[i].Weight;
            int end = (int)((long)upTo * planned / kept);
            _left[i] = (_left[i].Edge, end - given);
            given = end;
        }
    }

    private int FirstBackup(int entry)
    {
        EntryRows rows = _table.Entries;
        for (int i = rows.Start[entry]; i < rows.Start[entry + 1]; i++)
            if (!_isOut[rows.Edge[i]]) return rows.Edge[i];
        return -1;
    }
}

/// <summary>The planned edges of an entry: those of a failover where it changes the entry, else the entry's own, best first, backups last.</summary>
internal readonly ref struct FailoverRow
{
    private FailoverRow(ReadOnlySpan<ushort> edges, ReadOnlySpan<ushort> weights)
    {
        Edges = edges;
        Weights = weights;
    }

    /// <summary>Ordinals of the edges.</summary>
    public ReadOnlySpan<ushort> Edges { get; }

    /// <summary>Their shares in 1/16384; 0 for backups.</summary>
    public ReadOnlySpan<ushort> Weights { get; }

    /// <summary>Finds it. O(log rows of the failover).</summary>
    /// <param name="table">The table.</param>
    /// <param name="failover">Ordinal of the failover; −1 for none.</param>
    /// <param name="entry">Ordinal of the entry.</param>
    public static FailoverRow Of(TableContent table, int failover, int entry)
    {
        EntryRows main = table.Entries;
        int at = failover < 0 ? -1 : RowOf(table.Failovers, failover, entry);
        if (at < 0) return Slice(main.Edge, main.Weight, main.Start[entry], main.Start[entry + 1]);
        FailoverRows rows = table.Failovers;
        return Slice(rows.Edge, rows.Weight, rows.Start[at], rows.Start[at + 1]);
    }

    private static int RowOf(FailoverRows rows, int failover, int entry)
    {
        (int first, int end) = (rows.RowStart[failover], rows.RowStart[failover + 1]);
        int at = rows.Entry.AsSpan(first, end - first).BinarySearch(entry);
        return at < 0 ? -1 : first + at;
    }

    private static FailoverRow Slice(ImmutableArray<ushort> edges, ImmutableArray<ushort> weights, int start, int end) =>
        new(edges.AsSpan(start, end - start), weights.AsSpan(start, end - start));
}
