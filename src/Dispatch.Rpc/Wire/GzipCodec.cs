using System.Buffers;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Compresses and expands messages. Expansion stops at a limit, so a small message cannot fill the memory.</summary>
internal static class GzipCodec
{
    /// <summary>The coding's name in <c>grpc-encoding</c>.</summary>
    public const string Name = "gzip";

    private const int ChunkBytes = 8 * 1024;

    /// <summary>Compresses; the result of an empty input is empty, which the caller sends uncompressed.</summary>
    public static ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> message, CompressionLevel level)
    {
        if (message.IsEmpty)
            return default;
        using var compressed = new MemoryStream(Math.Max(64, message.Length / 2));
        using (var gzip = new GZipStream(compressed, level, leaveOpen: true))
            gzip.Write(message);
        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    /// <summary>Expands to at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="RpcException">
    /// <see cref="StatusCode.ResourceExhausted"/> past the limit, <see cref="StatusCode.Internal"/> where it is not gzip.
    /// </exception>
    public static ReadOnlyMemory<byte> Expand(in ReadOnlySequence<byte> compressed, int limit)
    {
        using var source = new MemoryStream(compressed.ToArray(), writable: false);
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        var expanded = new ArrayBufferWriter<byte>(ChunkBytes);
        try
        {
            while (true)
            {
                int read = gzip.Read(expanded.GetSpan(ChunkBytes));
                if (read == 0)
                    return expanded.WrittenMemory;
                expanded.Advance(read);
                if (expanded.WrittenCount > limit)
                    throw WireFault.ReceivedTooLarge(limit);
            }
        }
        catch (InvalidDataException)
        {
            throw WireFault.Internal("The compressed message is not valid gzip.");
        }
    }
}
