using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>Says what is wrong with a content: ordinals out of range, rows that do not add up, ids that occur twice. O(content).</summary>
internal sealed class TableContentCheck
{
    private const int MaxFaults = 20;
    private const int MaxHops = 4;

    private readonly TableContent _content;
    private readonly List<string> _faults = [];

    private TableContentCheck(TableContent content) => _content = content;

    /// <summary>The first faults, at most 20; empty where the content is sound. Later parts are only looked at where earlier ones are sound.</summary>
    public static IReadOnlyList<string> Faults(TableContent content)
    {
        TableContentCheck check = new(content);
        check.CheckPresence();
        if (check._faults.Count > 0) return check._faults;
        check.CheckScalars();
        check.CheckIds();
        check.CheckServices();
        check.CheckLocations();
        check.CheckEntries();
        check.CheckEndpoints();
        check.CheckPaths();
        check.CheckStreams();
        if (check._faults.Count == 0) check._faults.AddRange(FailoverCheck.Faults(content).Take(MaxFaults));
        if (check._faults.Count == 0) RelayContentCheck.Collect(content, check._faults);
        return check._faults;
    }

    private bool Expect(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Rule rule)
    {
        if (!holds && _faults.Count < MaxFaults) _faults.Add(rule.Text());
        return holds;
    }

    private void CheckPresence()
    {
        TableContent c = _content;
        Expect(c.Prefixes is not null && c.Entries is not null && c.Endpoints is not null && c.Paths is not null, $"Every part must be given.");
        if (_faults.Count > 0) return;
        if (!Expect(RelayContentCheck.IsPresent(c), $"Every part of paths, streams and ingest must be given.")) return;
        bool missing = c.Regions.IsDefault || c.Locations.IsDefault || c.Edges.IsDefault || c.Relays.IsDefault || c.Origins.IsDefault
            || c.Services.IsDefault || c.Streams.IsDefault || c.Entries!.Start.IsDefault || c.Entries.Edge.IsDefault
            || c.Entries.Weight.IsDefault || c.Entries.Overflow.IsDefault || c.Endpoints!.Start.IsDefault || c.Endpoints.Endpoint.IsDefault
            || c.Paths!.Start.IsDefault || c.Paths.HopStart.IsDefault || c.Paths.HopNode.IsDefault || c.Paths.HopRttMicroseconds.IsDefault
            || c.Services.Any(static s => s.Hostnames.IsDefault) || !FailoverCheck.IsPresent(c.Failovers);
        Expect(!missing, $"Every array must be given, be it empty.");
    }

    private void CheckScalars()
    {
        TableContent c = _content;
        Expect(!string.IsNullOrEmpty(c.WorldVersion) && IsText(c.WorldVersion), $"The world's version must be a text that is not empty.");
        Expect(c.UtcHour is >= 0 and <= 23, $"UTC hour {c.UtcHour} must be 0 to 23.");
        Expect(c.ClientGranuleV4 is >= 8 and <= 32, $"IPv4 granule {c.ClientGranuleV4} must be 8 to 32.");
        Expect(c.ClientGranuleV6 is >= 16 and <= 64, $"IPv6 granule {c.ClientGranuleV6} must be 16 to 64.");
        Expect(c.RouteTtlSeconds is >= 5 and <= 300, $"Route TTL {c.RouteTtlSeconds} s must be 5 to 300.");
        Expect(c.Edges.Length <= ushort.MaxValue, $"{c.Edges.Length} edges are more than 65535.");
        Expect(c.Relays.Length <= ushort.MaxValue, $"{c.Relays.Length} relays are more than 65535.");
        Expect(c.Origins.Length <= ushort.MaxValue, $"{c.Origins.Length} origins are more than 65535.");
        Expect(c.Services.Length > 0, $"There must be a service.");
    }

    private void CheckIds()
    {
        TableContent c = _content;
        Unique("region", c.Regions.Select(static r => r.Id));
        Unique("service", c.Services.Select(static s => s.Id));
        Unique("node", c.Edges.Select(static e => e.Id).Concat(c.Relays.Select(static r => r.Id)).Concat(c.Origins.Select(static o => o.Id)));
        IEnumerable<string> texts = [
            .. c.Regions.SelectMany<TableRegion, string>(static r => [r.Name, r.Jurisdiction]),
            .. c.Edges.SelectMany<TableEdge, string>(static e => [e.Operator, e.City, e.Jurisdiction, e.FaultDomain]),
            .. c.Relays.SelectMany<TableRelay, string>(static r => [r.City, r.Jurisdiction, r.FaultDomain]),
            .. c.Origins.SelectMany<TableOrigin, string>(static o => [o.City, o.Jurisdiction, o.FaultDomain]),
            .. c.Services.SelectMany(static s => s.Hostnames), .. c.Locations.Select(static l => l.Network),
            .. c.Endpoints.Endpoint.Select(static e => e.Value)];
        foreach (TableEdge edge in c.Edges) Expect(Enum.IsDefined(edge.State), $"Edge {edge.Id}: state {(int)edge.State} is unknown.");
        foreach (string text in texts) Expect(text is not null && IsText(text), $"Every text must be given and be well-formed Unicode.");
    }

    private void Unique(string kind, IEnumerable<string> ids)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string id in ids)
        {
            if (Expect(!string.IsNullOrEmpty(id) && IsText(id) && !id.Contains('\0'), $"A {kind} id must be a text that is not empty."))
                Expect(seen.Add(id), $"The {kind} id {id} occurs twice.");
        }
    }

    private void CheckServices()
    {
        foreach (TableService s in _content.Services)
        {
            Expect(s.Profile >= 0 && s.Profile < _content.Entries.Profiles, $"Service {s.Id}: profile {s.Profile} is not among {_content.Entries.Profiles}.");
            Expect(s.TtlSeconds is >= 5 and <= 300, $"Service {s.Id}: TTL {s.TtlSeconds} s must be 5 to 300.");
            Expect(Enum.IsDefined(s.OverCapacity), $"Service {s.Id}: over-capacity policy {(int)s.OverCapacity} is unknown.");
            Expect(Enum.IsDefined(s.AllDown), $"Service {s.Id}: all-down policy {(int)s.AllDown} is unknown.");
            bool named = !string.IsNullOrEmpty(s.FallbackHost) && IsText(s.FallbackHost);
            Expect(s.AllDown == AllDownPolicy.Fallback ? named : s.FallbackHost is null || named, $"Service {s.Id}: the fallback host is missing.");
        }
    }

    private void CheckLocations()
    {
        int regions = _content.Regions.Length;
        for (int i = 0; i < _content.Locations.Length; i++)
        {
            int region = _content.Locations[i].Region;
            Expect(region >= -1 && region < regions, $"Location {i}: region {region} is not among {regions}.");
        }
        Expect(_content.Prefixes.LocationBound <= _content.Locations.Length,
            $"A prefix points at location {_content.Prefixes.LocationBound - 1} of {_content.Locations.Length}.");
    }

    private void CheckEntries()
    {
        EntryRows rows = _content.Entries;
        long entries = (long)rows.Profiles * (_content.Regions.Length + 1);
        if (!Expect(rows.Profiles >= 1, $"There must be a profile.")) return;
        if (!Expect(rows.Overflow.Length == entries, $"{rows.Overflow.Length} overflow shares do not fit {entries} entries.")) return;
        if (!Expect(rows.Weight.Length == rows.Edge.Length, $"{rows.Weight.Length} weights do not fit {rows.Edge.Length} edges of entries.")) return;
        if (!CheckStarts("Entries", rows.Start, entries, rows.Edge.Length)) return;

        int[] lastSeen = new int[_content.Edges.Length];
        for (int entry = 0; entry < entries && _faults.Count < MaxFaults; entry++) CheckEntry(rows, entry, lastSeen);
    }

    private void CheckEntry(EntryRows rows, int entry, int[] lastSeen)
    {
        int sum = rows.Overflow[entry];
        bool backups = false;
        for (int i = rows.Start[entry]; i < rows.Start[entry + 1]; i++)
        {
            ushort edge = rows.Edge[i], weight = rows.Weight[i];
            if (!Expect(edge < lastSeen.Length, $"Entry {entry}: edge {edge} is not among {lastSeen.Length}.")) continue;
            Expect(lastSeen[edge] != entry + 1, $"Entry {entry}: edge {edge} occurs twice.");
            lastSeen[edge] = entry + 1;
            Expect(weight == 0 || !backups, $"Entry {entry}: edge {edge} has a weight but stands behind a backup.");
            backups |= weight == 0;
            sum += weight;
        }
        bool empty = rows.Start[entry] == rows.Start[entry + 1];
        Expect(sum == Shares.Whole || (empty && sum == 0), $"Entry {entry}: weights and overflow sum to {sum}, not {Shares.Whole}.");
    }

    private void CheckEndpoints()
    {
        EndpointRows rows = _content.Endpoints;
        long count = (long)_content.Services.Length * _content.NodeCount;
        if (rows.Start.IsEmpty)
        {
            Expect(rows.Endpoint.IsEmpty, $"Endpoints without rows.");
            return;
        }
        CheckStarts("Endpoints", rows.Start, count, rows.Endpoint.Length);
        foreach (TableEndpoint endpoint in rows.Endpoint)
        {
            Expect(Enum.IsDefined(endpoint.Type), $"Endpoint type {(int)endpoint.Type} is unknown.");
            Expect(!string.IsNullOrEmpty(endpoint.Value), $"An endpoint must have a value.");
        }
    }

    private void CheckPaths()
    {
        PathRows rows = _content.Paths;
        int asking = _content.Edges.Length + _content.Relays.Length;
        int paths = rows.HopStart.Length - 1;
        if (!Expect(rows.HopRttMicroseconds.Length == rows.HopNode.Length, $"Every hop of a path needs a round trip.")) return;
        if (!CheckStarts("Hops", rows.HopStart, paths, rows.HopNode.Length)) return;
        if (rows.Start.IsEmpty)
        {
            Expect(paths == 0, $"Paths without rows.");
            return;
        }
        if (!CheckStarts("Paths", rows.Start, (long)asking * _content.Origins.Length, paths)) return;
        for (int node = 0; node < asking; node++)
        {
            for (int origin = 0; origin < _content.Origins.Length && _faults.Count < MaxFaults; origin++) CheckPathRow(rows, node, origin);
        }
    }

    private void CheckPathRow(PathRows rows, int node, int origin)
    {
        int row = node * _content.Origins.Length + origin, self = node - _content.Edges.Length;
        int ranked = 0;
        for (int path = rows.Start[row]; path < rows.Start[row + 1]; path++) ranked += IsRanked(rows, path) ? 1 : 0;
        Expect(ranked <= PathDecider.MaxPaths, $"Node {node} has more than 3 paths to origin {origin}.");
        for (int path = rows.Start[row]; path < rows.Start[row + 1]; path++)
        {
            int start = rows.HopStart[path], hops = rows.HopStart[path + 1] - start;
            if (!Expect(hops is >= 1 and <= MaxHops, $"Path {path} has {hops} hops, not 1 to {MaxHops}.")) continue;
            ReadOnlySpan<ushort> nodes = rows.HopNode.AsSpan(start, hops);
            Expect(nodes[^1] == origin, $"Path {path} ends at origin {nodes[^1]}, not {origin}.");
            long rtt = 0;
            foreach (uint hop in rows.HopRttMicroseconds.AsSpan(start, hops)) rtt += hop;
            Expect(rtt <= uint.MaxValue, $"Path {path} takes longer than {uint.MaxValue} microseconds.");
            ReadOnlySpan<ushort> relays = nodes[..^1];
            for (int i = 0; i < relays.Length; i++)
            {
                Expect(relays[i] < _content.Relays.Length, $"Path {path}: relay {relays[i]} is not among {_content.Relays.Length}.");
                Expect(relays[i] != self && !relays[..i].Contains(relays[i]), $"Path {path} meets relay {relays[i]} twice.");
            }
        }
    }

    private static bool IsRanked(PathRows rows, int path) => path >= rows.Kind.Length || rows.Kind[path] == PathKind.Ranked;

    private void CheckStreams()
    {
        for (int i = 0; i < _content.Streams.Length; i++)
        {
            TableStream stream = _content.Streams[i];
            Expect(!string.IsNullOrEmpty(stream.Key) && IsText(stream.Key), $"Stream {i}: the key must be a text that is not empty.");
            Expect(i == 0 || string.CompareOrdinal(_content.Streams[i - 1].Key, stream.Key) < 0, $"Stream {i}: keys must rise.");
            Expect(stream.Origin >= 0 && stream.Origin < _content.Origins.Length, $"Stream {i}: origin {stream.Origin} is not among {_content.Origins.Length}.");
        }
    }

    private bool CheckStarts(string what, ImmutableArray<int> start, long rows, int items)
    {
        if (!Expect(start.Length > 0 && start.Length == rows + 1, $"{what}: {start.Length} starts do not fit {rows} rows.")) return false;
        bool rises = start[0] == 0 && start[^1] == items;
        for (int i = 1; i < start.Length && rises; i++) rises = start[i] >= start[i - 1];
        return Expect(rises, $"{what}: starts must rise from 0 to {items}.");
    }

    /// <summary>True where the text has no half of a surrogate pair alone, so that UTF-8 gives it back as it was.</summary>
    private static bool IsText(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }
        return true;
    }

    /// <summary>A rule's text, put together only where the rule is broken: millions of rules hold in a sound table.</summary>
    [InterpolatedStringHandler]
    private ref struct Rule
    {
        private DefaultInterpolatedStringHandler _text;

        public Rule(int literalLength, int formattedCount, bool holds, out bool isBroken)
        {
            isBroken = !holds;
            if (isBroken) _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public string Text() => _text.ToStringAndClear();
    }
}
