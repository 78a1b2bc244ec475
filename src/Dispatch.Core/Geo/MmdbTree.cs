using System.Runtime.InteropServices;
using TrafficDispatch.Model;

namespace TrafficDispatch.Geo;

/// <summary>The binary search tree of a MaxMind DB file: a step a bit, a record leads to a node, to nothing, or to data.</summary>
internal sealed class MmdbTree
{
    public const int SeparatorBytes = 16;
    private const int BitsBeforeIPv4 = 96;
    private const int MaxUnfolding = 16;
    private const int LeastSteps = 4096;

    private readonly byte[] _file;
    private readonly MmdbMetadata _metadata;
    private readonly int _dataLength;
    private readonly int _depth;
    private readonly long _v4Start;
    private readonly int _v4StartDepth;

    public MmdbTree(byte[] file, MmdbMetadata metadata, int dataLength)
    {
        (_file, _metadata, _dataLength) = (file, metadata, dataLength);
        _depth = metadata.IpVersion == 6 ? 128 : 32;
        if (metadata.IpVersion == 4) return;
        while (_v4StartDepth < BitsBeforeIPv4 && _v4Start < metadata.NodeCount)
        {
            _v4Start = Record(_v4Start, 0);
            _v4StartDepth++;
        }
    }

    /// <summary>Walks along an address.</summary>
    /// <returns>False where the tree has nothing for it.</returns>
    public bool TryFind(ClientAddress address, out MmdbNetwork network)
    {
        network = default;
        if (address.IsIPv6 && _metadata.IpVersion == 4) return false;
        long record = address.IsIPv6 ? 0 : _v4Start;
        int length = 0;
        for (; record < _metadata.NodeCount; length++)
        {
            if (length == address.Width) throw TooDeep(record);
            record = Record(record, (int)(address.Bits >> (address.Width - 1 - length) & 1));
        }
        if (record == _metadata.NodeCount) return false;
        network = new(IpPrefix.Around(address, length), DataOffset(record));
        return true;
    }

    /// <summary>
    /// All networks that have data, in address order, each once. The IPv4 networks of an IPv6 tree (under 96 zero bits) come as IPv4;
    /// where other places lead to the same subtree (<c>::ffff:0:0/96</c>, <c>2001::/32</c>, <c>2002::/16</c>) it is not repeated.
    /// </summary>
    public IEnumerable<MmdbNetwork> Networks()
    {
        // A tree has twice as many records as nodes. One that unfolds to much more shares its nodes again and again, as no writer makes it.
        long maxSteps = Math.Max(LeastSteps, MaxUnfolding * 2L * _metadata.NodeCount);
        Stack<Place> open = new();
        open.Push(new(0, 0, 0));
        for (long steps = 0; open.TryPop(out Place place); steps++)
        {
            if (steps > maxSteps) throw new MmdbException(0, $"the tree unfolds to more than {maxSteps} records: its nodes are shared without end");
            // Down the left side; what lies to the right waits.
            for (; place.Record < _metadata.NodeCount && !IsAlias(place); steps++)
            {
                if (place.Length == _depth) throw TooDeep(place.Record);
                long right = Record(place.Record, 1);
                if (right != _metadata.NodeCount)
                {
                    open.Push(new(right, place.Bits | (UInt128)1 << (_depth - 1 - place.Length), place.Length + 1));
                }
                place = new(Record(place.Record, 0), place.Bits, place.Length + 1);
            }
            if (place.Record <= _metadata.NodeCount || IsAlias(place)) continue;
            int data = DataOffset(place.Record);
            bool isV4 = IsV4(place);
            if (!isV4 && place.Bits == 0) yield return new(new(ClientAddress.FromV4(0), 0), data);
            yield return new(Prefix(place, isV4), data);
        }
    }

    private bool IsV4(Place place) => _depth == 32 || (place.Length >= BitsBeforeIPv4 && place.Bits >> 32 == 0);

    /// <summary>True for a second way to the IPv4 subtree, and for all of <c>::ffff:0:0/96</c>: those addresses are IPv4 here.</summary>
    private bool IsAlias(Place place)
    {
        if (_depth == 32 || place.Bits == 0) return false;
        bool isMapped = place.Length >= BitsBeforeIPv4 && place.Bits >> 32 == 0xFFFF;
        bool hasV4Subtree = _v4StartDepth == BitsBeforeIPv4 && _v4Start < _metadata.NodeCount;
        return isMapped || (hasV4Subtree && place.Record == _v4Start);
    }

    private IpPrefix Prefix(Place place, bool isV4) => isV4
        ? new(ClientAddress.FromV4((uint)place.Bits), _depth == 32 ? place.Length : place.Length - BitsBeforeIPv4)
        : new(new ClientAddress(place.Bits, true), place.Length);

    private long Record(long node, int side)
    {
        int bytes = _metadata.NodeBytes;
        ReadOnlySpan<byte> at = _file.AsSpan((int)(node * bytes), bytes);
        return (_metadata.RecordBits, side) switch
        {
            (24, 0) => at[0] << 16 | at[1] << 8 | at[2],
            (24, _) => at[3] << 16 | at[4] << 8 | at[5],
            (28, 0) => (at[3] & 0xF0) << 20 | at[0] << 16 | at[1] << 8 | at[2],
            (28, _) => (at[3] & 0x0F) << 24 | at[4] << 16 | at[5] << 8 | at[6],
            (_, 0) => (long)at[0] << 24 | (uint)(at[1] << 16) | (uint)(at[2] << 8) | at[3],
            _ => (long)at[4] << 24 | (uint)(at[5] << 16) | (uint)(at[6] << 8) | at[7],
        };
    }

    private int DataOffset(long record)
    {
        long offset = record - _metadata.NodeCount - SeparatorBytes;
        if (offset >= 0 && offset < _dataLength) return (int)offset;
        throw new MmdbException(_metadata.TreeBytes, $"record {record} leads to data at {offset}, outside of its {_dataLength} bytes");
    }

    private MmdbException TooDeep(long node) =>
        new(node * _metadata.NodeBytes, $"node {node} lies deeper than an address has bits: the tree has a cycle");

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(long Record, UInt128 Bits, int Length);
}
