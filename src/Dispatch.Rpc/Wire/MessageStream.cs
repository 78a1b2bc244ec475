using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Reads framed messages from a pipe.</summary>
internal static class MessageStream
{
    /// <summary>Reads the next message; null at a clean end of the stream.</summary>
    /// <exception cref="RpcException">The bytes are not a message, or the stream ends inside one.</exception>
    public static async ValueTask<T?> ReadAsync<T>(
        PipeReader pipe,
        Marshaller<T> marshaller,
        ReceiveRules rules,
        CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            ReadResult result = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (TryTake(pipe, ref buffer, marshaller, rules, out T? message))
                return message;
            if (result.IsCompleted)
            {
                pipe.AdvanceTo(buffer.End);
                return buffer.IsEmpty ? null : throw WireFault.Incomplete();
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    // On a fault the bytes count as read, so that the pipe is in order for whoever ends the call.
    private static bool TryTake<T>(
        PipeReader pipe,
        ref ReadOnlySequence<byte> buffer,
        Marshaller<T> marshaller,
        in ReceiveRules rules,
        out T? message)
        where T : class
    {
        message = null;
        SequencePosition end = buffer.End;
        try
        {
            if (!MessageFrame.TryRead(ref buffer, rules, out ReadOnlySequence<byte> payload))
                return false;
            message = MessageDecoder.Decode(marshaller, payload);
        }
        catch
        {
            pipe.AdvanceTo(end);
            throw;
        }

        pipe.AdvanceTo(buffer.Start);
        return true;
    }
}
