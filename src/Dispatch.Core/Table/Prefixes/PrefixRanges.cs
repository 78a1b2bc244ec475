using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Table;

/// <summary>
/// The address space of one family cut where the answer of a <see cref="PrefixIndex"/> changes: range i reaches from its start to before the
/// next one's. The first starts at 0, starts rise, neighbours differ; so indices that answer alike have equal ranges. Immutable and thread-safe.
/// </summary>
/// <remarks>Starts are left-aligned in 128 bits in both families: an IPv4 address stands in the upper 32.</remarks>
public sealed class PrefixRanges
{
    private readonly PrefixSegments _segments;

    internal PrefixRanges(PrefixSegments segments) => _segments = segments;

    /// <summary>Number of ranges, at least 1.</summary>
    public int Count => _segments.Count;

    internal PrefixSegments Segments => _segments;

    /// <summary>First address of a range, left-aligned.</summary>
    public UInt128 Start(int range) => _segments.Starts[range];

    /// <summary>Location of a range's addresses; −1 where they have none.</summary>
    public int Location(int range) => PrefixLeaf.Location(_segments.Leaves[range]);

    /// <summary>Length of the longest prefix that contains a range's addresses; −1 where none does.</summary>
    public int MatchedLength(int range) => PrefixLeaf.Length(_segments.Leaves[range]);
}

/// <summary>Puts <see cref="PrefixRanges"/> together from ranges in order. One thread.</summary>
/// <param name="isIPv6">The family.</param>
public sealed class PrefixRangesBuilder(bool isIPv6)
{
    private readonly PrefixSegments _segments = new();
    private readonly int _width = isIPv6 ? 128 : 32;
    private UInt128 _last;
    private bool _any;

    /// <summary>Ranges so far; neighbours with one answer count once.</summary>
    public int Count => _segments.Count;

    /// <summary>Appends a range.</summary>
    /// <param name="start">First address, left-aligned; 0 for the first range, above the one before for the others.</param>
    /// <param name="location">At least 0, or −1 for none.</param>
    /// <param name="matchedLength">0 to 32 or 128, or −1 where no prefix matches; then there is no location.</param>
    /// <returns>False for a range that breaks a rule; it is not appended.</returns>
    public bool TryAdd(UInt128 start, int location, int matchedLength)
    {
        bool rises = _any ? start > _last : start == 0;
        bool aligned = isIPv6 || (ulong)(start & ulong.MaxValue) == 0 && (uint)((start >> 64) & uint.MaxValue) == 0;
        if (!rises || !aligned || !PrefixLeaf.IsValid(location, matchedLength, _width)) return false;
        (_last, _any) = (start, true);
        _segments.Append(start, PrefixLeaf.Pack(location, matchedLength));
        return true;
    }

    /// <summary>What was appended. The builder must not be used after it.</summary>
    /// <returns>False where there is no range: then the address space is not covered.</returns>
    public bool TryBuild([NotNullWhen(true)] out PrefixRanges? ranges)
    {
        ranges = _any ? new(_segments) : null;
        return _any;
    }
}
