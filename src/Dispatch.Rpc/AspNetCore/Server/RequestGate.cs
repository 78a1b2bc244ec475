using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server;

/// <summary>Turns away requests that are not gRPC over HTTP/2 before any handler sees them.</summary>
internal static class RequestGate
{
    /// <summary>The content type of every request and response, with an optional suffix or parameters on requests.</summary>
    public const string ContentType = "application/grpc";

    private static readonly StringValues ContentTypeHeader = ContentType;

    /// <summary>Answers a wrong request and returns true, or returns false for a right one.</summary>
    public static bool Rejects(HttpContext http)
    {
        HttpRequest request = http.Request;
        if (!IsGrpc(request.ContentType))
            return Reject(http, StatusCodes.Status415UnsupportedMediaType, StatusCode.Unknown, $"Content-Type '{request.ContentType}' is not supported.");
        if (HttpProtocol.IsHttp2(request.Protocol) || HttpProtocol.IsHttp3(request.Protocol))
            return false;
        http.Response.Headers.Upgrade = "HTTP/2";
        return Reject(
            http,
            StatusCodes.Status426UpgradeRequired,
            StatusCode.Internal,
            $"Request protocol '{request.Protocol}' is not supported.");
    }

    /// <summary>Whether a content type says gRPC with protobuf or an unnamed coding.</summary>
    public static bool IsGrpc(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase))
            return false;
        ReadOnlySpan<char> rest = contentType.AsSpan(ContentType.Length);
        return rest.IsEmpty || rest[0] is ';' or '+';
    }

    /// <summary>Marks a response as gRPC.</summary>
    public static void SetContentType(HttpResponse response) => response.Headers.ContentType = ContentTypeHeader;

    private static bool Reject(HttpContext http, int httpStatus, StatusCode code, string detail)
    {
        http.Response.StatusCode = httpStatus;
        new CallRefusal(new Status(code, detail)).WriteTo(http.Response);
        return true;
    }
}
