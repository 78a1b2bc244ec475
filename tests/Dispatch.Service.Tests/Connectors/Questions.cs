using System.Collections.Immutable;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Tests.Connectors;

/// <summary>Makes DNS questions and reads answers.</summary>
internal static class Questions
{
    /// <summary>A question for a client's subnet; none where it is null.</summary>
    /// <param name="name">The host.</param>
    /// <param name="type">What is wanted of it.</param>
    /// <param name="client">The client's subnet.</param>
    /// <param name="address">Who asked the DNS server, as CoreDNS says it, beside the subnet; empty for nothing.</param>
    public static byte[] Query(string name, DnsType type, IpPrefix? client = null, params byte[] address)
    {
        byte[] local = address.Length > 0 ? [0xff, 0xee, 0, (byte)address.Length, .. address] : [];
        ImmutableArray<DnsRecord> opt = client is { } subnet ? [new(DnsName.Root, DnsType.Opt, (DnsClass)1232, 0, new OpaqueData([.. Option(subnet), .. local]))] : [];
        return new DnsMessage(new(4711, 0x0100), [new(DnsName.Parse(name), type, DnsClass.In)], [], [], opt).ToBytes()!;
    }

    public static DnsMessage Read(ReadOnlySpan<byte> bytes)
    {
        Assert.True(DnsMessage.TryRead(bytes, out DnsMessage? message, out DnsFault fault), fault.ToString());
        return message;
    }

    /// <summary>The scope in an answer's client subnet option; −1 where there is none.</summary>
    public static int Scope(DnsMessage answer) =>
        answer.Additional.FirstOrDefault(static r => r.Type == DnsType.Opt)?.Data is OpaqueData { Bytes: [0, 8, _, _, _, _, _, var scope, ..] } ? scope : -1;

    private static byte[] Option(IpPrefix subnet)
    {
        int bytes = (subnet.Length + 7) / 8;
        byte[] address = subnet.Address.ToIPAddress().GetAddressBytes()[..bytes];
        return [0, 8, 0, (byte)(4 + bytes), 0, subnet.Address.IsIPv6 ? (byte)2 : (byte)1, (byte)subnet.Length, 0, .. address];
    }
}
