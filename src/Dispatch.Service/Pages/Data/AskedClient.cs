using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>Whom somebody asks about on the page, checked. Immutable.</summary>
/// <param name="Kind"><c>address</c>, <c>prefix</c> or <c>region</c>.</param>
/// <param name="Text">As it was understood.</param>
/// <param name="Service">Ordinal of the service.</param>
/// <param name="Session">Session key; empty for none.</param>
internal sealed record AskedClient(string Kind, string Text, int Service, byte[] Session)
{
    private const int LongestText = 64;

    private ClientAddress Address { get; init; }

    private IpPrefix Prefix { get; init; }

    private int Region { get; init; }

    /// <summary>Its address; null for a region.</summary>
    public ClientAddress? Somebody => Kind switch
    {
        "address" => Address,
        "prefix" => Prefix.Address,
        _ => null,
    };

    /// <summary>The question as the table takes it.</summary>
    public DecisionRequest Request() => Kind switch
    {
        "address" => DecisionRequest.ForAddress(Service, Address),
        "prefix" => DecisionRequest.ForSubnet(Service, Prefix),
        _ => DecisionRequest.ForRegion(Service, Region),
    };

    /// <summary>Reads what was typed.</summary>
    /// <param name="table">The table in force.</param>
    /// <param name="text">An address, a prefix or a region's id.</param>
    /// <param name="service">A service's id or host; empty for the first.</param>
    /// <param name="session">A session key; empty for none.</param>
    /// <param name="fault">What is wrong, for people.</param>
    public static AskedClient? Read(RoutingTable table, string text, string service, string session, out string fault)
    {
        text = text.Trim();
        int ordinal = service.Length == 0 ? 0 : Resolver.ServiceOf(table, service);
        fault = text.Length is 0 or > LongestText ? "Type an IPv4 or IPv6 address, a prefix such as 203.0.113.0/24, or a region's id."
            : ordinal < 0 ? $"The table has no service '{Shortened(service)}'."
            : Encoding.UTF8.GetByteCount(session) > Resolver.LongestSessionKey ? $"The session key must have at most {Resolver.LongestSessionKey} bytes." : "";
        if (fault.Length > 0) return null;
        byte[] key = Encoding.UTF8.GetBytes(session);
        if (ClientAddress.TryParse(text, out ClientAddress address)) return new("address", address.ToString(), ordinal, key) { Address = address };
        if (text.Contains('/', StringComparison.Ordinal))
        {
            if (IpPrefix.TryParse(text, out IpPrefix prefix, out string why)) return new("prefix", prefix.ToString(), ordinal, key) { Prefix = prefix };
            fault = $"'{text}' is no prefix: {why}.";
            return null;
        }
        if (table.RegionOrdinal(text) is >= 0 and int region) return new("region", text, ordinal, key) { Region = region };
        fault = $"'{text}' is neither an address nor a prefix nor the id of a region.";
        return null;
    }

    private static string Shortened(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
