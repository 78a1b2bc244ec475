using System.Security.Cryptography;

namespace TrafficDispatch.Table;

/// <summary>
/// The answer to every question about who serves whom, under one version. Immutable and thread-safe; deciding takes no lock and allocates
/// nothing.
/// </summary>
public sealed class RoutingTable
{
    private readonly EdgeDecider _edges;
    private readonly PathDecider _paths;
    private readonly IngestDecider _ingest;
    private readonly Dictionary<string, int> _regionIds, _serviceIds, _nodeIds, _hostnames;

    private RoutingTable(TableContent content, string contentHash, TableVersion version, DateTimeOffset builtAt)
    {
        (Content, ContentHash, Version, BuiltAt) = (content, contentHash, version, builtAt);
        _edges = new EdgeDecider(content);
        _paths = new PathDecider(content);
        _ingest = new IngestDecider(content);
        _regionIds = Index(content.Regions.Select(static r => r.Id));
        _serviceIds = Index(content.Services.Select(static s => s.Id));
        _nodeIds = Index(content.Edges.Select(static e => e.Id)
            .Concat(content.Relays.Select(static r => r.Id)).Concat(content.Origins.Select(static o => o.Id)));
        _hostnames = new(StringComparer.OrdinalIgnoreCase);
        for (int s = 0; s < content.Services.Length; s++)
        {
            foreach (string name in content.Services[s].Hostnames) _hostnames.TryAdd(name, s);
        }
    }

    private RoutingTable(RoutingTable same, TableVersion version)
    {
        (Content, ContentHash, Version, BuiltAt) = (same.Content, same.ContentHash, version, same.BuiltAt);
        (_edges, _paths, _ingest) = (same._edges, same._paths, same._ingest);
        (_regionIds, _serviceIds, _nodeIds, _hostnames) = (same._regionIds, same._serviceIds, same._nodeIds, same._hostnames);
    }

    /// <summary>Under which name it was published.</summary>
    public TableVersion Version { get; }

    /// <summary>When its content was built, in UTC.</summary>
    public DateTimeOffset BuiltAt { get; }

    /// <summary>SHA-256 of the content's canonical bytes in lower-case hexadecimal; version, clock and timings are not part of it.</summary>
    public string ContentHash { get; }

    /// <summary>What it says.</summary>
    public TableContent Content { get; }

    /// <summary>Makes a table. O(content).</summary>
    /// <param name="content">What it is to say.</param>
    /// <param name="version">Its name.</param>
    /// <param name="builtAt">When the content was built.</param>
    /// <exception cref="ArgumentException">The content contradicts itself or its version is negative; the message names the faults.</exception>
    public static RoutingTable Create(TableContent content, TableVersion version, DateTimeOffset builtAt)
    {
        IReadOnlyList<string> faults = TableContentCheck.Faults(content);
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(content));
        if (version.Epoch < 0 || version.Number < 0) throw new ArgumentException($"The version {version} is negative.", nameof(version));
        ByteSink bytes = new();
        TableContentWriter.Write(content, bytes);
        return FromChecked(content, Hash(bytes.Written), version, builtAt);
    }

    /// <summary>The same content under another version, as a rollback publishes it. O(1).</summary>
    /// <exception cref="ArgumentException">The version is negative.</exception>
    public RoutingTable With(TableVersion version)
    {
        if (version.Epoch < 0 || version.Number < 0) throw new ArgumentException($"The version {version} is negative.", nameof(version));
        return new(this, version);
    }

    /// <summary>Ordinal of a region, or −1.</summary>
    public int RegionOrdinal(ReadOnlySpan<char> id) => Ordinal(_regionIds, id);

    /// <summary>Ordinal of a service by its id, or −1.</summary>
    public int ServiceOrdinal(ReadOnlySpan<char> id) => Ordinal(_serviceIds, id);

    /// <summary>Ordinal of the first service that answers under a host name, in any case of letters; or −1.</summary>
    public int ServiceOrdinalOfHost(ReadOnlySpan<char> hostname) => Ordinal(_hostnames, hostname);

    /// <summary>Ordinal of an edge, or −1 (also for a relay's or an origin's id).</summary>
    public int EdgeOrdinal(ReadOnlySpan<char> id) => NodeOrdinal(id) is int node && node < Content.EdgeCount ? node : -1;

    /// <summary>Ordinal of any node: edges first, then relays, then origins; or −1.</summary>
    public int NodeOrdinal(ReadOnlySpan<char> id) => Ordinal(_nodeIds, id);

    /// <summary>Ordinal of a registered stream in <see cref="TableContent.Streams"/>, or −1.</summary>
    public int StreamOrdinal(ReadOnlySpan<char> key) => _paths.StreamOrdinal(key);

    /// <summary>Node ordinal of a relay.</summary>
    public int NodeOfRelay(int relay) => Content.EdgeCount + relay;

    /// <summary>Node ordinal of an origin.</summary>
    public int NodeOfOrigin(int origin) => Content.EdgeCount + Content.Relays.Length + origin;

    /// <summary>Where a node is reached for a service; empty where nothing is known.</summary>
    /// <param name="service">Ordinal of the service.</param>
    /// <param name="node">Node ordinal.</param>
    public ReadOnlySpan<TableEndpoint> Endpoints(int service, int node)
    {
        EndpointRows rows = Content.Endpoints;
        if (rows.Start.IsEmpty) return [];
        int row = service * Content.NodeCount + node;
        return rows.Endpoint.AsSpan(rows.Start[row], rows.Start[row + 1] - rows.Start[row]);
    }

    /// <summary>What the table holds for a service and a region.</summary>
    /// <param name="service">Ordinal of the service.</param>
    /// <param name="region">Ordinal of the region; −1 for the default route.</param>
    public TableEntry Entry(int service, int region)
    {
        EdgeDecider.Entry entry = _edges.EntryAt(_edges.EntryOf(Content.Services[service].Profile, region));
        return new(entry.Edges, entry.Weights, entry.Overflow);
    }

    /// <summary>
    /// The failover that answers while these edges are down: the one planned for exactly them. O(edges / 64 + edges down); allocates
    /// nothing, takes no lock.
    /// </summary>
    /// <param name="down">As in <see cref="DecisionRequest.Down"/>; edges that the table knows to be down do not count.</param>
    /// <returns>Its ordinal in <see cref="TableContent.Failovers"/>, or −1: then ranked backups serve.</returns>
    public int FailoverOf(ReadOnlySpan<ulong> down) => _edges.FailoverOf(down);

    /// <summary>
    /// Which edges serve a client: the stable choice among the edges that the solve chose, then its other edges, then the backups, without
    /// those that are drained, down or excluded. O(edges of the entry); allocates nothing, takes no lock.
    /// </summary>
    /// <param name="request">Who asks for what.</param>
    /// <param name="ranked">Receives the edges, best first; its length says how many are wanted. At least 1; beyond 64 none are given.</param>
    /// <returns>The decision; <see cref="Decision.Count"/> edges were written.</returns>
    /// <exception cref="ArgumentException">No room for an edge, or the service or region is not this table's.</exception>
    public Decision Decide(in DecisionRequest request, Span<EdgeShare> ranked)
    {
        if (ranked.IsEmpty) throw new ArgumentException("There must be room for one edge at least.", nameof(ranked));
        if (request.Service < 0 || request.Service >= Content.Services.Length)
            throw new ArgumentException("The service must be one of this table's.", nameof(request));
        if (request.Form == ClientForm.Region && (request.Region < 0 || request.Region >= Content.Regions.Length))
            throw new ArgumentException("The region must be one of this table's.", nameof(request));
        return _edges.Decide(request, ranked);
    }

    /// <summary>Why <see cref="Decide"/> decided so, in a sentence that a person understands. Allocates.</summary>
    /// <param name="decision">What it returned.</param>
    /// <param name="ranked">The edges that it wrote.</param>
    public string Explain(in Decision decision, ReadOnlySpan<EdgeShare> ranked) => Explanation.Of(Content, decision, ranked);

    /// <summary>
    /// Where a node fetches a live stream from: for a registered stream the path that the plan has the node use, then its origin's paths as
    /// ranked, else the lightest paths to any origin, disjoint ones first. Paths over down or excluded nodes are left out, and those whose
    /// true depth is above three while others are left. Where nothing is left the last resort answers. A stream whose time is over gets no
    /// path. O(paths of the node · log nodes that carry the stream); allocates nothing.
    /// </summary>
    /// <param name="request">Who asks for what.</param>
    /// <param name="ranked">Receives the paths, best first; its length says how many are wanted. At least 1; beyond 3 none are given.</param>
    /// <exception cref="ArgumentException">No room for a path, the node is not an edge or relay of this table, or the origin none of its origins.</exception>
    public RouteDecision Route(in PathRequest request, Span<RankedPath> ranked)
    {
        if (ranked.IsEmpty) throw new ArgumentException("There must be room for one path at least.", nameof(ranked));
        if (request.Node < 0 || request.Node >= Content.EdgeCount + Content.Relays.Length)
            throw new ArgumentException("The asking node must be an edge or a relay.", nameof(request));
        if (request.OriginNumber < 0 || request.OriginNumber > Content.Origins.Length)
            throw new ArgumentException("The origin must be one of this table's.", nameof(request));
        return _paths.Route(request, ranked);
    }

    /// <summary>Why <see cref="Route"/> decided so, in a sentence that a person understands. Allocates.</summary>
    /// <param name="decision">What it returned.</param>
    /// <param name="ranked">The paths that it wrote.</param>
    public string Explain(in RouteDecision decision, ReadOnlySpan<RankedPath> ranked) => Explanation.Of(this, decision, ranked);

    /// <summary>
    /// Which origins a publisher may send a stream to, lightest way first: lawful, healthy and with room when the table was made, without
    /// those that are down, excluded or have less room than the stream needs. O(origins); allocates nothing.
    /// </summary>
    /// <param name="request">Who publishes.</param>
    /// <param name="ranked">Receives the origins, best first; its length says how many are wanted. At least 1; beyond 3 none are given.</param>
    /// <exception cref="ArgumentException">No room for an origin, or the region or node is not this table's.</exception>
    public IngestDecision Ingest(in IngestRequest request, Span<IngestChoice> ranked)
    {
        if (ranked.IsEmpty) throw new ArgumentException("There must be room for one origin at least.", nameof(ranked));
        bool known = request.Region >= 0
            ? request.Region < Content.Regions.Length
            : request.Node >= 0 && request.Node < Content.EdgeCount + Content.Relays.Length;
        if (!known) throw new ArgumentException("The publisher must be in a region, or be an edge or relay, of this table.", nameof(request));
        return _ingest.Decide(request, ranked);
    }

    /// <summary>Why <see cref="Ingest"/> decided so, in a sentence that a person understands. Allocates.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="decision">What it returned.</param>
    /// <param name="ranked">The origins that it wrote.</param>
    public string Explain(in IngestRequest request, in IngestDecision decision, ReadOnlySpan<IngestChoice> ranked) =>
        Explanation.Of(Content, request, decision, ranked);

    /// <summary>The region of an address; −1 where it is in none.</summary>
    public int RegionOf(Model.ClientAddress address)
    {
        PrefixMatch match = Content.Prefixes.Find(address);
        return match.Location >= 0 ? Content.Locations[match.Location].Region : -1;
    }

    /// <summary>A stored path by its ordinal.</summary>
    public UpstreamPath Path(int path) => _paths.Path(path);

    internal static RoutingTable FromChecked(TableContent content, string hash, TableVersion version, DateTimeOffset builtAt) =>
        new(content, hash, version, builtAt.ToUniversalTime());

    internal static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static int Ordinal(Dictionary<string, int> ordinals, ReadOnlySpan<char> name) =>
        ordinals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out int ordinal) ? ordinal : -1;

    private static Dictionary<string, int> Index(IEnumerable<string> ids)
    {
        Dictionary<string, int> index = new(StringComparer.Ordinal);
        foreach (string id in ids) index.Add(id, index.Count);
        return index;
    }
}

/// <summary>What a table holds for one service and region, best edge first.</summary>
public readonly ref struct TableEntry
{
    internal TableEntry(ReadOnlySpan<ushort> edges, ReadOnlySpan<ushort> weights, ushort overflow)
    {
        Edges = edges;
        Weights = weights;
        Overflow = overflow;
    }

    /// <summary>Edge ordinals: those that the solve chose, then the ranked backups.</summary>
    public ReadOnlySpan<ushort> Edges { get; }

    /// <summary>Each edge's share of the group's clients in 1/16384; 0 for backups.</summary>
    public ReadOnlySpan<ushort> Weights { get; }

    /// <summary>The share of demand that the solve left unserved, in 1/16384.</summary>
    public ushort Overflow { get; }
}
