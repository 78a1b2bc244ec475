using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Google.Protobuf;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>
/// The bytes of a kept table. Bytes that were cut off or altered are refused with the reason. The checksum guards against accidents, not against
/// forgery: the file belongs where only the process may write.
/// </summary>
/// <remarks>
/// <c>TDCLIENT</c> · format version (4 bytes, 1) · ordinal of the region for elsewhere (4) · three parts, each its length (4) and its bytes: the request that
/// the table was got with, with its resume point, as a <see cref="WatchTableRequest"/>; the overlay as an <see cref="OverlayState"/>; the table
/// as <see cref="RoutingTableCodec"/> writes it · SHA-256 of all before (32). Little-endian.
/// </remarks>
internal static class TableFile
{
    private const int FormatVersion = 1, ElsewhereAt = 12, PartsAt = 16, ChecksumBytes = 32, HashBytes = 32;

    private static ReadOnlySpan<byte> Magic => "TDCLIENT"u8;

    /// <summary>Writes a table.</summary>
    public static byte[] Write(DispatchTable table, TableSelection selection)
    {
        ArrayBufferWriter<byte> bytes = new();
        bytes.Write(Magic);
        Number(bytes, FormatVersion);
        Number(bytes, table.Held.Elsewhere);
        WatchTableRequest request = RequestOf(selection);
        request.Resume = table.Held.ToResumePoint();
        Part(bytes, request.ToByteArray());
        Part(bytes, table.Overlay.ToMessage().ToByteArray());
        ArrayBufferWriter<byte> routing = new();
        RoutingTableCodec.Write(table.Routing, routing);
        Part(bytes, routing.WrittenSpan);
        bytes.Write(SHA256.HashData(bytes.WrittenSpan));
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads a table.</summary>
    /// <param name="bytes">All of a file.</param>
    /// <param name="selection">What is wanted now: a file with another part is refused.</param>
    /// <param name="table">The table.</param>
    /// <param name="fault">Why it is refused.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, TableSelection selection, [NotNullWhen(true)] out DispatchTable? table, out string fault)
    {
        table = null;
        fault = Fault(bytes);
        if (fault.Length > 0) return false;
        int elsewhere = BinaryPrimitives.ReadInt32LittleEndian(bytes[ElsewhereAt..]);
        ReadOnlySpan<byte> left = bytes[PartsAt..^ChecksumBytes];
        if (!TryPart(ref left, out ReadOnlySpan<byte> requestBytes) || !TryPart(ref left, out ReadOnlySpan<byte> overlayBytes) || !TryPart(ref left, out ReadOnlySpan<byte> tableBytes) || !left.IsEmpty)
        {
            fault = "its parts do not fit its length";
            return false;
        }
        if (!RoutingTableCodec.TryRead(tableBytes, out RoutingTable? routing, out fault)) return false;
        try
        {
            WatchTableRequest request = WatchTableRequest.Parser.ParseFrom(requestBytes);
            ResumePoint resume = request.Resume ?? new();
            request.Resume = null;
            if (!request.Equals(RequestOf(selection)))
            {
                fault = "it holds another part of the table than is selected now";
                return false;
            }
            bool sound = resume.RowsHash.Length == HashBytes && resume.PrefixHash.Length == (selection.Prefixes ? HashBytes : 0)
                && elsewhere >= -1 && elsewhere < routing.Content.Regions.Length;
            if (!sound)
            {
                fault = "its hashes or regions do not fit";
                return false;
            }
            HeldTable held = new(routing, elsewhere, selection.Prefixes, selection.Services.IsEmpty, [.. resume.RowsHash.Span], [.. resume.PrefixHash.Span]);
            table = new(held, OverlayBits.Of(OverlayState.Parser.ParseFrom(overlayBytes), routing.Content.EdgeCount), isFromFile: true);
            return true;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            fault = e.Message;
            return false;
        }
    }

    private static string Fault(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PartsAt + ChecksumBytes || !bytes.StartsWith(Magic)) return "it is no kept table";
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);
        if (version != FormatVersion) return $"its format version is {version}, only {FormatVersion} is known";
        return SHA256.HashData(bytes[..^ChecksumBytes]).AsSpan().SequenceEqual(bytes[^ChecksumBytes..]) ? "" : "it is damaged: its checksum does not fit";
    }

    private static WatchTableRequest RequestOf(TableSelection selection) =>
        new() { RegionIds = { selection.Regions }, Services = { selection.Services }, Prefixes = selection.Prefixes };

    private static void Number(ArrayBufferWriter<byte> bytes, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(4), value);
        bytes.Advance(4);
    }

    private static void Part(ArrayBufferWriter<byte> bytes, ReadOnlySpan<byte> part)
    {
        Number(bytes, part.Length);
        bytes.Write(part);
    }

    private static bool TryPart(ref ReadOnlySpan<byte> left, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (left.Length < 4) return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(left);
        if (length < 0 || length > left.Length - 4) return false;
        part = left.Slice(4, length);
        left = left[(4 + length)..];
        return true;
    }
}
