using System.Buffers;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>Makes the request of a call from the bytes of its message.</summary>
internal abstract class PayloadDecoder<TRequest>
    where TRequest : class
{
    /// <summary>The request, or null where the bytes are already answered in <see cref="ServerCall.RawResponse"/>.</summary>
    public abstract TRequest? Decode(in ReadOnlySequence<byte> payload, ServerCall call);
}

/// <summary>Decodes with the method's marshaller.</summary>
internal sealed class MarshallerDecoder<TRequest>(Marshaller<TRequest> marshaller) : PayloadDecoder<TRequest>
    where TRequest : class
{
    public override TRequest? Decode(in ReadOnlySequence<byte> payload, ServerCall call) =>
        MessageDecoder.Decode(marshaller, payload);
}

/// <summary>Lets a raw method answer first and decodes only what it leaves.</summary>
internal sealed class RawFirstDecoder<TRequest>(DirectAnswer raw, Marshaller<TRequest> marshaller) : PayloadDecoder<TRequest>
    where TRequest : class
{
    public override TRequest? Decode(in ReadOnlySequence<byte> payload, ServerCall call)
    {
        RawResponse response = RawResponse.Rent();
        if (raw(payload, response.Writer))
        {
            call.RawResponse = response;
            return null;
        }

        response.Return();
        return MessageDecoder.Decode(marshaller, payload);
    }
}
