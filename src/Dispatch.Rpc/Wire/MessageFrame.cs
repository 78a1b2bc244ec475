using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>The frame of a message: a byte that says whether it is compressed, four of big-endian length, the payload.</summary>
internal static class MessageFrame
{
    /// <summary>Length in bytes of what precedes the payload.</summary>
    public const int HeaderBytes = 5;

    /// <summary>Writes the header of a payload that the caller appends.</summary>
    public static void WriteHeader(IBufferWriter<byte> output, int payloadBytes, bool compressed)
    {
        // Asking for the payload too gives small messages one contiguous span.
        PutHeader(output.GetSpan(HeaderBytes + Math.Min(payloadBytes, 2048)), payloadBytes, compressed);
        output.Advance(HeaderBytes);
    }

    /// <summary>Puts the header at the front of a frame.</summary>
    public static void PutHeader(Span<byte> frame, int payloadBytes, bool compressed)
    {
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)payloadBytes);
    }

    /// <summary>Takes one whole frame from the front of the buffer and gives its payload, expanded.</summary>
    /// <returns>False where the frame is not yet complete; the buffer is then unchanged.</returns>
    /// <exception cref="RpcException">The frame is malformed, or its message larger than allowed.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, in ReceiveRules rules, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        if (buffer.Length < HeaderBytes)
            return false;
        Span<byte> header = stackalloc byte[HeaderBytes];
        CopyHeader(buffer, header);
        if (header[0] > 1)
            throw WireFault.Internal("Unexpected compressed flag value in message header.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > (uint)rules.MaxMessageBytes)
            throw WireFault.ReceivedTooLarge(rules.MaxMessageBytes);
        if (buffer.Length - HeaderBytes < length)
            return false;
        payload = buffer.Slice(HeaderBytes, length);
        buffer = buffer.Slice(payload.End);
        if (header[0] == 1)
            payload = Expanded(payload, rules);
        return true;
    }

    private static void CopyHeader(in ReadOnlySequence<byte> buffer, Span<byte> header)
    {
        if (buffer.FirstSpan.Length >= HeaderBytes)
            buffer.FirstSpan[..HeaderBytes].CopyTo(header);
        else
            buffer.Slice(0, HeaderBytes).CopyTo(header);
    }

    private static ReadOnlySequence<byte> Expanded(in ReadOnlySequence<byte> payload, in ReceiveRules rules) => rules.Encoding switch
    {
        null or "identity" => throw WireFault.Internal("The message is flagged as compressed, but no grpc-encoding says how."),
        GzipCodec.Name => new ReadOnlySequence<byte>(GzipCodec.Expand(payload, rules.MaxMessageBytes)),
        _ => throw WireFault.UnsupportedEncoding(rules.Encoding),
    };
}

/// <summary>What one direction of a call accepts.</summary>
/// <param name="MaxMessageBytes">Largest message in bytes, before and after expansion.</param>
/// <param name="Encoding">The peer's <c>grpc-encoding</c>, null where it named none.</param>
internal readonly record struct ReceiveRules(int MaxMessageBytes, string? Encoding);
