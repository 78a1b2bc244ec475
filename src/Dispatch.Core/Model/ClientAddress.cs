using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace TrafficDispatch.Model;

/// <summary>
/// An IP address as an integer. An IPv4 address in IPv6 clothes (<c>::ffff:a.b.c.d</c>) is the IPv4 address, as dual-stack sockets report it.
/// </summary>
/// <param name="Bits">The address, most significant bit first; IPv4 in the low 32 bits.</param>
/// <param name="IsIPv6">The family.</param>
public readonly record struct ClientAddress(UInt128 Bits, bool IsIPv6)
{
    private const uint MappedMarker = 0xFFFF;

    /// <summary>Bits of the family: 32 or 128.</summary>
    public int Width => IsIPv6 ? 128 : 32;

    /// <summary>The IPv4 address as an integer. Only meaningful where <see cref="IsIPv6"/> is false.</summary>
    public uint V4 => (uint)(Bits & uint.MaxValue);

    /// <summary>An IPv4 address from its integer.</summary>
    public static ClientAddress FromV4(uint bits) => new(bits, false);

    /// <summary>An IPv6 address from its integer, unwrapped where it is IPv4-mapped.</summary>
    public static ClientAddress FromV6(UInt128 bits) =>
        bits >> 32 == MappedMarker ? new(bits & uint.MaxValue, false) : new(bits, true);

    /// <summary>Reads 4 or 16 bytes in network order.</summary>
    /// <returns>False for any other length.</returns>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out ClientAddress address)
    {
        address = default;
        if (bytes.Length is not (4 or 16)) return false;
        UInt128 bits = 0;
        foreach (byte b in bytes) bits = (bits << 8) | b;
        address = bytes.Length == 4 ? new(bits, false) : FromV6(bits);
        return true;
    }

    /// <summary>Converts from the platform's type; a scope id is dropped.</summary>
    public static ClientAddress From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        TryFromBytes(bytes[..written], out ClientAddress result);
        return result;
    }

    /// <summary>
    /// Reads text: four decimal numbers with dots, or RFC 4291 hexadecimal. No leading zeros, octal, hexadecimal or shortened IPv4
    /// forms, no scope id, no brackets, no blanks. Allocates nothing.
    /// </summary>
    /// <returns>False where the text is not exactly one address.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ClientAddress address) => AddressText.TryRead(text, out address);

    /// <summary>Reads text in UTF-8; see <see cref="TryParse(ReadOnlySpan{char}, out ClientAddress)"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, out ClientAddress address) => AddressText.TryRead(utf8Text, out address);

    /// <summary>Reads text; see <see cref="TryParse(ReadOnlySpan{char}, out ClientAddress)"/>.</summary>
    /// <exception cref="FormatException">The text is not exactly one address.</exception>
    public static ClientAddress Parse(string text) =>
        TryParse(text, out ClientAddress address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    /// <summary>The canonical text form (RFC 5952 for IPv6).</summary>
    public override string ToString() => ToIPAddress().ToString();

    /// <summary>Converts to the platform's type.</summary>
    [SuppressMessage("Design", "CA1024", Justification = "It allocates.")]
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < 16; i++) bytes[i] = (byte)(Bits >> (120 - 8 * i) & 0xFF);
        return new IPAddress(IsIPv6 ? bytes : bytes[12..]);
    }
}
