using System.Globalization;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server;

/// <summary>The answer to a call that is turned away before it is read: a status in headers, as the protocol has it. Immutable; header values are made once.</summary>
public sealed class CallRefusal
{
    private const string PushbackHeader = "grpc-retry-pushback-ms";

    private static readonly StringValues ContentType = RequestGate.ContentType;
    private readonly StringValues _code, _message, _pushback;

    /// <summary>Makes a refusal.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="retryAfter">
    /// When a client that retries by itself may do so (gRFC A6, <c>grpc-retry-pushback-ms</c>; whole milliseconds); null says nothing of it.
    /// </param>
    /// <exception cref="ArgumentException">The status is OK, or the time is negative.</exception>
    public CallRefusal(Status status, TimeSpan? retryAfter = null)
    {
        if (status.StatusCode == StatusCode.OK)
            throw new ArgumentException("A refusal is no success.", nameof(status));
        if (retryAfter < TimeSpan.Zero)
            throw new ArgumentException("A retry cannot be in the past.", nameof(retryAfter));
        Status = status;
        _code = StatusHeader.Of(status.StatusCode);
        _message = status.Detail.Length > 0 ? PercentEncoding.Encode(status.Detail) : StringValues.Empty;
        _pushback = retryAfter is { } after ? ((long)after.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : StringValues.Empty;
    }

    /// <summary>The status.</summary>
    public Status Status { get; }

    /// <summary>Answers with it. Nothing of the response may have been sent.</summary>
    public void WriteTo(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        WriteTo(response.Headers);
    }

    /// <summary>Answers with it below the pipeline.</summary>
    internal void WriteTo(IHttpResponseFeature response) => WriteTo(response.Headers);

    private void WriteTo(IHeaderDictionary headers)
    {
        headers.ContentType = ContentType;
        headers.GrpcStatus = _code;
        if (_message.Count > 0)
            headers.GrpcMessage = _message;
        if (_pushback.Count > 0)
            headers[PushbackHeader] = _pushback;
    }
}
