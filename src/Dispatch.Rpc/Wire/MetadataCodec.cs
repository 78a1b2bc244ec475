using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Metadata as header text: bytes travel as base64, without padding when sent, with or without when received.</summary>
internal static class MetadataCodec
{
    /// <summary>Header text of an entry.</summary>
    public static string Encode(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    /// <summary>Adds a received header; a <c>-bin</c> value may hold several, joined by commas.</summary>
    /// <returns>False where a <c>-bin</c> value is not base64.</returns>
    public static bool TryAdd(Metadata metadata, string key, string value)
    {
        key = key.ToLowerInvariant();
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            metadata.Add(Metadata.Entry.Received(key, value));
            return true;
        }

        foreach (Range part in value.AsSpan().Split(','))
        {
            if (!TryDecode(value.AsSpan()[part].Trim(), out byte[]? bytes))
                return false;
            metadata.Add(Metadata.Entry.Received(key, bytes));
        }

        return true;
    }

    /// <summary>Whether callers may set this header; those of the protocol itself belong to the layer.</summary>
    public static bool IsCallersOwn(string key) => key is not (
        "grpc-status" or "grpc-message" or "grpc-encoding" or "grpc-accept-encoding" or "grpc-timeout"
        or "content-type" or "content-length" or "te" or "host" or "connection" or "transfer-encoding");

    private static bool TryDecode(ReadOnlySpan<char> base64, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        base64 = base64.TrimEnd('=');
        if (base64.Length % 4 == 1)
            return false;
        Span<char> padded = new char[(base64.Length + 3) / 4 * 4];
        padded.Fill('=');
        base64.CopyTo(padded);
        byte[] decoded = new byte[padded.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(padded, decoded, out int length))
            return false;
        bytes = decoded[..length];
        return true;
    }
}
