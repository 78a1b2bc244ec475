using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.Table;

/// <summary>
/// Says what is wrong with weights, kinds, stream plans and ingest rows of a content whose other parts are sound. A plan is only sound where
/// every relay on a node's path carries the stream over just the rest of that path: then the hops that a table tells are the hops there are. O(content).
/// </summary>
internal sealed class RelayContentCheck
{
    private const int MaxFaults = 20;
    private const int MostOrigins = 3;

    private readonly TableContent _content;
    private readonly List<string> _faults;

    private RelayContentCheck(TableContent content, List<string> faults) => (_content, _faults) = (content, faults);

    /// <summary>False where an array is missing.</summary>
    public static bool IsPresent(TableContent content) =>
        content.StreamPaths is { Start.IsDefault: false, Node.IsDefault: false, Path.IsDefault: false }
        && content.Ingest is { Start.IsDefault: false, Origin.IsDefault: false, WeightMicroseconds.IsDefault: false, RttMicroseconds.IsDefault: false, RoomKbps.IsDefault: false }
        && content.Paths is { WeightMicroseconds.IsDefault: false, Kind.IsDefault: false };

    /// <summary>Adds the first faults, at most 20.</summary>
    public static void Collect(TableContent content, List<string> faults)
    {
        RelayContentCheck check = new(content, faults);
        check.CheckKinds();
        check.CheckTerms();
        check.CheckStreamPaths();
        check.CheckIngest();
    }

    private bool Expect(bool holds, FormattableString rule)
    {
        if (!holds && _faults.Count < MaxFaults) _faults.Add(rule.ToString(CultureInfo.InvariantCulture));
        return holds;
    }

    private void CheckKinds()
    {
        PathRows paths = _content.Paths;
        int count = paths.HopStart.Length - 1;
        Expect(paths.WeightMicroseconds.IsEmpty || paths.WeightMicroseconds.Length == count, $"{paths.WeightMicroseconds.Length} weights do not fit {count} paths.");
        if (!Expect(paths.Kind.IsEmpty || paths.Kind.Length == count, $"{paths.Kind.Length} kinds do not fit {count} paths.")) return;
        foreach (PathKind kind in paths.Kind)
            if (!Enum.IsDefined(kind)) Expect(false, $"Path kind {(int)kind} is unknown.");
    }

    private void CheckTerms()
    {
        foreach (TableStream stream in _content.Streams)
        {
            if (stream.BitrateKbps < 0) Expect(false, $"Stream {stream.Key}: bitrate {stream.BitrateKbps} kbit/s must not be negative.");
            // Beyond the year 9999 a moment has no name; only "never" may stand there.
            bool named = stream.ExpiresUnixMilliseconds is TableStream.Never or >= 0 and <= 253_402_300_799_999;
            if (!named) Expect(false, $"Stream {stream.Key}: expiry {stream.ExpiresUnixMilliseconds} ms must be a moment from 1970 to 9999, or never.");
        }
    }

    private void CheckStreamPaths()
    {
        StreamRows rows = _content.StreamPaths;
        if (rows.Start.IsEmpty)
        {
            Expect(rows.Node.IsEmpty && rows.Path.IsEmpty, $"Planned streams without rows.");
            return;
        }
        if (!Expect(rows.Path.Length == rows.Node.Length, $"{rows.Path.Length} planned paths do not fit {rows.Node.Length} nodes.")) return;
        if (!CheckStarts("Planned streams", rows.Start, _content.Streams.Length, rows.Node.Length)) return;
        for (int s = 0; s < _content.Streams.Length && _faults.Count < MaxFaults; s++)
        {
            bool sound = true;
            for (int i = rows.Start[s]; i < rows.Start[s + 1]; i++) sound &= CheckPlanned(s, i);
            for (int i = rows.Start[s]; i < rows.Start[s + 1] && sound; i++) CheckChain(s, i);
        }
    }

    /// <summary>The node asks, comes after the one before, and the path is its own to the stream's origin.</summary>
    private bool CheckPlanned(int stream, int at)
    {
        StreamRows rows = _content.StreamPaths;
        int node = rows.Node[at], path = rows.Path[at], asking = _content.Edges.Length + _content.Relays.Length;
        string key = _content.Streams[stream].Key;
        if (node < 0 || node >= asking) return Expect(false, $"Stream {key}: node {node} is not among {asking}.");
        if (at > rows.Start[stream] && node <= rows.Node[at - 1]) return Expect(false, $"Stream {key}: nodes must rise.");
        if (_content.Paths.Start.IsEmpty) return Expect(false, $"Stream {key} is planned where there are no paths.");
        int row = node * _content.Origins.Length + _content.Streams[stream].Origin;
        bool own = path >= _content.Paths.Start[row] && path < _content.Paths.Start[row + 1];
        return own || Expect(false, $"Stream {key}: path {path} is not one of node {node} to the stream's origin.");
    }

    private void CheckChain(int stream, int at)
    {
        StreamRows rows = _content.StreamPaths;
        ReadOnlySpan<ushort> hops = Hops(rows.Path[at]);
        int from = rows.Start[stream];
        ReadOnlySpan<int> nodes = rows.Node.AsSpan(from, rows.Start[stream + 1] - from);
        for (int i = 0; i + 1 < hops.Length; i++)
        {
            int carrier = nodes.BinarySearch(_content.Edges.Length + hops[i]);
            bool same = carrier >= 0 && Hops(rows.Path[from + carrier]).SequenceEqual(hops[(i + 1)..]);
            if (!same) Expect(false, $"Stream {_content.Streams[stream].Key}: relay {hops[i]} on path {rows.Path[at]} does not carry it that way.");
        }
    }

    private ReadOnlySpan<ushort> Hops(int path)
    {
        int start = _content.Paths.HopStart[path];
        return _content.Paths.HopNode.AsSpan(start, _content.Paths.HopStart[path + 1] - start);
    }

    private void CheckIngest()
    {
        IngestRows rows = _content.Ingest;
        int origins = _content.Origins.Length, publishers = _content.Regions.Length + _content.Edges.Length + _content.Relays.Length;
        bool fits = rows.WeightMicroseconds.Length == rows.Origin.Length && rows.RttMicroseconds.Length == rows.Origin.Length;
        if (!Expect(fits, $"Every origin of an ingest row needs a weight and a round trip.")) return;
        if (rows.Start.IsEmpty)
        {
            Expect(rows.Origin.IsEmpty && rows.RoomKbps.IsEmpty, $"Ingest without rows.");
            return;
        }
        if (!CheckStarts("Ingest", rows.Start, publishers, rows.Origin.Length)) return;
        Expect(rows.RoomKbps.Length == origins, $"{rows.RoomKbps.Length} rooms do not fit {origins} origins.");
        foreach (long room in rows.RoomKbps)
            if (room < 0) Expect(false, $"Room {room} kbit/s must not be negative.");
        for (int row = 0; row < publishers && _faults.Count < MaxFaults; row++) CheckIngestRow(row, origins);
    }

    private void CheckIngestRow(int row, int origins)
    {
        ReadOnlySpan<ushort> held = _content.Ingest.Origin.AsSpan(_content.Ingest.Start[row], _content.Ingest.Start[row + 1] - _content.Ingest.Start[row]);
        if (held.Length > MostOrigins) Expect(false, $"Ingest row {row} has {held.Length} origins, more than {MostOrigins}.");
        for (int i = 0; i < held.Length; i++)
        {
            if (held[i] >= origins) Expect(false, $"Ingest row {row}: origin {held[i]} is not among {origins}.");
            if (held[..i].Contains(held[i])) Expect(false, $"Ingest row {row}: origin {held[i]} occurs twice.");
        }
    }

    private bool CheckStarts(string what, ImmutableArray<int> start, long rows, int items)
    {
        bool rises = start.Length == rows + 1 && start[0] == 0 && start[^1] == items;
        for (int i = 1; i < start.Length && rises; i++) rises = start[i] >= start[i - 1];
        return Expect(rises, $"{what}: starts must rise from 0 to {items} over {rows} rows.");
    }
}
