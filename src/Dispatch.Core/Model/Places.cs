namespace TrafficDispatch.Model;

/// <summary>What a node of the delivery network is.</summary>
public enum NodeKind
{
    /// <summary>Serves viewers.</summary>
    Edge,

    /// <summary>Carries live streams from origins to edges; never viewer traffic.</summary>
    Relay,

    /// <summary>Holds the streams that publishers send.</summary>
    Origin,
}

/// <summary>Where a node stands.</summary>
/// <param name="City">City name.</param>
/// <param name="Iso2">ISO 3166-1 alpha-2 country code.</param>
/// <param name="Continent">NA, SA, EU, ME, AF, AS or OC.</param>
/// <param name="Zone">Latency zone, for instance <c>EUW</c>.</param>
/// <param name="Point">Coordinates.</param>
public sealed record Place(string City, string Iso2, string Continent, string Zone, GeoPoint Point);

/// <summary>A set of viewers that one place stands for: demand, law and clock in common.</summary>
/// <param name="Id">Unique id, for instance <c>DE-03</c>.</param>
/// <param name="Place">Its main city.</param>
/// <param name="Country">Country name.</param>
/// <param name="UtcOffsetHours">Local time minus UTC, −12 to 14, fractions allowed.</param>
/// <param name="Jurisdiction">The law that binds its traffic, for instance <c>EU</c> or <c>CN</c>.</param>
/// <param name="InJurisdictionOnly">True where the law keeps its traffic inside <paramref name="Jurisdiction"/>.</param>
/// <param name="Peak">Demand in its own local peak hour.</param>
public sealed record ClientRegion(
    string Id, Place Place, string Country, double UtcOffsetHours, string Jurisdiction, bool InJurisdictionOnly, Gbps Peak);

/// <summary>A site that serves viewers: self-built, or a third-party CDN's point of presence.</summary>
/// <param name="Id">Unique id, for instance <c>own-fra</c>.</param>
/// <param name="Operator">Who runs it, for instance <c>own</c> or <c>cdn-bunny</c>.</param>
/// <param name="IsThirdParty">True for a third-party CDN, false for a self-built edge.</param>
/// <param name="SiteCode">Site code, IATA-like.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Capacity">What it can serve.</param>
/// <param name="Price">What its traffic costs.</param>
/// <param name="FaultDomain">What fails together with it, across operators, for instance <c>DE:Frankfurt</c>.</param>
/// <param name="Jurisdiction">The law it stands under.</param>
public sealed record Edge(
    string Id, string Operator, bool IsThirdParty, string SiteCode, Place Place, Gbps Capacity, Price Price,
    string FaultDomain, string Jurisdiction);

/// <summary>A node that carries live streams between origins and edges.</summary>
/// <param name="Id">Unique id, for instance <c>rl-tokyo</c>.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Capacity">What it can carry.</param>
/// <param name="UsdPerGb">US dollars per GB carried, at least 0.</param>
/// <param name="FaultDomain">What fails together with it.</param>
/// <param name="Jurisdiction">The law it stands under.</param>
public sealed record Relay(string Id, Place Place, Gbps Capacity, double UsdPerGb, string FaultDomain, string Jurisdiction);

/// <summary>A node that holds live streams as their publishers send them.</summary>
/// <param name="Id">Unique id, for instance <c>og-1</c>.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Capacity">What it can send.</param>
/// <param name="FaultDomain">What fails together with it.</param>
/// <param name="Jurisdiction">The law it stands under.</param>
public sealed record Origin(string Id, Place Place, Gbps Capacity, string FaultDomain, string Jurisdiction);

/// <summary>A path between two nodes of the relay network, the same both ways.</summary>
/// <param name="From">Ordinal of the first node in its own list (edges, relays).</param>
/// <param name="To">Ordinal of the second node in its own list (relays, origins).</param>
/// <param name="Rtt">Round-trip time.</param>
/// <param name="IsMeasured">True where the figure was measured, false where a model gave it.</param>
public readonly record struct Link(int From, int To, Milliseconds Rtt, bool IsMeasured)
{
    /// <summary>What it can carry; null where nobody says.</summary>
    public Gbps? Capacity { get; init; }

    /// <summary>Packet loss, a fraction, 0 to below 1.</summary>
    public double Loss { get; init; }

    /// <summary>Variation of the round trip.</summary>
    public Milliseconds Jitter { get; init; }
}
