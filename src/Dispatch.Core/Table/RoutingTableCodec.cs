using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace TrafficDispatch.Table;

/// <summary>
/// The stored form of a <see cref="RoutingTable"/>. Same table, same bytes; bytes that were cut off, altered or made up are refused with
/// the reason, in memory and time proportional to their number.
/// </summary>
/// <remarks>
/// Little-endian: <c>TDTABLE\0</c> · format version (4 bytes, 2) · epoch (8) · number (8) · built at, in ticks of 100 ns since year 1 UTC
/// (8) · SHA-256 of the content (32) · length of the content (8) · content · SHA-256 of all before (32). The checksum guards against
/// accidents, not against forgery: whoever writes the file can write its checksum. Thread-safe.
/// </remarks>
public static class RoutingTableCodec
{
    /// <summary>The only format version that is read and written.</summary>
    public const int FormatVersion = 2;

    private const int HashAt = 36, LengthAt = 68, ContentAt = 76, HashBytes = 32;

    private static ReadOnlySpan<byte> Magic => "TDTABLE\0"u8;

    /// <summary>Writes a table. O(content).</summary>
    public static void Write(RoutingTable table, IBufferWriter<byte> output) => output.Write(Bytes(table).Written);

    /// <summary>Writes a table. O(content). Nothing is written before all bytes are made.</summary>
    /// <exception cref="IOException">The stream fails.</exception>
    public static void Write(RoutingTable table, Stream output) => output.Write(Bytes(table).Written);

    /// <summary>Reads what <c>Write</c> wrote. O(bytes).</summary>
    /// <param name="bytes">Exactly one table.</param>
    /// <param name="table">The table; null where it could not be read.</param>
    /// <param name="fault">What is wrong; empty where it was read.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RoutingTable? table, out string fault) =>
        TryRead(bytes, null, out table, out fault);

    /// <summary>Reads a table that may share an index of prefixes with one that is held already.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, PrefixIndex? held, [NotNullWhen(true)] out RoutingTable? table, out string fault)
    {
        table = null;
        fault = FrameFault(bytes);
        if (fault.Length > 0) return false;

        ReadOnlySpan<byte> inner = bytes[ContentAt..^HashBytes];
        TableVersion version = new(Int64(bytes, 12), Int64(bytes, 20));
        long ticks = Int64(bytes, 28);
        string hash = RoutingTable.Hash(inner);
        if (version.Epoch < 0 || version.Number < 0) fault = $"the version {version} is negative";
        else if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) fault = "the time of building is out of range";
        else if (!string.Equals(hash, Convert.ToHexStringLower(bytes.Slice(HashAt, HashBytes)), StringComparison.Ordinal))
            fault = "the content hash does not match the content";
        if (fault.Length > 0 || !TableContentReader.TryRead(inner, ContentAt, held, out TableContent? content, out fault)) return false;

        fault = string.Join(" ", TableContentCheck.Faults(content));
        if (fault.Length > 0) return false;
        table = RoutingTable.FromChecked(content, hash, version, new DateTimeOffset(ticks, TimeSpan.Zero));
        return true;
    }

    internal static ReadOnlyMemory<byte> Encode(RoutingTable table) => Bytes(table).WrittenMemory;

    private static string FrameFault(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Magic)) return "not a routing table";
        if (bytes.Length < ContentAt + HashBytes) return Sizes(bytes.Length, ContentAt + HashBytes);
        int format = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (format != FormatVersion)
            return string.Create(CultureInfo.InvariantCulture, $"format version {format} is unknown, only {FormatVersion} is");
        long length = Int64(bytes, LengthAt);
        if (length != bytes.Length - ContentAt - HashBytes)
            return length is >= 0 and < int.MaxValue ? Sizes(bytes.Length, length + ContentAt + HashBytes) : "the content's length is out of range";
        return bytes[^HashBytes..].SequenceEqual(SHA256.HashData(bytes[..^HashBytes])) ? "" : "the checksum does not match: the bytes were altered";
    }

    private static ByteSink Bytes(RoutingTable table)
    {
        ByteSink sink = new();
        sink.Write(Magic);
        sink.Int32(FormatVersion);
        sink.Int64(table.Version.Epoch);
        sink.Int64(table.Version.Number);
        sink.Int64(table.BuiltAt.UtcTicks);
        sink.Write(Convert.FromHexString(table.ContentHash));
        int opened = sink.Reserve64();
        TableContentWriter.Write(table.Content, sink);
        sink.Close(opened);
        sink.Write(SHA256.HashData(sink.Written));
        return sink;
    }

    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static string Sizes(long found, long expected) =>
        string.Create(CultureInfo.InvariantCulture, $"holds {found} bytes where {expected} are needed");
}
