using System.Buffers.Binary;
using TrafficDispatch.Model;

namespace TrafficDispatch.Dns.Wire;

/// <summary>An EDNS Client Subnet option (RFC 7871), as a question brings it.</summary>
/// <param name="Family">1 for IPv4, 2 for IPv6; 0 where only a length of 0 stands, which some askers send to opt out.</param>
/// <param name="SourceLength">How many bits of the client's address are told.</param>
/// <param name="Address">The address's bits that are told, IPv4 in the low 32 bits; the rest zero.</param>
public readonly record struct ClientSubnet(ushort Family, byte SourceLength, UInt128 Address)
{
    /// <summary>The option's code.</summary>
    public const ushort OptionCode = 8;

    private const ushort IPv4 = 1, IPv6 = 2;

    /// <summary>The subnet; an IPv4-mapped one as IPv4. Only where <see cref="AsksForAll"/> is false.</summary>
    public IpPrefix Prefix => IpPrefix.Around(Client, SourceLength - Mapped);

    /// <summary>True where the asker tells nothing of the client: nothing may be concluded, and the answer's scope is 0 (RFC 7871 §7.1.2).</summary>
    public bool AsksForAll => SourceLength == 0;

    /// <summary>What the answer's scope is longer by than that of <see cref="Prefix"/>: 96 for IPv4-mapped subnets.</summary>
    public int Mapped => Family == IPv6 && !Client.IsIPv6 ? 96 : 0;

    private ClientAddress Client => Family == IPv6 ? ClientAddress.FromV6(Address) : ClientAddress.FromV4((uint)Address);

    /// <summary>Reads the option's data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="subnet">The subnet.</param>
    /// <returns>
    /// False where it breaks RFC 7871 §6: an unknown family, a length beyond the family's, a scope, more or fewer address bytes than the
    /// length needs, or bits beyond the length. Such a question is answered with FORMERR.
    /// </returns>
    public static bool TryRead(ReadOnlySpan<byte> data, out ClientSubnet subnet)
    {
        subnet = default;
        if (data.Length < 4 || data[3] != 0) return false;
        (ushort family, byte source) = (BinaryPrimitives.ReadUInt16BigEndian(data), data[2]);
        int width = family switch { IPv4 => 32, IPv6 => 128, 0 => 0, _ => -1 };
        ReadOnlySpan<byte> address = data[4..];
        if (source > width || address.Length != (source + 7) / 8) return false;
        UInt128 bits = 0;
        foreach (byte b in address) bits = bits << 8 | b;
        if (source > 0) bits <<= width - 8 * address.Length;
        UInt128 beyond = source == width ? 0 : ~(UInt128)0 >> 128 - width + source;
        subnet = new(family, source, bits);
        return width == 0 || (bits & beyond) == 0;
    }

    /// <summary>Writes the option with the scope of an answer: code, length, and the data with all else as asked.</summary>
    internal void Write(ref DnsWriter writer, byte scope)
    {
        int bytes = (SourceLength + 7) / 8, width = Family == IPv6 ? 128 : 32;
        writer.UInt16(OptionCode);
        writer.UInt16((ushort)(4 + bytes));
        writer.UInt16(Family);
        writer.Byte(SourceLength);
        writer.Byte(scope);
        for (int i = 1; i <= bytes; i++) writer.Byte((byte)(Address >> width - 8 * i & 0xFF));
    }
}
