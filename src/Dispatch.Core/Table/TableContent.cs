using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// All that a routing table says, as plain arrays, from which <see cref="RoutingTable.Create"/> makes one. Ordinals are only valid within
/// the same content.
/// </summary>
/// <remarks>
/// Nodes are numbered through: edges first, then relays, then origins (<see cref="EdgeCount"/> + relay ordinal and so on).
/// The value is not checked here; <see cref="RoutingTable.Create"/> does.
/// </remarks>
public sealed record TableContent
{
    /// <summary>Names the state of the facts that the table was made from; never empty.</summary>
    public required string WorldVersion { get; init; }

    /// <summary>The hour whose demand the table serves, 0 to 23 UTC.</summary>
    public required int UtcHour { get; init; }

    /// <summary>Bits of an IPv4 address that the split key takes, 8 to 32; default 24.</summary>
    public int ClientGranuleV4 { get; init; } = 24;

    /// <summary>Bits of an IPv6 address that the split key takes, 16 to 64; default 48.</summary>
    public int ClientGranuleV6 { get; init; } = 48;

    /// <summary>Seconds an answer about upstream paths holds, 5 to 300; default 30.</summary>
    public int RouteTtlSeconds { get; init; } = Service.DefaultTtlSeconds;

    /// <summary>Client regions; ids unique.</summary>
    public required ImmutableArray<TableRegion> Regions { get; init; }

    /// <summary>What the prefixes point at.</summary>
    public required ImmutableArray<ClientLocation> Locations { get; init; }

    /// <summary>Addresses to locations; the same object in every version while prefixes do not change.</summary>
    public required PrefixIndex Prefixes { get; init; }

    /// <summary>Edges; at most 65,535; ids unique among all nodes.</summary>
    public required ImmutableArray<TableEdge> Edges { get; init; }

    /// <summary>Relays; at most 65,535; ids unique among all nodes.</summary>
    public ImmutableArray<TableRelay> Relays { get; init; } = [];

    /// <summary>Origins; at most 65,535; ids unique among all nodes.</summary>
    public ImmutableArray<TableOrigin> Origins { get; init; } = [];

    /// <summary>Services; at least one, ids unique. The first answers where a client names none.</summary>
    public required ImmutableArray<TableService> Services { get; init; }

    /// <summary>Who serves whom.</summary>
    public required EntryRows Entries { get; init; }

    /// <summary>Where the nodes are reached; <see cref="EndpointRows.None"/> where nothing is known.</summary>
    public EndpointRows Endpoints { get; init; } = EndpointRows.None;

    /// <summary>Upstream paths; <see cref="PathRows.None"/> where there is no relay network.</summary>
    public PathRows Paths { get; init; } = PathRows.None;

    /// <summary>Registered live streams, by rising key (ordinal), each key once.</summary>
    public ImmutableArray<TableStream> Streams { get; init; } = [];

    /// <summary>Shares for when known sets of edges are down; <see cref="FailoverRows.None"/> where none were planned.</summary>
    public FailoverRows Failovers { get; init; } = FailoverRows.None;

    /// <summary>Which path each node uses for each registered stream; <see cref="StreamRows.None"/> where streams are not planned.</summary>
    public StreamRows StreamPaths { get; init; } = StreamRows.None;

    /// <summary>Which origins publishers send to; <see cref="IngestRows.None"/> where that is not planned.</summary>
    public IngestRows Ingest { get; init; } = IngestRows.None;

    /// <summary>Number of edges.</summary>
    public int EdgeCount => Edges.Length;

    /// <summary>Number of all nodes: edges, relays and origins.</summary>
    public int NodeCount => Edges.Length + Relays.Length + Origins.Length;
}

/// <summary>A client region, as answers speak of it.</summary>
/// <param name="Id">Unique id, for instance <c>DE-03</c>.</param>
/// <param name="Name">What a person calls it, for instance <c>Munich</c>.</param>
/// <param name="Jurisdiction">The law that binds its traffic.</param>
/// <param name="IsBound">True where the law says which edges may serve its viewers: they never get a fallback host, whose law nobody knows.</param>
public sealed record TableRegion(string Id, string Name, string Jurisdiction, bool IsBound = false);

/// <summary>An edge, as answers speak of it.</summary>
/// <param name="Id">Unique id.</param>
/// <param name="Operator">Who runs it.</param>
/// <param name="City">Where it stands.</param>
/// <param name="Jurisdiction">The law it stands under.</param>
/// <param name="FaultDomain">What fails together with it.</param>
/// <param name="State">
/// Its health when the table was made. A drained edge is never answered with, whatever else is down; one that is down only by the policy
/// <see cref="AllDownPolicy.LastGood"/>.
/// </param>
public sealed record TableEdge(string Id, string Operator, string City, string Jurisdiction, string FaultDomain, HealthState State);

/// <summary>A relay, as answers speak of it.</summary>
/// <param name="Id">Unique id.</param>
/// <param name="City">Where it stands.</param>
/// <param name="Jurisdiction">The law it stands under.</param>
/// <param name="FaultDomain">What fails together with it.</param>
public sealed record TableRelay(string Id, string City, string Jurisdiction, string FaultDomain);

/// <summary>An origin, as answers speak of it.</summary>
/// <param name="Id">Unique id.</param>
/// <param name="City">Where it stands.</param>
/// <param name="Jurisdiction">The law it stands under.</param>
/// <param name="FaultDomain">What fails together with it.</param>
/// <param name="IsReserved">
/// True where it stands in a bound jurisdiction: only nodes of that jurisdiction get streams from it that are not registered.
/// </param>
public sealed record TableOrigin(string Id, string City, string Jurisdiction, string FaultDomain, bool IsReserved);

/// <summary>The rules of a service that answers need.</summary>
/// <param name="Id">Unique id.</param>
/// <param name="Hostnames">The names it answers under.</param>
/// <param name="Profile">Ordinal of its profile in <see cref="EntryRows"/>; services of one class and one set of edges share it.</param>
/// <param name="TtlSeconds">How long an answer holds, 5 to 300 s.</param>
/// <param name="OverCapacity">Policy when demand exceeds capacity.</param>
/// <param name="AllDown">Policy when every allowed edge is down.</param>
/// <param name="FallbackHost">Host name for <see cref="AllDownPolicy.Fallback"/>; null otherwise.</param>
public sealed record TableService(
    string Id, ImmutableArray<string> Hostnames, int Profile, int TtlSeconds, OverCapacityPolicy OverCapacity, AllDownPolicy AllDown,
    string? FallbackHost);

/// <summary>
/// Who serves whom. Entry <c>profile × (regions + 1) + slot</c> belongs to a profile and a region's ordinal; slot = regions is the
/// profile's default route, for clients in no region.
/// </summary>
/// <remarks>
/// Entry i lists the edges at <c>Start[i]</c> to <c>Start[i + 1]</c>, best first: those that the solve chose with their weights, then
/// ranked backups with weight 0; an edge at most once. Weights and overflow sum to <see cref="Shares.Whole"/>; an entry without any
/// allowed edge is empty and its overflow is 0 or the whole.
/// </remarks>
/// <param name="Profiles">Number of profiles, at least 1.</param>
/// <param name="Start">Where each entry starts; one more than entries.</param>
/// <param name="Edge">Edge ordinals.</param>
/// <param name="Weight">Each edge's share of the group's clients in 1/16384.</param>
/// <param name="Overflow">Each entry's share of demand that the solve left unserved, in 1/16384.</param>
public sealed record EntryRows(
    int Profiles, ImmutableArray<int> Start, ImmutableArray<ushort> Edge, ImmutableArray<ushort> Weight, ImmutableArray<ushort> Overflow);

/// <summary>Where nodes are reached. Row <c>service × nodes + node</c> holds the endpoints at <c>Start[row]</c> to <c>Start[row + 1]</c>.</summary>
/// <param name="Start">Where each row starts; one more than rows. Empty where no endpoint is known at all.</param>
/// <param name="Endpoint">The endpoints, in the order in which they are answered.</param>
public sealed record EndpointRows(ImmutableArray<int> Start, ImmutableArray<TableEndpoint> Endpoint)
{
    /// <summary>No endpoint at all.</summary>
    public static readonly EndpointRows None = new([], []);
}

/// <summary>Where a node is reached.</summary>
/// <param name="Type">Form of the value.</param>
/// <param name="Value">Address or host name in canonical text form; never empty.</param>
public sealed record TableEndpoint(EndpointType Type, string Value);

/// <summary>
/// Upstream paths. Row <c>node × origins + origin</c>, for the asking nodes (edges, then relays), holds the paths at <c>Start[row]</c> to
/// <c>Start[row + 1]</c>: up to three ranked ones, best first, then the last resort where there is one, then those that only plans of streams use;
/// path p has the hops at <c>HopStart[p]</c> to <c>HopStart[p + 1]</c>.
/// </summary>
/// <param name="Start">Where each row starts; one more than rows. Empty where there is no path at all.</param>
/// <param name="HopStart">Where each path's hops start; one more than paths. A path has 1 to 4 hops.</param>
/// <param name="HopNode">Relay ordinals; the last hop of a path is its origin's ordinal instead.</param>
/// <param name="HopRttMicroseconds">Round trip of each hop from the node before, in microseconds.</param>
public sealed record PathRows(
    ImmutableArray<int> Start, ImmutableArray<int> HopStart, ImmutableArray<ushort> HopNode, ImmutableArray<uint> HopRttMicroseconds)
{
    /// <summary>No path at all.</summary>
    public static readonly PathRows None = new([], [0], [], []);

    /// <summary>What each path is ranked by, in microseconds; empty where that is the round trip, as in tables made before weights were kept.</summary>
    public ImmutableArray<uint> WeightMicroseconds { get; init; } = [];

    /// <summary>What each path is for; empty where all are <see cref="PathKind.Ranked"/>.</summary>
    public ImmutableArray<PathKind> Kind { get; init; } = [];
}

/// <summary>What a stored path is for. The numbers are part of the stored form.</summary>
public enum PathKind : byte
{
    /// <summary>One of the up to three that any stream may use.</summary>
    Ranked = 0,

    /// <summary>For when all ranked paths have failed; it may share relays and fault domains with them.</summary>
    LastResort = 1,

    /// <summary>Only used by streams whose plan says so.</summary>
    PlanOnly = 2,
}

/// <summary>A registered live stream.</summary>
/// <param name="Key">Its key, as players ask for it; never empty.</param>
/// <param name="Origin">Ordinal of the origin that ingests it.</param>
public sealed record TableStream(string Key, int Origin)
{
    /// <summary>Stands for a stream that never expires.</summary>
    public const long Never = long.MaxValue;

    /// <summary>When it leaves the registry, milliseconds since 1970 UTC; <see cref="Never"/> where it does not.</summary>
    public long ExpiresUnixMilliseconds { get; init; } = Never;

    /// <summary>Rate of all its variants together, kbit/s; 0 where it is not known.</summary>
    public long BitrateKbps { get; init; }
}

/// <summary>
/// The plan of streams. The nodes that carry stream s stand at <c>Start[s]</c> to <c>Start[s + 1]</c> by rising ordinal, each with the path that
/// it uses. A relay on a node's path carries the stream too, and over just the rest of that path: so the hops of a path are its true depth.
/// </summary>
/// <param name="Start">Where each stream starts; one more than streams. Empty where streams are not planned.</param>
/// <param name="Node">Node ordinals: edges, then relays.</param>
/// <param name="Path">Ordinals of paths in <see cref="PathRows"/>, of that node and the stream's origin.</param>
public sealed record StreamRows(ImmutableArray<int> Start, ImmutableArray<int> Node, ImmutableArray<int> Path)
{
    /// <summary>No plan.</summary>
    public static readonly StreamRows None = new([], [], []);
}

/// <summary>
/// Where publishers send streams. Row i (regions, then edges, then relays) lists the origins at <c>Start[i]</c> to <c>Start[i + 1]</c>, best
/// first: lawful, healthy and with room when the table was made.
/// </summary>
/// <param name="Start">Where each row starts; one more than rows. Empty where ingest is not planned.</param>
/// <param name="Origin">Origin ordinals, in a row each once.</param>
/// <param name="WeightMicroseconds">Weight of the way there.</param>
/// <param name="RttMicroseconds">Round trip of the way there.</param>
/// <param name="RoomKbps">By origin ordinal: what it can still send beyond the plan, kbit/s, at least 0.</param>
public sealed record IngestRows(
    ImmutableArray<int> Start, ImmutableArray<ushort> Origin, ImmutableArray<uint> WeightMicroseconds, ImmutableArray<uint> RttMicroseconds,
    ImmutableArray<long> RoomKbps)
{
    /// <summary>No ingest plan.</summary>
    public static readonly IngestRows None = new([], [], [], [], []);
}
