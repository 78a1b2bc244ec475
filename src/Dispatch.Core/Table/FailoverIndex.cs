using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// Finds the failover that stands for exactly the edges that are down beyond those that the table knows to be down. Immutable and
/// thread-safe; finding takes no lock and allocates nothing.
/// </summary>
internal sealed class FailoverIndex
{
    private readonly FailoverRows _rows;
    private readonly ulong[] _up;
    private readonly ulong[] _seeds;
    private readonly ulong[] _keys;
    private readonly int[] _failover;
    private readonly int[] _entry, _start;
    private readonly ushort[] _edge, _weight, _overflow;

    public FailoverIndex(TableContent content, ulong[] seeds)
    {
        (_rows, _seeds) = (content.Failovers, seeds);
        _up = new ulong[(content.Edges.Length + 63) / 64];
        for (int e = 0; e < content.Edges.Length; e++)
            if (content.Edges[e].State == HealthState.Up) _up[e >> 6] |= 1UL << (e & 63);
        _keys = new ulong[_rows.Count];
        _failover = new int[_rows.Count];
        for (int f = 0; f < _keys.Length; f++)
        {
            _failover[f] = f;
            foreach (ushort e in FailedOf(f)) _keys[f] ^= seeds[e];
        }
        System.Array.Sort(_keys, _failover);
        (_entry, _start, _edge) = (Array(_rows.Entry), Array(_rows.Start), Array(_rows.Edge));
        (_weight, _overflow) = (Array(_rows.Weight), Array(_rows.Overflow));
    }

    /// <summary>The failover for these edges, or −1: none is down, or nobody planned for just these. O(edges / 64 + edges down).</summary>
    /// <param name="down">Bits of the edges that are down now; those that the table knows to be down do not count.</param>
    public int Find(ReadOnlySpan<ulong> down)
    {
        ulong key = 0;
        int count = 0;
        for (int w = 0; w < Math.Min(down.Length, _up.Length); w++)
        {
            for (ulong left = down[w] & _up[w]; left != 0; left &= left - 1, count++) key ^= _seeds[(w << 6) + BitOperations.TrailingZeroCount(left)];
        }
        if (count == 0) return -1;
        int at = System.Array.BinarySearch(_keys, key);
        if (at < 0) return -1;
        while (at > 0 && _keys[at - 1] == key) at--;
        for (; at < _keys.Length && _keys[at] == key; at++)
            if (IsSet(_failover[at], down, count)) return _failover[at];
        return -1;
    }

    /// <summary>A failover's row for an entry. O(log rows).</summary>
    /// <returns>False where the entry stays as it is.</returns>
    public bool TryRow(int failover, int entry, out EdgeDecider.Entry row)
    {
        int first = _rows.RowStart[failover], at = _entry.AsSpan(first, _rows.RowStart[failover + 1] - first).BinarySearch(entry);
        row = default;
        if (at < 0) return false;
        (int start, int end) = (_start[first + at], _start[first + at + 1]);
        row = new(_edge.AsSpan(start, end - start), _weight.AsSpan(start, end - start), _overflow[first + at]);
        return true;
    }

    private bool IsSet(int failover, ReadOnlySpan<ulong> down, int count)
    {
        ReadOnlySpan<ushort> failed = FailedOf(failover);
        if (failed.Length != count) return false;
        foreach (ushort e in failed)
            if (e >> 6 >= down.Length || (down[e >> 6] >> (e & 63) & 1) == 0) return false;
        return true;
    }

    private ReadOnlySpan<ushort> FailedOf(int failover) =>
        _rows.Failed.AsSpan(_rows.FailedStart[failover], _rows.FailedStart[failover + 1] - _rows.FailedStart[failover]);

    private static T[] Array<T>(ImmutableArray<T> array) => ImmutableCollectionsMarshal.AsArray(array)!;
}
