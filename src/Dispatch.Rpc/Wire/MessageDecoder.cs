using System.Buffers;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Gives a payload to a marshaller; what the marshaller throws becomes <see cref="StatusCode.Internal"/>.</summary>
internal static class MessageDecoder
{
    public static T Decode<T>(Marshaller<T> marshaller, in ReadOnlySequence<byte> payload)
    {
        PayloadContext context = PayloadContext.Rent(payload);
        try
        {
            return marshaller.ContextualDeserializer(context)
                ?? throw WireFault.Internal("The deserializer gave no message.");
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "Failed to deserialize the message.", e));
        }
        finally
        {
            context.Return();
        }
    }

    // One spare instance a thread: deserializers are synchronous, and a nested one simply allocates.
    private sealed class PayloadContext : DeserializationContext
    {
        [ThreadStatic]
        private static PayloadContext? _spare;

        private ReadOnlySequence<byte> _payload;

        public override int PayloadLength => (int)_payload.Length;

        public static PayloadContext Rent(in ReadOnlySequence<byte> payload)
        {
            PayloadContext context = _spare ?? new PayloadContext();
            _spare = null;
            context._payload = payload;
            return context;
        }

        public void Return()
        {
            _payload = default;
            _spare = this;
        }

        public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;
    }
}
