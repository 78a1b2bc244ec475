using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.Geo;

/// <summary>What a MaxMind DB file says about itself.</summary>
/// <param name="NodeCount">Nodes of the search tree, at least 1.</param>
/// <param name="RecordBits">24, 28 or 32: bits of a record, of which a node has two.</param>
/// <param name="IpVersion">4 or 6. A tree of version 6 may hold IPv4 addresses under 96 zero bits.</param>
/// <param name="DatabaseType">What the records are, for instance <c>GeoIP2-City</c>; may be empty.</param>
/// <param name="BuildEpoch">Seconds since 1970 at which it was built; 0 where not said.</param>
/// <param name="Languages">Locale codes of translated names; may be empty.</param>
/// <param name="Fields">All fields as they are in the file.</param>
public sealed record MmdbMetadata(
    int NodeCount, int RecordBits, int IpVersion, string DatabaseType, ulong BuildEpoch, ImmutableArray<string> Languages, MmdbValue Fields)
{
    private const int MaxSectionBytes = 128 * 1024;

    private static ReadOnlySpan<byte> Marker =>
        [0xAB, 0xCD, 0xEF, (byte)'M', (byte)'a', (byte)'x', (byte)'M', (byte)'i', (byte)'n', (byte)'d', (byte)'.', (byte)'c', (byte)'o', (byte)'m'];

    /// <summary>Bytes of a node.</summary>
    public int NodeBytes => RecordBits / 4;

    /// <summary>Bytes of the search tree.</summary>
    public long TreeBytes => (long)NodeCount * NodeBytes;

    /// <summary>Finds the last marker within the last 128 KiB and reads what follows.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="dataEnd">Where the marker begins: the end of the data section.</param>
    internal static MmdbMetadata Read(ReadOnlyMemory<byte> file, out int dataEnd)
    {
        int from = Math.Max(0, file.Length - MaxSectionBytes - Marker.Length);
        int at = file.Span[from..].LastIndexOf(Marker);
        if (at < 0) throw new MmdbException(file.Length, "no metadata marker in the last 128 KiB: not a MaxMind DB file, or cut off");
        dataEnd = from + at;
        int start = dataEnd + Marker.Length;
        MmdbValue fields = new MmdbDecoder(file, start, file.Length).Decode(0);
        if (fields.Type != MmdbType.Map) throw new MmdbException(start, $"the metadata must be a map, not {fields.Type}");
        MmdbMetadata metadata = new(
            (int)Number(fields, "node_count", start, 1, int.MaxValue),
            (int)Number(fields, "record_size", start, 24, 32),
            (int)Number(fields, "ip_version", start, 4, 6),
            fields["database_type"]?.Text ?? "",
            (ulong)(fields["build_epoch"]?.Unsigned ?? 0),
            [.. fields["languages"]?.Items.Select(static l => l.Text) ?? []],
            fields);
        Number(fields, "binary_format_major_version", start, 2, 2);
        if (metadata.RecordBits is not (24 or 28 or 32)) throw new MmdbException(start, $"record_size must be 24, 28 or 32, not {metadata.RecordBits}");
        if (metadata.IpVersion == 5) throw new MmdbException(start, "ip_version must be 4 or 6, not 5");
        long dataStart = metadata.TreeBytes + MmdbTree.SeparatorBytes;
        if (dataStart > dataEnd) throw new MmdbException(dataEnd, $"node_count {metadata.NodeCount} asks for a tree of {metadata.TreeBytes} bytes, more than there are");
        return metadata;
    }

    private static UInt128 Number(MmdbValue fields, string name, int offset, uint least, uint most)
    {
        MmdbValue value = fields[name] ?? throw new MmdbException(offset, $"the metadata lacks {name}");
        if (value.Type is not (MmdbType.UInt16 or MmdbType.UInt32 or MmdbType.UInt64 or MmdbType.UInt128))
        {
            throw new MmdbException(offset, $"{name} must be an unsigned number, not {value.Type}");
        }
        if (value.Unsigned >= least && value.Unsigned <= most) return value.Unsigned;
        string range = least == most ? $"{least}" : string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        throw new MmdbException(offset, $"{name} must be {range}, not {value.Unsigned}");
    }
}
