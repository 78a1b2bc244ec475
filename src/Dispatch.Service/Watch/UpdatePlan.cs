using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;
using Ranges = TrafficDispatch.Table.PrefixRanges;

namespace TrafficDispatch.Service.Watch;

/// <summary>Where a reader of a plan stands. Small, so that a slow reader holds nothing else.</summary>
/// <param name="Section">Which list.</param>
/// <param name="Item">Which of its items.</param>
internal readonly record struct PlanPosition(int Section, int Item);

/// <summary>The rows that lead from one slice to another, message by message. Immutable and thread-safe: every reader has a position of its own.</summary>
internal sealed class UpdatePlan
{
    /// <summary>A message is sent when it has grown to this, bytes.</summary>
    private const int ChunkBytes = 32 * 1024;

    private const int ChunkRanges = 2048;

    private readonly TableSlice? _from;
    private readonly TableSlice _to;
    private readonly SliceDifference _difference;
    private readonly IndexRanges? _ranges;
    private readonly RowMessages _rows;

    /// <param name="from">What the client holds; null for nothing.</param>
    /// <param name="to">What it is to hold.</param>
    /// <param name="version">Version of the latter.</param>
    /// <param name="ranges">Prefixes to send; null for none.</param>
    public UpdatePlan(TableSlice? from, TableSlice to, TableVersion version, IndexRanges? ranges)
    {
        (_from, _to, Version, _ranges) = (from, to, version, ranges);
        _difference = SliceDifference.Between(from?.Rows, to.Rows);
        _rows = new(to);
    }

    /// <summary>The version that it leads to.</summary>
    public TableVersion Version { get; }

    /// <summary>What changes.</summary>
    public SliceDifference Difference => _difference;

    /// <summary>True where it makes this step.</summary>
    public bool Leads(TableSlice? from, TableSlice to, bool prefixes) =>
        ReferenceEquals(from, _from) && ReferenceEquals(to, _to) && prefixes == _ranges is not null;

    /// <summary>The next message.</summary>
    /// <param name="position">Where the reader stands; begins at the default.</param>
    /// <returns>Null at the end.</returns>
    public TableUpdate? Next(ref PlanPosition position)
    {
        TableRows rows = new();
        int bytes = 0;
        for (int section = position.Section; section < RowMessages.Sections; section++)
        {
            int count = _rows.Count(section, _difference, _ranges is not null);
            for (int item = section == position.Section ? position.Item : 0; item < count; item++)
            {
                if (bytes >= ChunkBytes)
                {
                    position = new(section, item);
                    return new() { Rows = rows };
                }
                bytes += _rows.Add(section, item, _difference, rows);
            }
        }
        if (position.Section < RowMessages.Sections) position = new(RowMessages.Sections, 0);
        return bytes > 0 ? new() { Rows = rows } : NextRanges(ref position);
    }

    private TableUpdate? NextRanges(ref PlanPosition position)
    {
        if (_ranges is null) return null;
        for (int family = position.Section - RowMessages.Sections; family < 2; family++)
        {
            Ranges ranges = family == 0 ? _ranges.V4 : _ranges.V6;
            if (position.Item < ranges.Count) return new() { Prefixes = Columns(family == 1, ranges, ref position) };
            position = new(position.Section + 1, 0);
        }
        return null;
    }

    private Protocol.V1.PrefixRanges Columns(bool isIPv6, Ranges ranges, ref PlanPosition position)
    {
        SlicePrefixes prefixes = _to.Prefixes!;
        Protocol.V1.PrefixRanges columns = new() { Ipv6 = isIPv6 };
        int item = position.Item;
        for (; item < ranges.Count && columns.Location.Count < ChunkRanges; item++)
        {
            if (!prefixes.Begins(ranges, item)) continue;
            UInt128 start = ranges.Start(item);
            if (isIPv6)
            {
                columns.StartHigh.Add((ulong)(start >> 64));
                columns.StartLow.Add((ulong)(start & ulong.MaxValue));
            }
            else
            {
                columns.StartV4.Add((uint)(start >> 96));
            }
            columns.Location.Add((uint)(prefixes.Map(ranges.Location(item)) + 1));
            columns.Matched.Add((uint)(prefixes.MatchedLength(ranges, item) + 1));
        }
        if (columns.StartLow.All(static low => low == 0)) columns.StartLow.Clear();
        position = new(position.Section, item);
        return columns;
    }
}
