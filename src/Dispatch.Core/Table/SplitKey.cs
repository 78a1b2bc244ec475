using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// The bytes that a choice is stable on where no session key is given: a family byte (4 or 6) and the address's first bits, as many as the
/// granule has, the last byte filled up with zeros; or a region's id.
/// </summary>
internal static class SplitKey
{
    /// <summary>Enough for a family byte and 16 address bytes.</summary>
    public const int MaxBytes = 17;

    /// <summary>Writes the granule around an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="bits">Bits of the granule, 1 to the family's width.</param>
    /// <param name="buffer">At least <see cref="MaxBytes"/> long.</param>
    /// <returns>The written part of the buffer.</returns>
    public static ReadOnlySpan<byte> Granule(ClientAddress address, int bits, Span<byte> buffer)
    {
        UInt128 left = (address.IsIPv6 ? address.Bits : address.Bits << 96) >> (128 - bits) << (128 - bits);
        int bytes = (bits + 7) / 8;
        buffer[0] = (byte)(address.IsIPv6 ? 6 : 4);
        for (int i = 0; i < bytes; i++) buffer[i + 1] = unchecked((byte)(left >> (120 - 8 * i)));
        return buffer[..(bytes + 1)];
    }
}
