using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Dns.Answers;

/// <summary>Where an edge is reached for a service, as data of records: addresses, or one name. Immutable and thread-safe.</summary>
internal sealed class EdgeRecords
{
    /// <summary>The addresses, IPv4 first.</summary>
    public readonly AddressData[] Addresses;

    /// <summary>The name; null where there is none.</summary>
    public readonly NameData? Name;

    public EdgeRecords(ReadOnlySpan<TableEndpoint> endpoints)
    {
        List<AddressData> addresses = [];
        foreach (TableEndpoint endpoint in endpoints)
        {
            if (endpoint.Type == EndpointType.Cname) Name ??= DnsName.TryParse(endpoint.Value, out DnsName? name) ? new(name) : null;
            else if (ClientAddress.TryParse(endpoint.Value, out ClientAddress address)) addresses.Add(new(address));
        }
        Addresses = [.. addresses.OrderBy(static a => a.IsIPv6)];
    }
}
