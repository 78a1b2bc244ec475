using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>
/// A small content to change and build. As it stands: regions DE-03 (0), CN-01 (1), US-01 (2, without an edge); edges own-muc (0), own-fra (1),
/// cdn-muc (2), own-pek (3), old-muc (4, drained); services live (spill, last good), bulk (shed, no data), web (spill, fallback) on one
/// profile; relays rl-a, rl-b (one fault domain with rl-a), rl-c; origins og-1, og-2.
/// </summary>
internal sealed class TableSketch
{
    public const int De = 0, Cn = 1, Us = 2, NoRegion = -1;
    public const ushort Muc = 0, Fra = 1, Cdn = 2, Pek = 3, Old = 4;
    public const int Live = 0, Bulk = 1, Web = 2;

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TableVersion First = new(1, 1);

    /// <summary>Changed by the tests before <see cref="Content"/>.</summary>
    public List<TableEdge> Edges { get; } = [
        new("own-muc", "own", "Munich", "EU", "DE:Munich", HealthState.Up), new("own-fra", "own", "Frankfurt", "EU", "DE:Frankfurt", HealthState.Up),
        new("cdn-muc", "cdn-x", "Munich", "EU", "DE:Munich", HealthState.Up), new("own-pek", "own", "Beijing", "CN", "CN:Beijing", HealthState.Up),
        new("old-muc", "own", "Munich", "EU", "DE:Munich", HealthState.Drained)];

    public List<TableRegion> Regions { get; } = [
        new("DE-03", "Munich", "EU"), new("CN-01", "Beijing", "CN"), new("US-01", "", "US")];

    public List<TableService> Services { get; } = [
        new("live", ["live.example.net", "tv.example.net"], 0, 20, OverCapacityPolicy.Spill, AllDownPolicy.LastGood, null),
        new("bulk", ["get.example.net"], 0, 300, OverCapacityPolicy.Shed, AllDownPolicy.NoData, null),
        new("web", [], 0, 30, OverCapacityPolicy.Spill, AllDownPolicy.Fallback, "fallback.example.net")];

    public List<(string Cidr, int Location)> Prefixes { get; } = [
        ("192.0.2.0/24", 0), ("192.0.2.128/25", PrefixEntry.None), ("198.51.100.0/26", 1), ("203.0.113.0/24", 2), ("2001:db8::/32", 0)];

    public List<TableRelay> Relays { get; } = [
        new("rl-a", "Munich", "EU", "DE:Munich"), new("rl-b", "Munich", "EU", "DE:Munich"), new("rl-c", "Vienna", "EU", "AT:Vienna")];

    /// <summary>Entries of the one profile by region; the last is the default route.</summary>
    public (ushort Overflow, (ushort Edge, ushort Weight)[] Edges)[] Entries { get; } = [
        (0, [(Muc, 10240), (Fra, 6144), (Cdn, 0), (Old, 0)]),
        (0, [(Pek, 16384)]),
        (0, []),
        (0, [(Fra, 16384), (Muc, 0)])];

    /// <summary>Paths by (asking node, origin): relays and the round trip of each hop in microseconds.</summary>
    public Dictionary<(int Node, int Origin), (ushort[] Relays, uint[] Rtts)[]> Paths { get; } = new()
    {
        [(Muc, 0)] = [([0], [1000, 2000]), ([2], [4000, 5000]), ([1], [1500, 2500])],
        [(Muc, 1)] = [([1], [1500, 100]), ([2, 0], [4000, 3000, 300])],
        [(5, 0)] = [([], [2000]), ([2], [3000, 5000])],
    };

    public List<TableStream> Streams { get; } = [new("film", 1), new("news", 0)];

    /// <summary>Kinds of the paths in the order in which they are laid out; empty for ranked ones.</summary>
    public List<PathKind> Kinds { get; } = [];

    /// <summary>Weights of the paths in the same order; empty for their round trips.</summary>
    public List<uint> Weights { get; } = [];

    /// <summary>For each stream in order the nodes that carry it, each with which of its paths to the stream's origin; empty for no plan.</summary>
    public List<(int Node, int Nth)[]> Planned { get; } = [];

    /// <summary>Origins of publishers by row (regions, edges, relays), 1 ms and 2 ms of weight a rank; empty for none.</summary>
    public Dictionary<int, ushort[]> Ingest { get; } = [];

    public long[] Rooms { get; } = [50_000, 8_000];

    public TableContent Content()
    {
        List<int> start = [0];
        foreach ((_, (ushort, ushort)[] edges) in Entries) start.Add(start[^1] + edges.Length);
        return new TableContent
        {
            WorldVersion = "sketch",
            UtcHour = 16,
            Regions = [.. Regions],
            Locations = [new(De, "AS64500"), new(Cn, ""), new(Us, "AS64502")],
            Prefixes = PrefixIndex.Build([.. Prefixes.Select(static p => new PrefixEntry(Prefix(p.Cidr), p.Location))]),
            Edges = [.. Edges],
            Relays = [.. Relays],
            Origins = [new("og-1", "Graz", "EU", "AT:Graz", false), new("og-2", "Linz", "EU", "AT:Linz", false)],
            Services = [.. Services],
            Entries = new EntryRows(1, [.. start], [.. Entries.SelectMany(static e => e.Edges.Select(static x => x.Edge))],
                [.. Entries.SelectMany(static e => e.Edges.Select(static x => x.Weight))], [.. Entries.Select(static e => e.Overflow)]),
            Endpoints = Endpoints(),
            Paths = PathRowsOf(),
            Streams = [.. Streams],
            StreamPaths = StreamRowsOf(),
            Ingest = IngestRowsOf(),
        };
    }

    public RoutingTable Build() => RoutingTable.Create(Content(), First, Noon);

    public static IpPrefix Prefix(string cidr) =>
        IpPrefix.TryParse(cidr, out IpPrefix prefix, out string fault) ? prefix : throw new FormatException(fault);

    /// <summary>live is reached at own-muc by two addresses, bulk at cdn-muc by name.</summary>
    private EndpointRows Endpoints()
    {
        int nodes = Edges.Count + Relays.Count + 2;
        List<int> start = [0];
        List<TableEndpoint> all = [];
        for (int row = 0; row < nodes * Services.Count; row++)
        {
            if (row == Live * nodes + Muc) all.AddRange([new(EndpointType.A, "198.18.0.1"), new(EndpointType.Aaaa, "2001:db8::1")]);
            if (row == Bulk * nodes + Cdn) all.Add(new(EndpointType.Cname, "muc.cdn.example.net"));
            start.Add(all.Count);
        }
        return new([.. start], [.. all]);
    }

    private PathRows PathRowsOf()
    {
        List<int> start = [0], hopStart = [0];
        List<ushort> nodes = [];
        List<uint> rtts = [];
        for (int node = 0; node < Edges.Count + Relays.Count; node++)
        {
            for (int origin = 0; origin < 2; origin++)
            {
                foreach ((ushort[] relays, uint[] hops) in Paths.GetValueOrDefault((node, origin)) ?? [])
                {
                    nodes.AddRange([.. relays, (ushort)origin]);
                    rtts.AddRange(hops);
                    hopStart.Add(nodes.Count);
                }
                start.Add(hopStart.Count - 1);
            }
        }
        return new([.. start], [.. hopStart], [.. nodes], [.. rtts]) { Kind = [.. Kinds], WeightMicroseconds = [.. Weights] };
    }

    private StreamRows StreamRowsOf()
    {
        if (Planned.Count == 0) return StreamRows.None;
        PathRows paths = PathRowsOf();
        List<int> start = [0], nodes = [], used = [];
        for (int s = 0; s < Planned.Count; s++)
        {
            foreach ((int node, int nth) in Planned[s])
            {
                nodes.Add(node);
                used.Add(paths.Start[node * 2 + Streams[s].Origin] + nth);
            }
            start.Add(nodes.Count);
        }
        return new([.. start], [.. nodes], [.. used]);
    }

    private IngestRows IngestRowsOf()
    {
        if (Ingest.Count == 0) return IngestRows.None;
        List<int> start = [0];
        List<ushort> origins = [];
        List<uint> weights = [];
        for (int row = 0; row < Regions.Count + Edges.Count + Relays.Count; row++)
        {
            ushort[] ranked = Ingest.GetValueOrDefault(row) ?? [];
            origins.AddRange(ranked);
            weights.AddRange(ranked.Select(static (_, i) => (uint)(i + 1) * 1000));
            start.Add(origins.Count);
        }
        return new([.. start], [.. origins], [.. weights.Select(static w => 2 * w)], [.. weights], [.. Rooms]);
    }
}
