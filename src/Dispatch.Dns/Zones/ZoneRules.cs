using System.Collections.Immutable;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;

namespace TrafficDispatch.Dns.Zones;

/// <summary>What an operator says of zones. Immutable.</summary>
public sealed record ZoneRules
{
    /// <summary>Most edges whose endpoints an answer may hold.</summary>
    public const int MostEdges = 8;

    /// <summary>What holds where nobody says anything.</summary>
    public static readonly ZoneRules Default = new();

    /// <summary>The zones that are answered for; empty (default) for those that the services' host names lie in, see <see cref="ZoneNames.Derive"/>.</summary>
    public ImmutableArray<DnsName> Zones { get; init; } = [];

    /// <summary>Names of the name servers, the first being the primary; empty (default) for <c>ns1</c> in each zone.</summary>
    public ImmutableArray<DnsName> NameServers { get; init; } = [];

    /// <summary>Hosts with fixed addresses in the zones: name servers, fallback hosts. Empty by default.</summary>
    public ImmutableArray<FixedHost> Hosts { get; init; } = [];

    /// <summary>The mailbox in SOA records, its @ as a dot; null (default) for <c>hostmaster</c> in each zone.</summary>
    public DnsName? Contact { get; init; }

    /// <summary>Seconds that SOA, NS and fixed addresses hold, 1 to 604,800; default 3600.</summary>
    public uint TtlSeconds { get; init; } = 3600;

    /// <summary>Seconds that it holds that there is nothing, at most, 1 to 3600; default 30. The minimum of SOA records (RFC 2308).</summary>
    public uint NegativeTtlSeconds { get; init; } = 30;

    /// <summary>How many edges' endpoints an answer holds, 1 to <see cref="MostEdges"/>; default 1: those of the edge that Resolve names first.</summary>
    public int Edges { get; init; } = 1;
}

/// <summary>A host with fixed addresses.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Addresses">Its addresses, at least one.</param>
public sealed record FixedHost(DnsName Name, ImmutableArray<ClientAddress> Addresses);
