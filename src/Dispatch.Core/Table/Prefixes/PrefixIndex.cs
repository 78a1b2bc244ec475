using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// Maps addresses of both families to locations by true longest match. Immutable and thread-safe; a lookup allocates nothing and takes
/// no lock. Arrays without pointers, so that the garbage collector never walks it and versions of a table can share it.
/// </summary>
/// <remarks>See <see cref="PrefixTrie"/> for the structure and its source.</remarks>
public sealed class PrefixIndex
{
    /// <summary>The highest location ordinal that an index can hold.</summary>
    public const int MaxLocation = PrefixLeaf.MaxLocation;

    // A table of 18 bits ends on /24 after one step, where most of IPv4 ends. 10 or 16 plus steps of 6 meet the middle of an IPv6 address.
    // Small tables get small roots: they are built often in tests and scenarios. Answers do not depend on it.
    private static int RootBits(PrefixSegments segments, int large) => segments.Count < 4096 ? large - PrefixTrie.Stride : large;

    private readonly PrefixTrie _v4;
    private readonly PrefixTrie _v6;
    private byte[] _digest = [];

    internal PrefixIndex(PrefixSegments v4, PrefixSegments v6)
    {
        _v4 = PrefixTrieBuilder.Build(v4, 32, RootBits(v4, 18));
        _v6 = PrefixTrieBuilder.Build(v6, 128, RootBits(v6, 16));
        LocationBound = Math.Max(Bound(v4), Bound(v6));
    }

    /// <summary>An index without any prefix.</summary>
    public static PrefixIndex Empty { get; } = Build([]);

    /// <summary>All locations in the index are below this ordinal; 0 where it holds none.</summary>
    public int LocationBound { get; }

    /// <summary>Bytes of the arrays.</summary>
    public long SizeBytes => _v4.SizeBytes + _v6.SizeBytes;

    /// <summary>Builds the index. O(n log n), O(n) where the entries come in address order, the shorter prefix first.</summary>
    /// <param name="entries">Prefixes of both families in any order, nested as they like, each at most once.</param>
    /// <exception cref="ArgumentException">
    /// A prefix occurs twice, its length does not fit its family, it has bits beyond its length, or a location is below
    /// <see cref="PrefixEntry.None"/> or above <see cref="MaxLocation"/>.
    /// </exception>
    public static PrefixIndex Build(ReadOnlySpan<PrefixEntry> entries) => new(Sweep(entries, false), Sweep(entries, true));

    /// <summary>The answer for an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PrefixMatch Find(ClientAddress address) => address.IsIPv6 ? FindV6(address.Bits) : FindV4(address.V4);

    /// <summary>The answer for an IPv4 address.</summary>
    /// <param name="address">The address as an integer, first octet highest.</param>
    public PrefixMatch FindV4(uint address) => _v4.Find((ulong)address << 32, 0);

    /// <summary>The answer for an IPv6 address that is not IPv4-mapped (see <see cref="ClientAddress.FromV6"/>).</summary>
    /// <param name="address">The address as an integer, first byte highest.</param>
    public PrefixMatch FindV6(UInt128 address) => _v6.Find(unchecked((ulong)(address >> 64)), unchecked((ulong)address));

    /// <summary>What the index answers, address by address. O(index).</summary>
    /// <param name="isIPv6">Which family.</param>
    public PrefixRanges Ranges(bool isIPv6) => new((isIPv6 ? _v6 : _v4).ToSegments());

    /// <summary>The index that answers as ranges say. O(ranges).</summary>
    /// <param name="v4">Ranges of IPv4.</param>
    /// <param name="v6">Ranges of IPv6.</param>
    public static PrefixIndex FromRanges(PrefixRanges v4, PrefixRanges v6) => new(v4.Segments, v6.Segments);

    /// <summary>Writes the index. Indices that answer alike have the same bytes.</summary>
    public void Write(IBufferWriter<byte> output) => PrefixIndexCodec.Write(_v4.ToSegments(), _v6.ToSegments(), output);

    /// <summary>Reads what <see cref="Write"/> wrote. O(bytes); corrupt bytes are refused, whatever they are.</summary>
    /// <param name="bytes">Exactly one index.</param>
    /// <param name="index">The index; null where it could not be read.</param>
    /// <param name="fault">What is wrong, with the offset; empty where it was read.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PrefixIndex? index, out string fault) =>
        TryRead(bytes, null, out index, out fault);

    /// <summary>Reads an index, or gives the one that is held where it was read from the same bytes: building it anew takes the most of reading a table.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, PrefixIndex? held, [NotNullWhen(true)] out PrefixIndex? index, out string fault)
    {
        byte[] digest = SHA256.HashData(bytes);
        if (held is not null && held._digest.AsSpan().SequenceEqual(digest))
        {
            (index, fault) = (held, "");
            return true;
        }
        if (!PrefixIndexCodec.TryRead(bytes, out index, out fault)) return false;
        index._digest = digest;
        return true;
    }

    private static int Bound(PrefixSegments segments)
    {
        int bound = 0;
        foreach (uint leaf in segments.Leaves) bound = Math.Max(bound, PrefixLeaf.Location(leaf) + 1);
        return bound;
    }

    private static PrefixSegments Sweep(ReadOnlySpan<PrefixEntry> entries, bool isIPv6)
    {
        List<PrefixRow> rows = new(entries.Length);
        OuterFirst order = default;
        bool sorted = true;
        foreach (ref readonly PrefixEntry entry in entries)
        {
            if (entry.Prefix.Address.IsIPv6 != isIPv6) continue;
            Check(entry);
            PrefixRow row = PrefixRow.From(entry);
            sorted &= rows.Count == 0 || order.Compare(rows[^1], row) <= 0;
            rows.Add(row);
        }
        Span<PrefixRow> span = CollectionsMarshal.AsSpan(rows);
        if (!sorted) span.Sort(order);
        for (int i = 1; i < span.Length; i++)
        {
            if (order.Compare(span[i - 1], span[i]) == 0) throw Twice(span[i], isIPv6);
        }
        return PrefixSegments.Sweep(span);
    }

    private static void Check(in PrefixEntry entry)
    {
        int width = entry.Prefix.Address.Width;
        if (!PrefixLeaf.IsValid(entry.Location, entry.Prefix.Length, width) || entry.Prefix.Length < 0)
        {
            throw new ArgumentException($"{entry} needs a length of 0 to {width} and a location of −1 to {MaxLocation}.", nameof(entry));
        }
        if (IpPrefix.Around(entry.Prefix.Address, entry.Prefix.Length) != entry.Prefix)
        {
            throw new ArgumentException($"{entry.Prefix} has bits beyond its length.", nameof(entry));
        }
    }

    private static ArgumentException Twice(PrefixRow row, bool isIPv6)
    {
        IpPrefix prefix = new(new ClientAddress(row.First >> (isIPv6 ? 0 : 96), isIPv6), row.Length);
        return new ArgumentException($"The prefix {prefix} occurs twice.", nameof(row));
    }
}
