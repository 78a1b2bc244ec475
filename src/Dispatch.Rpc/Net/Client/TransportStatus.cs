using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>Reads statuses out of what HTTP gives: exceptions, status codes, trailers.</summary>
internal static class TransportStatus
{
    /// <summary>The status of a failed transport; the stream error codes are those of RFC 9113, section 7.</summary>
    public static Status Of(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpProtocolException protocol)
                return new Status(OfStreamError(protocol.ErrorCode), protocol.Message, exception);
        }

        return exception is HttpRequestException or IOException
            ? new Status(StatusCode.Unavailable, $"The server cannot be reached: {exception.Message}", exception)
            : new Status(StatusCode.Internal, $"The call failed: {exception.Message}", exception);
    }

    /// <summary>The status of a response that is not gRPC, by the table of the gRPC specification.</summary>
    public static Status Of(HttpStatusCode code) => new(
        (int)code switch
        {
            400 => StatusCode.Internal,
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 => StatusCode.Unimplemented,
            429 or 502 or 503 or 504 => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        string.Create(CultureInfo.InvariantCulture, $"The response is not gRPC: HTTP status {(int)code}."));

    /// <summary>The status in headers or trailers, or null where there is none.</summary>
    public static Status? Find(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("grpc-status", out HeaderStringValues code))
            return null;
        string detail = headers.NonValidated.TryGetValues("grpc-message", out HeaderStringValues message)
            ? PercentEncoding.Decode(message.ToString())
            : string.Empty;
        return int.TryParse(code.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 16
            ? new Status((StatusCode)number, detail)
            : new Status(StatusCode.Unknown, $"The server sent grpc-status '{code}'. {detail}");
    }

    /// <summary>Headers as metadata, without the protocol's own. A <c>-bin</c> value that is not base64 is left out.</summary>
    public static Metadata ToMetadata(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (KeyValuePair<string, HeaderStringValues> header in headers.NonValidated)
        {
            string key = header.Key.ToLowerInvariant();
            if (!MetadataCodec.IsCallersOwn(key))
                continue;
            foreach (string value in header.Value)
                MetadataCodec.TryAdd(metadata, key, value);
        }

        return metadata;
    }

    private static StatusCode OfStreamError(long code) => code switch
    {
        // NO_ERROR: the server closes in order (GOAWAY) and did not get to this call; another try may reach it or its successor.
        0 or 7 => StatusCode.Unavailable,
        8 => StatusCode.Cancelled,
        11 => StatusCode.ResourceExhausted,
        12 => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };
}
