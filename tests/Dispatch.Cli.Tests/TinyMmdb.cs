using System.Text;

namespace TrafficDispatch.Cli.Tests;

/// <summary>Writes small IPv4 databases of the MaxMind DB format with 24-bit records: a country code a network.</summary>
internal static class TinyMmdb
{
    private static readonly byte[] Marker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    public static byte[] Countries(params (string Prefix, string Iso2)[] networks)
    {
        List<int[]> nodes = [new int[2]];
        using MemoryStream data = new();
        foreach ((string prefix, string iso2) in networks)
        {
            // Negative: a place in the data section; 0: nothing yet; positive: a node.
            Insert(nodes, prefix, -1 - (int)data.Length);
            data.Write([.. Map(1), .. Text("country"), .. Map(1), .. Text("iso_code"), .. Text(iso2)]);
        }
        using MemoryStream file = new();
        foreach (int record in nodes.SelectMany(static n => n))
        {
            int value = record > 0 ? record : record == 0 ? nodes.Count : nodes.Count + 16 + (-1 - record);
            file.Write([(byte)(value >> 16), (byte)(value >> 8 & 0xFF), (byte)(value & 0xFF)]);
        }
        file.Write(new byte[16]);
        file.Write(data.ToArray());
        file.Write([.. Marker, .. Metadata(nodes.Count)]);
        return file.ToArray();
    }

    private static void Insert(List<int[]> nodes, string prefix, int leaf)
    {
        string[] halves = prefix.Split('/');
        uint address = halves[0].Split('.').Aggregate(0u, static (bits, octet) => bits << 8 | byte.Parse(octet, System.Globalization.CultureInfo.InvariantCulture));
        int length = int.Parse(halves[1], System.Globalization.CultureInfo.InvariantCulture), node = 0;
        for (int bit = 0; bit < length - 1; bit++)
        {
            int side = (int)(address >> (31 - bit) & 1);
            if (nodes[node][side] == 0)
            {
                nodes[node][side] = nodes.Count;
                nodes.Add(new int[2]);
            }
            node = nodes[node][side];
        }
        nodes[node][address >> (32 - length) & 1] = leaf;
    }

    private static byte[] Metadata(int nodes) =>
    [
        .. Map(9),
        .. Text("node_count"), .. UInt32((uint)nodes),
        .. Text("record_size"), .. UInt16(24),
        .. Text("ip_version"), .. UInt16(4),
        .. Text("database_type"), .. Text("Tiny-Country"),
        .. Text("languages"), 0x00, 0x04,
        .. Text("binary_format_major_version"), .. UInt16(2),
        .. Text("binary_format_minor_version"), .. UInt16(0),
        .. Text("build_epoch"), 0x08, 0x02, 0, 0, 0, 0, 0, 0, 0, 1,
        .. Text("description"), .. Map(0),
    ];

    private static byte[] Map(int size) => [(byte)(7 << 5 | size)];

    private static byte[] Text(string text) => [(byte)(2 << 5 | Math.Min(text.Length, 29)), .. text.Length > 28 ? [(byte)(text.Length - 29)] : Array.Empty<byte>(), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] UInt16(int value) => [5 << 5 | 2, (byte)(value >> 8), (byte)(value & 0xFF)];

    private static byte[] UInt32(uint value) => [6 << 5 | 4, (byte)(value >> 24), (byte)(value >> 16 & 0xFF), (byte)(value >> 8 & 0xFF), (byte)(value & 0xFF)];
}
