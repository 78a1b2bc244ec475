using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server;

/// <summary>Answers bytes with bytes.</summary>
internal delegate bool DirectAnswer(in ReadOnlySequence<byte> request, IBufferWriter<byte> response);

/// <summary>What became of a call that might be answered directly.</summary>
internal enum DirectOutcome
{
    /// <summary>It is answered.</summary>
    Answered,

    /// <summary>Its body is still on its way.</summary>
    Waits,

    /// <summary>It is the pipeline's; nothing of it was touched.</summary>
    Left,
}

/// <summary>
/// Answers a unary call straight from the server's features, where nothing about it is out of the ordinary. All else it leaves untouched to the
/// request pipeline, errors too: what it does not do it need not repeat.
/// </summary>
/// <remarks>
/// The pipeline costs more than such an answer: an HTTP context, its middleware, the routing, a call object. The direct way has none of them,
/// so no middleware sees these calls.
/// </remarks>
internal sealed class DirectCall(string path, DirectAnswer answer, int maxReceiveBytes, int maxSendBytes)
{
    private static readonly StringValues ContentType = RequestGate.ContentType;

    public string Path => path;

    /// <summary>Answers the call if all of it is there.</summary>
    public DirectOutcome TryAnswer(in DirectFeatures features)
    {
        if (!IsPlain(features.Request.Headers))
            return DirectOutcome.Left;
        PipeReader reader = features.RequestBody.Reader;
        if (!reader.TryRead(out ReadResult read))
            return DirectOutcome.Waits;
        if (read.IsCompleted)
            return TryAnswer(features, reader, read) ? DirectOutcome.Answered : DirectOutcome.Left;
        reader.AdvanceTo(read.Buffer.Start);
        return DirectOutcome.Waits;
    }

    /// <summary>Waits for the rest of the body and answers. How long a body may take is for the server's least data rate to say.</summary>
    /// <returns>False where the call is the pipeline's.</returns>
    public async Task<bool> TryAnswerLaterAsync(IDirectFeatures holder)
    {
        PipeReader reader = holder.Features.RequestBody.Reader;
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync().ConfigureAwait(false);
                if (read.IsCompleted)
                    return TryAnswer(holder.Features, reader, read);
                if (read.IsCanceled || read.Buffer.Length > maxReceiveBytes + MessageFrame.HeaderBytes)
                {
                    reader.AdvanceTo(read.Buffer.Start);
                    return false;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away, or broke a rule: the pipeline meets the same, and knows how to end the call.
            return false;
        }
    }

    private bool TryAnswer(in DirectFeatures features, PipeReader reader, in ReadResult read)
    {
        ReadOnlySequence<byte> rest = read.Buffer;
        RawResponse response = RawResponse.Rent();
        bool answered = TryAnswer(ref rest, response);
        reader.AdvanceTo(answered ? read.Buffer.End : read.Buffer.Start);
        if (answered)
            Write(features, response.Written);
        response.Return();
        return answered;
    }

    // A call whose trace goes on elsewhere is worth the pipeline, which records it.
    private static bool IsPlain(IHeaderDictionary headers)
    {
        StringValues timeout = headers.GrpcTimeout;
        return RequestGate.IsGrpc(headers.ContentType)
            && headers.GrpcEncoding.Count == 0
            && headers.TraceParent.Count == 0
            && (timeout.Count == 0 || (GrpcTimeout.TryParse(timeout.ToString(), out TimeSpan left) && left > TimeSpan.Zero));
    }

    private bool TryAnswer(ref ReadOnlySequence<byte> rest, RawResponse response)
    {
        try
        {
            return MessageFrame.TryRead(ref rest, new ReceiveRules(maxReceiveBytes, null), out ReadOnlySequence<byte> payload)
                && rest.IsEmpty
                && answer(payload, response.Writer)
                && response.Written.Length <= maxSendBytes;
        }
        catch (Exception)
        {
            // The pipeline meets the same fault and makes a status of it; a raw method that fails once only has answered there.
            return false;
        }
    }

    private static void Write(in DirectFeatures features, ReadOnlySpan<byte> payload)
    {
        features.Response.Headers.ContentType = ContentType;
        // One piece: each taking of memory locks the stream's output.
        PipeWriter writer = features.ResponseBody.Writer;
        Span<byte> frame = writer.GetSpan(MessageFrame.HeaderBytes + payload.Length);
        MessageFrame.PutHeader(frame, payload.Length, compressed: false);
        payload.CopyTo(frame[MessageFrame.HeaderBytes..]);
        writer.Advance(MessageFrame.HeaderBytes + payload.Length);
        features.Trailers.Trailers.GrpcStatus = StatusHeader.Of(StatusCode.OK);
    }
}

/// <summary>Has the features of a stream; to be handed on where a reference cannot be.</summary>
internal interface IDirectFeatures
{
    ref readonly DirectFeatures Features { get; }
}

/// <summary>What a server gives with each request, taken from its stream once.</summary>
/// <param name="Request">The head of the request.</param>
/// <param name="RequestBody">Its body.</param>
/// <param name="Response">The head of the response.</param>
/// <param name="ResponseBody">Its body.</param>
/// <param name="Trailers">Its trailers.</param>
internal readonly record struct DirectFeatures(
    IHttpRequestFeature Request,
    IRequestBodyPipeFeature RequestBody,
    IHttpResponseFeature Response,
    IHttpResponseBodyFeature ResponseBody,
    IHttpResponseTrailersFeature Trailers)
{
    /// <summary>
    /// The features of a stream whose features are the stream itself, for as long as it lives; default for any other. Kestrel's are, at the
    /// begin of every request: what a pipeline puts in their place goes with the request.
    /// </summary>
    public static DirectFeatures Of(IFeatureCollection stream) =>
        stream is IHttpRequestFeature request && stream is IRequestBodyPipeFeature body && stream is IHttpResponseFeature response
            && stream is IHttpResponseBodyFeature responseBody && stream is IHttpResponseTrailersFeature trailers
            ? new(request, body, response, responseBody, trailers)
            : default;
}
