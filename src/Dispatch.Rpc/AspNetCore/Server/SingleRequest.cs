using System.Buffers;
using System.IO.Pipelines;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>Reads the one request of a call up to the end of its stream, without a state machine where all is there already.</summary>
internal static class SingleRequest
{
    public static ValueTask<TRequest?> ReadAsync<TRequest>(ServerCall call, PayloadDecoder<TRequest> decoder)
        where TRequest : class
    {
        PipeReader pipe = call.Http.Request.BodyReader;
        var progress = default(Progress<TRequest>);
        while (true)
        {
            ValueTask<ReadResult> read = pipe.ReadAsync();
            if (!read.IsCompletedSuccessfully)
                return AwaitRestAsync(read, pipe, call, decoder, progress);
            if (Advance(pipe, read.Result, call, decoder, ref progress))
                return new ValueTask<TRequest?>(progress.Request);
        }
    }

    private static async ValueTask<TRequest?> AwaitRestAsync<TRequest>(
        ValueTask<ReadResult> read,
        PipeReader pipe,
        ServerCall call,
        PayloadDecoder<TRequest> decoder,
        Progress<TRequest> progress)
        where TRequest : class
    {
        while (true)
        {
            ReadResult result = await read.ConfigureAwait(false);
            if (Advance(pipe, result, call, decoder, ref progress))
                return progress.Request;
            read = pipe.ReadAsync();
        }
    }

    /// <summary>Takes what has arrived; true when the message and the end of the stream are there.</summary>
    private static bool Advance<TRequest>(
        PipeReader pipe,
        in ReadResult result,
        ServerCall call,
        PayloadDecoder<TRequest> decoder,
        ref Progress<TRequest> progress)
        where TRequest : class
    {
        ReadOnlySequence<byte> buffer = result.Buffer;
        SequencePosition consumed = buffer.End;
        try
        {
            if (!progress.Taken)
            {
                if (!MessageFrame.TryRead(ref buffer, call.Receive, out ReadOnlySequence<byte> payload))
                {
                    consumed = result.IsCompleted ? buffer.End : buffer.Start;
                    return result.IsCompleted ? throw WireFault.Incomplete() : false;
                }

                progress = new Progress<TRequest>(Taken: true, decoder.Decode(payload, call));
            }

            return buffer.IsEmpty ? result.IsCompleted : throw WireFault.AdditionalData();
        }
        finally
        {
            pipe.AdvanceTo(consumed, result.Buffer.End);
        }
    }

    private readonly record struct Progress<TRequest>(bool Taken, TRequest? Request)
        where TRequest : class;
}
