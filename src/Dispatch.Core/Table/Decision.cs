using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>Why an answer is what it is. The numbers are those of <c>dispatch.v1.ReasonCode</c> and never change.</summary>
public enum DecisionReason
{
    /// <summary>Not decided.</summary>
    Unspecified = 0,

    /// <summary>The solve sends this share of the client's group to the first edge.</summary>
    Assigned = 1,

    /// <summary>The client is in no region: the service's default route.</summary>
    DefaultRoute = 2,

    /// <summary>The group's demand exceeds what may serve it: best allowed edge all the same (policy spill).</summary>
    OverCapacity = 3,

    /// <summary>The group's demand exceeds what may serve it and this client is turned away (policy shed).</summary>
    Shed = 4,

    /// <summary>Every edge that the solve chose is excluded or down: next best allowed edge.</summary>
    Backup = 5,

    /// <summary>Every allowed edge is down: allowed edges all the same, the planned ones, else the nearest.</summary>
    LastGood = 6,

    /// <summary>Every allowed edge is down or excluded: the service's fallback host.</summary>
    Fallback = 7,

    /// <summary>No edge may serve this client.</summary>
    NoEdge = 8,

    /// <summary>The stream is registered; the paths end at the origin that ingests it.</summary>
    StreamOrigin = 9,

    /// <summary>The stream is not registered; the paths end at the origins that are nearest by path.</summary>
    NearestOrigin = 10,

    /// <summary>No path is left.</summary>
    NoPath = 11,

    /// <summary>The stream is registered and its time is over: it is not routed.</summary>
    StreamExpired = 12,

    /// <summary>Every ranked path is down or excluded: the last resort.</summary>
    LastResort = 13,

    /// <summary>Lawful origins with room for the publisher, lightest way first.</summary>
    IngestOrigin = 14,

    /// <summary>No origin may take the publisher's stream: the law, failures, exclusions or a lack of room leave none.</summary>
    NoOrigin = 15,

    /// <summary>Edges are down, and just these were planned for: the failover's shares send the client to the first edge.</summary>
    Failover = 16,

    /// <summary>The edge that the client falls to gives some of its clients away for now, and this is one: the next allowed edge with room.</summary>
    LoadShed = 17,
}

/// <summary>How a request named its client.</summary>
public enum ClientForm
{
    /// <summary>By one address.</summary>
    Address,

    /// <summary>By a prefix, as in EDNS Client Subnet (RFC 7871).</summary>
    Subnet,

    /// <summary>By region.</summary>
    Region,
}

/// <summary>Which client asks for which service, and which edges are out of the question just now.</summary>
public readonly ref struct DecisionRequest
{
    private DecisionRequest(int service, ClientForm form, ClientAddress address, int region)
    {
        Service = service;
        Form = form;
        Address = address;
        Region = region;
    }

    /// <summary>Ordinal of the service.</summary>
    public int Service { get; }

    /// <summary>How the client is named.</summary>
    public ClientForm Form { get; }

    /// <summary>The address, or the first address of the subnet; meaningless for a region.</summary>
    public ClientAddress Address { get; }

    /// <summary>Ordinal of the region; −1 for an address or subnet.</summary>
    public int Region { get; }

    /// <summary>What the choice among several edges is stable on; empty (the default) for the client's granule or the region's id.</summary>
    public ReadOnlySpan<byte> SessionKey { get; init; }

    /// <summary>Ordinals of edges not to answer with.</summary>
    public ReadOnlySpan<ushort> Excluded { get; init; }

    /// <summary>
    /// Bit <c>e % 64</c> of word <c>e / 64</c> is set where edge e is down now, drained ones among them. May be shorter than the edges: the
    /// rest is up.
    /// </summary>
    public ReadOnlySpan<ulong> Down { get; init; }

    /// <summary>Bits, as in <see cref="Down"/>, of the edges that an operator took out: they are never answered with, whatever else is down.</summary>
    public ReadOnlySpan<ulong> Drained { get; init; }

    /// <summary>
    /// Part of its clients that each edge keeps for now, percent by ordinal, 0 to 100; empty (the default) for all of them everywhere. Who of
    /// the others finds no allowed edge with room stays. May be shorter than the edges: the rest keeps all.
    /// </summary>
    public ReadOnlySpan<byte> Kept { get; init; }

    /// <summary>Bits, as in <see cref="Down"/>, of the edges that take nobody whom another edge gives away.</summary>
    public ReadOnlySpan<ulong> Full { get; init; }

    /// <summary>A request of a client with this address.</summary>
    public static DecisionRequest ForAddress(int service, ClientAddress address) => new(service, ClientForm.Address, address, -1);

    /// <summary>A request of the clients in this prefix; the answer is that of its first granule.</summary>
    public static DecisionRequest ForSubnet(int service, IpPrefix subnet) => new(service, ClientForm.Subnet, subnet.Address, -1);

    /// <summary>A request of a region's clients.</summary>
    public static DecisionRequest ForRegion(int service, int region) => new(service, ClientForm.Region, default, region);
}

/// <summary>An edge of an answer.</summary>
/// <param name="Edge">Ordinal in the table that answered.</param>
/// <param name="Weight">The share of the group's clients that the solve sends here, in 1/16384; 0 for a backup.</param>
public readonly record struct EdgeShare(ushort Edge, ushort Weight);

/// <summary>What the table decided, apart from the edges themselves. Ordinals are those of the table that answered.</summary>
public readonly record struct Decision
{
    /// <summary>Why.</summary>
    public required DecisionReason Reason { get; init; }

    /// <summary>How many edges the answer has.</summary>
    public required int Count { get; init; }

    /// <summary>Ordinal of the service.</summary>
    public required int Service { get; init; }

    /// <summary>Ordinal of the client's region; −1 where it is in none.</summary>
    public required int Region { get; init; }

    /// <summary>The client's network class; empty where the table knows none.</summary>
    public required string Network { get; init; }

    /// <summary>Length of the prefix around the client's address in which this answer holds (RFC 7871); 0 where it was asked by region.</summary>
    public required int ScopeLength { get; init; }

    /// <summary>Length of the longest prefix that contains the address; −1 where none does or it was asked by region.</summary>
    public required int MatchedLength { get; init; }

    /// <summary>Seconds the answer holds.</summary>
    public required int TtlSeconds { get; init; }

    /// <summary>The first edge's weight in 1/16384; for <see cref="DecisionReason.Shed"/> and <see cref="DecisionReason.OverCapacity"/> the overflow's.</summary>
    public required ushort Share { get; init; }

    /// <summary>True where the choice is stable on the session key that the request brought.</summary>
    public required bool IsKeyed { get; init; }

    /// <summary>1 + ordinal of the failover whose shares answered; 0 where the main plan did.</summary>
    public int FailoverNumber { get; init; }

    /// <summary>1 + ordinal of the edge that gave the client away; 0 where none did.</summary>
    public int ShedFromNumber { get; init; }

    /// <summary>Part of its clients that the edge which gave the client away keeps, percent.</summary>
    public byte KeptPercent { get; init; }

    /// <summary>True where the client was named by region.</summary>
    public required bool IsByRegion { get; init; }
}
