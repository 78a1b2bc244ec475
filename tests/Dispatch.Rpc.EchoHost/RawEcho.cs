using System.Buffers;
using Google.Protobuf;

namespace TrafficDispatch.Rpc.EchoHost;

/// <summary>A raw method as a cache would have it: it looks at bytes, and answers some requests with bytes.</summary>
public static class RawEcho
{
    private const int TextTag = (1 << 3) | (int)WireFormat.WireType.LengthDelimited;
    private const int LeastTextBytes = 200;

    /// <summary>Answers a request that is one text of 200 bytes or more; leaves the others to the generated method.</summary>
    public static bool Answer(EchoService service, in ReadOnlySequence<byte> request, IBufferWriter<byte> response)
    {
        if (request.Length < LeastTextBytes + 3 || request.Length > short.MaxValue || request.FirstSpan[0] != TextTag)
            return false;
        var reader = new SequenceReader<byte>(request.Slice(1));
        if (!reader.TryRead(out byte low) || !reader.TryRead(out byte high) || high > 127 || ((high << 7) | (low & 127)) != reader.Remaining)
            return false;
        ArgumentNullException.ThrowIfNull(service);
        service.CountRaw();

        // The reply has its text under the same number; then follows number = 1.
        foreach (ReadOnlyMemory<byte> part in request)
            response.Write(part.Span);
        response.Write<byte>([(3 << 3) | (int)WireFormat.WireType.Varint, 1]);
        return true;
    }
}
