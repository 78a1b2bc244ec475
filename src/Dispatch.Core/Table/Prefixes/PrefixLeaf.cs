using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// An answer of the index in 31 bits: matched length + 1 in bits 30–23, location + 1 in bits 22–0. Bit 31 stays free: the trie marks
/// its inner entries with it. Zero is "no prefix matches".
/// </summary>
internal static class PrefixLeaf
{
    public const uint NoMatch = 0;
    public const int LocationBits = 23;
    public const int MaxLocation = (1 << LocationBits) - 2;
    private const uint LocationMask = (1u << LocationBits) - 1;

    public static uint Pack(int location, int length) => (uint)(length + 1) << LocationBits | (uint)(location + 1);

    public static int Location(uint leaf) => (int)(leaf & LocationMask) - 1;

    public static int Length(uint leaf) => (int)(leaf >> LocationBits) - 1;

    /// <summary>True for what <see cref="Pack"/> can return for prefixes of a family of that width.</summary>
    public static bool IsValid(int location, int length, int width) =>
        length >= 0 ? length <= width && location is >= PrefixEntry.None and <= MaxLocation : length == -1 && location == PrefixEntry.None;
}
