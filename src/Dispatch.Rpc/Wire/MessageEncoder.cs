using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Frames what a marshaller writes. A message of stated length goes straight to the output, others through a buffer.</summary>
internal sealed class MessageEncoder : SerializationContext
{
    private const int LargestKeptBuffer = 64 * 1024;

    // One spare instance a thread: serializers are synchronous, and a nested one simply allocates.
    [ThreadStatic]
    private static MessageEncoder? _spare;

    private IBufferWriter<byte>? _output;
    private SendRules _rules;
    private ArrayBufferWriter<byte>? _buffer;
    private bool _direct;
    private bool _completed;

    /// <summary>Writes one framed message.</summary>
    /// <exception cref="RpcException">The message is larger than allowed; nothing was written then.</exception>
    public static void Encode<T>(IBufferWriter<byte> output, Marshaller<T> marshaller, T message, in SendRules rules)
    {
        MessageEncoder encoder = _spare ?? new MessageEncoder();
        _spare = null;
        (encoder._output, encoder._rules) = (output, rules);
        try
        {
            marshaller.ContextualSerializer(message, encoder);
            if (!encoder._completed)
                throw WireFault.Internal("The serializer did not complete the message.");
        }
        finally
        {
            encoder.Return();
        }
    }

    /// <summary>Frames a whole payload.</summary>
    /// <exception cref="RpcException">The payload is larger than allowed; nothing was written then.</exception>
    public static void EncodePayload(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, in SendRules rules)
    {
        rules.Check(payload.Length);
        bool compressed = rules.Compression is not null && !payload.IsEmpty;
        if (compressed)
            payload = GzipCodec.Compress(payload, rules.Compression!.Value).Span;
        MessageFrame.WriteHeader(output, payload.Length, compressed);
        output.Write(payload);
    }

    /// <inheritdoc/>
    public override void SetPayloadLength(int payloadLength)
    {
        _rules.Check(payloadLength);
        if (_rules.Compression is not null)
            return;
        MessageFrame.WriteHeader(_output!, payloadLength, compressed: false);
        _direct = true;
    }

    /// <inheritdoc/>
    public override IBufferWriter<byte> GetBufferWriter() => _direct ? _output! : _buffer ??= new ArrayBufferWriter<byte>(1024);

    /// <inheritdoc/>
    public override void Complete()
    {
        if (!_direct)
            EncodePayload(_output!, _buffer is null ? default : _buffer.WrittenSpan, _rules);
        _completed = true;
    }

    /// <inheritdoc/>
    public override void Complete(byte[] payload)
    {
        EncodePayload(_output!, payload, _rules);
        _completed = true;
    }

    private void Return()
    {
        (_output, _direct, _completed) = (null, false, false);
        if (_buffer?.Capacity > LargestKeptBuffer)
            _buffer = null;
        else
            _buffer?.ResetWrittenCount();
        _spare = this;
    }
}

/// <summary>How one direction of a call sends.</summary>
/// <param name="MaxMessageBytes">Largest message in bytes, before compression.</param>
/// <param name="Compression">The gzip level, or null for uncompressed.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SendRules(int MaxMessageBytes, CompressionLevel? Compression)
{
    /// <summary>Refuses a message that is too large.</summary>
    public void Check(int payloadBytes)
    {
        if (payloadBytes > MaxMessageBytes)
            throw WireFault.SentTooLarge(payloadBytes, MaxMessageBytes);
    }
}
