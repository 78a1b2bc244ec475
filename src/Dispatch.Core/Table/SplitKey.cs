using System.Buffers.Binary;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// The bytes that a choice is stable on where no session key is given: a family byte (4 or 6) and the address's first bits, as many as the
/// granule has, the last byte filled up with zeros; or a region's id.
/// </summary>
internal static class SplitKey
{
    /// <summary>Enough for a family byte and 64 address bits.</summary>
    public const int MaxBytes = 9;

    /// <summary>Writes the granule around an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="bits">Bits of the granule, 1 to 32 for IPv4, 1 to 64 for IPv6.</param>
    /// <param name="buffer">At least <see cref="MaxBytes"/> long.</param>
    /// <returns>The written part of the buffer.</returns>
    public static ReadOnlySpan<byte> Granule(ClientAddress address, int bits, Span<byte> buffer)
    {
        ulong first = address.IsIPv6 ? (ulong)(address.Bits >> 64) : (ulong)address.V4 << 32;
        buffer[0] = (byte)(address.IsIPv6 ? 6 : 4);
        BinaryPrimitives.WriteUInt64BigEndian(buffer[1..], first & ulong.MaxValue << (64 - bits));
        return buffer[..((bits + 7) / 8 + 1)];
    }
}
