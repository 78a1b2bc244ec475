using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a serializer puts one message. Valid only during the call of the serializer.</summary>
/// <remarks>
/// Either <see cref="Complete(byte[])"/> alone, or optionally <see cref="SetPayloadLength"/>, then
/// <see cref="GetBufferWriter"/>, then <see cref="Complete()"/>.
/// </remarks>
public abstract class SerializationContext
{
    /// <summary>Gives the whole message at once.</summary>
    public abstract void Complete(byte[] payload);

    /// <summary>Ends a message written through <see cref="GetBufferWriter"/>.</summary>
    public abstract void Complete();

    /// <summary>The writer for the message's bytes.</summary>
    public abstract IBufferWriter<byte> GetBufferWriter();

    /// <summary>States the exact length in bytes before writing, which spares a copy. Exactly so many must follow.</summary>
    public abstract void SetPayloadLength(int payloadLength);
}

/// <summary>Where a deserializer finds one message. Valid only during the call of the deserializer.</summary>
public abstract class DeserializationContext
{
    /// <summary>Length of the message in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>A copy of the message that the caller owns.</summary>
    public abstract byte[] PayloadAsNewBuffer();

    /// <summary>The message in the transport's buffers, without a copy; do not keep it.</summary>
    public abstract ReadOnlySequence<byte> PayloadAsReadOnlySequence();
}
