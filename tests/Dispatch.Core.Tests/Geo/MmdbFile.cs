using TrafficDispatch.Geo;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Geo;

/// <summary>Makes MaxMind DB files of every record size, valid ones and others.</summary>
internal sealed class MmdbFile(int recordBits, int ipVersion)
{
    private const int Empty = -1;
    private readonly List<(int Left, int Right)> _nodes = [(Empty, Empty)];

    public MmdbData Data { get; } = new();

    public int? ClaimedNodes { get; init; }

    public int FormatVersion { get; init; } = 2;

    public int? ClaimedIpVersion { get; init; }

    public int? ClaimedRecordBits { get; init; }

    /// <summary>Number of nodes so far.</summary>
    public int NodeCount => _nodes.Count;

    /// <summary>A data record, as a value for <see cref="Set"/>.</summary>
    public static int ToData(int offset) => -2 - offset;

    /// <summary>Inserts a prefix; a wider one that is there already is split around it. IPv4 goes under 96 zero bits in a tree of IPv6.</summary>
    public void Insert(IpPrefix prefix, int dataOffset)
    {
        bool shifted = ipVersion == 6 && !prefix.Address.IsIPv6;
        Set(prefix.Address.Bits, shifted ? 96 + prefix.Length : prefix.Length, ToData(dataOffset));
    }

    /// <summary>Lets a prefix of an IPv6 tree lead to the subtree of IPv4.</summary>
    public void AliasToV4(IpPrefix prefix)
    {
        int node = 0;
        for (int i = 0; i < 96; i++) node = _nodes[node].Left;
        Set(prefix.Address.Bits, prefix.Length, node);
    }

    /// <summary>Sets what the path of that many bits leads to: a node (0 or more), nothing (−1) or data.</summary>
    public void Set(UInt128 bits, int length, int target)
    {
        int width = ipVersion == 6 ? 128 : 32;
        int node = 0;
        for (int i = 0; i < length - 1; i++)
        {
            int side = (int)(bits >> (width - 1 - i) & 1);
            int next = side == 0 ? _nodes[node].Left : _nodes[node].Right;
            if (next < 0)
            {
                _nodes.Add((next, next));
                SetRecord(node, side, _nodes.Count - 1);
                next = _nodes.Count - 1;
            }
            node = next;
        }
        if (length == 0) _nodes[0] = (target, target);
        else SetRecord(node, (int)(bits >> (width - length) & 1), target);
    }

    public void SetRecord(int node, int side, int target) =>
        _nodes[node] = side == 0 ? (target, _nodes[node].Right) : (_nodes[node].Left, target);

    public byte[] ToBytes()
    {
        MmdbData file = new();
        foreach ((int left, int right) in _nodes) file.Raw(Node(Number(left), Number(right)));
        file.Raw(new byte[16]).Raw(Data.ToArray());
        file.Raw([0xAB, 0xCD, 0xEF]).Raw("MaxMind.com"u8);
        file.Map(9)
            .Text("node_count").Unsigned(MmdbType.UInt32, (uint)(ClaimedNodes ?? _nodes.Count))
            .Text("record_size").Unsigned(MmdbType.UInt16, (uint)(ClaimedRecordBits ?? recordBits))
            .Text("ip_version").Unsigned(MmdbType.UInt16, (uint)(ClaimedIpVersion ?? ipVersion))
            .Text("database_type").Text("Test")
            .Text("languages").Array(2).Text("en").Text("de")
            .Text("binary_format_major_version").Unsigned(MmdbType.UInt16, (uint)FormatVersion)
            .Text("binary_format_minor_version").Unsigned(MmdbType.UInt16, 0)
            .Text("build_epoch").Unsigned(MmdbType.UInt64, 1_750_000_000)
            .Text("description").Map(1).Text("en").Text("made by a test");
        return file.ToArray();
    }

    public MmdbReader ToReader() => new(ToBytes());

    private uint Number(int target) => target switch
    {
        Empty => (uint)_nodes.Count,
        < Empty => (uint)(_nodes.Count + 16 + (-2 - target)),
        _ => (uint)target,
    };

    private byte[] Node(uint left, uint right) => recordBits switch
    {
        24 => [Byte(left, 16), Byte(left, 8), Byte(left, 0), Byte(right, 16), Byte(right, 8), Byte(right, 0)],
        28 => [Byte(left, 16), Byte(left, 8), Byte(left, 0), (byte)((left >> 24 & 0xF) << 4 | right >> 24 & 0xF), Byte(right, 16), Byte(right, 8), Byte(right, 0)],
        _ => [Byte(left, 24), Byte(left, 16), Byte(left, 8), Byte(left, 0), Byte(right, 24), Byte(right, 16), Byte(right, 8), Byte(right, 0)],
    };

    private static byte Byte(uint value, int shift) => (byte)(value >> shift & 0xFF);
}
