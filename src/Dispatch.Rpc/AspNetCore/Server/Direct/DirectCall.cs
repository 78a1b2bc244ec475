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

/// <summary>
/// Answers a unary call straight from the server's features, where all of it is there already and nothing about it is out of the ordinary.
/// All else it leaves untouched to the request pipeline, errors too: what it does not do it need not repeat.
/// </summary>
/// <remarks>
/// The pipeline costs more than such an answer: an HTTP context, its middleware, the routing, a call object. The direct way has none of them,
/// so no middleware sees these calls.
/// </remarks>
internal sealed class DirectCall(string path, DirectAnswer answer, int maxReceiveBytes, int maxSendBytes)
{
    public string Path => path;

    /// <summary>Answers the whole call; false where nothing of it was touched.</summary>
    public bool TryAnswer(IFeatureCollection features, IHttpRequestFeature request)
    {
        if (!IsPlain(request.Headers))
            return false;
        PipeReader reader = features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        if (!reader.TryRead(out ReadResult read))
            return false;
        ReadOnlySequence<byte> rest = read.Buffer;
        RawResponse response = RawResponse.Rent();
        bool answered = read.IsCompleted && TryAnswer(ref rest, response);
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

    private static void Write(IFeatureCollection features, ReadOnlySpan<byte> payload)
    {
        features.GetRequiredFeature<IHttpResponseFeature>().Headers.ContentType = DirectHeaders.ContentType;
        PipeWriter writer = features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        MessageFrame.WriteHeader(writer, payload.Length, compressed: false);
        writer.Write(payload);
        features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers.GrpcStatus = StatusHeader.Of(StatusCode.OK);
    }
}
