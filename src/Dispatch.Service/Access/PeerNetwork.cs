using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TrafficDispatch.Service.Access;

/// <summary>The network that a caller is in: what logs and limits go by, so that no person's address is kept.</summary>
internal static class PeerNetwork
{
    /// <summary>This machine.</summary>
    public const string Here = "this machine";

    /// <summary>An IPv4 address cut to 24 bits, an IPv6 address cut to 48, for instance <c>203.0.113.0/24</c>.</summary>
    public static string Of(IPAddress? address)
    {
        if (IsHere(address)) return Here;
        IPAddress plain = address!.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = plain.GetAddressBytes();
        int kept = plain.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{kept * 8}");
    }

    /// <summary>True for an address of this machine, and for a socket that is no IP socket.</summary>
    public static bool IsHere(IPAddress? address) => address is null || IPAddress.IsLoopback(address);
}
