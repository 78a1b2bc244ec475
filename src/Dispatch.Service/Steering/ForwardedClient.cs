using System.Collections.Immutable;
using System.Net;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Steering;

/// <summary>Finds the client behind proxies: the last address in the chain that no trusted proxy stands for. Stateless.</summary>
internal static class ForwardedClient
{
    // A chain longer than this is not a chain of proxies that anybody runs.
    private const int MostHops = 16;

    /// <summary>The client's address.</summary>
    /// <param name="remote">The other end of the connection; null for a socket that is no IP socket.</param>
    /// <param name="forwarded">Values of <c>X-Forwarded-For</c>, in the order in which they came.</param>
    /// <param name="trusted">Whose word is believed.</param>
    /// <returns>Null where it is not known.</returns>
    public static ClientAddress? Find(IPAddress? remote, IReadOnlyList<string?> forwarded, ImmutableArray<IpPrefix> trusted)
    {
        if (remote is null || !ClientAddress.TryParse(remote.ToString(), out ClientAddress address)) return null;
        if (!IsTrusted(address, trusted)) return address;
        string[] chain = string.Join(',', forwarded).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (int i = chain.Length - 1, hops = 0; i >= 0 && hops < MostHops; i--, hops++)
        {
            // What a trusted proxy wrote is an address; what cannot be read ends the chain that can be believed.
            if (!ClientAddress.TryParse(WithoutPort(chain[i]), out ClientAddress before)) return address;
            address = before;
            if (!IsTrusted(address, trusted)) return address;
        }
        return address;
    }

    private static bool IsTrusted(ClientAddress address, ImmutableArray<IpPrefix> trusted) => trusted.Any(p => p.Contains(address));

    /// <summary>Some proxies write <c>203.0.113.7:4711</c> and <c>[2001:db8::1]:4711</c>.</summary>
    private static string WithoutPort(string text)
    {
        if (text.StartsWith('[')) return text.IndexOf(']', StringComparison.Ordinal) is > 0 and int end ? text[1..end] : text;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && text.IndexOf(':', colon + 1) < 0 ? text[..colon] : text;
    }
}
