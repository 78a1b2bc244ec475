using TrafficDispatch.Dns.Zones;

namespace TrafficDispatch.Service.Options;

/// <summary>What DNS servers are told, and how PowerDNS reaches us. Immutable.</summary>
public sealed record DnsSettings
{
    /// <summary>Zones, name servers, fixed hosts and times to live.</summary>
    public ZoneRules Rules { get; init; } = ZoneRules.Default;

    /// <summary>
    /// True to cut answers over gRPC to the datagram size that the question names; false (default) to give them whole, as CoreDNS wants: it
    /// cuts them itself where its client asked over UDP.
    /// </summary>
    public bool Cut { get; init; }

    /// <summary>Full path of the unix socket for PowerDNS; empty (default) for none.</summary>
    public string Socket { get; init; } = "";

    /// <summary>Most connections on it, 1 to 4096; default 64. PowerDNS opens a few per thread.</summary>
    public int Connections { get; init; } = 64;
}
