using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server;

/// <summary>One call on the server: what the handler sees of it, and how it ends (in the other part of the class).</summary>
/// <remarks>
/// What a plain call does not need is made only when asked for: the token, the deadline's timer, headers, trailers.
/// </remarks>
internal sealed partial class ServerCall(HttpContext http, CallSettings settings, IMethod method) : ServerCallContext, IDisposable
{
    private static readonly StringValues AcceptEncoding = "identity,gzip";

    private readonly Lock _gate = new();
    private DateTime _deadline = DateTime.MaxValue;
    private DeadlineClock? _clock;
    private Metadata? _requestHeaders;
    private Metadata? _trailers;
    private string? _requestEncoding;
    private CompressionLevel? _compression;

    public HttpContext Http => http;

    /// <summary>How request messages are read.</summary>
    public ReceiveRules Receive => new(settings.MaxReceiveBytes, _requestEncoding);

    /// <summary>The framed-to-be answer of a raw method, null where the generated method answers.</summary>
    public RawResponse? RawResponse { get; set; }

    protected override string MethodCore => method.FullName;

    protected override string HostCore => http.Request.Host.Value ?? string.Empty;

    protected override string PeerCore => FormatPeer(http.Connection.RemoteIpAddress, http.Connection.RemotePort);

    protected override DateTime DeadlineCore => _deadline;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadRequestHeaders();

    protected override CancellationToken CancellationTokenCore => HasDeadline ? Clock.Token : http.RequestAborted;

    protected override Metadata ResponseTrailersCore => _trailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    private bool HasDeadline => _deadline != DateTime.MaxValue;

    private DeadlineClock Clock
    {
        get
        {
            lock (_gate)
                return _clock ??= new DeadlineClock(settings.Time, _deadline - settings.Time.GetUtcNow().UtcDateTime, http.RequestAborted);
        }
    }

    /// <summary>Reads the protocol's own headers.</summary>
    /// <exception cref="RpcException">The encoding is unknown, or the deadline is over.</exception>
    public void Begin()
    {
        RequestGate.SetContentType(http.Response);
        IHeaderDictionary headers = http.Request.Headers;
        StringValues encoding = headers.GrpcEncoding;
        if (encoding.Count > 0)
            TakeEncoding(encoding.ToString());
        StringValues timeout = headers.GrpcTimeout;
        if (timeout.Count > 0)
            TakeTimeout(timeout.ToString());
        if (settings.ResponseCompression is not null && Accepts(headers.GrpcAcceptEncoding, GzipCodec.Name))
            _compression = settings.ResponseCompression;
        if (settings.ExceedsBodyLimit)
            LiftBodySize();
    }

    /// <summary>Where messages may be larger than the HTTP server lets a body be, the message limit alone counts.</summary>
    private void LiftBodySize()
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    /// <summary>A stream may last and grow without bound: only the size of its messages is limited.</summary>
    public void LiftBodyLimits()
    {
        LiftBodySize();
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }

    public void Dispose() => _clock?.Dispose();

    private static string FormatPeer(IPAddress? address, int port) => address switch
    {
        null => "unix:",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } =>
            string.Create(CultureInfo.InvariantCulture, $"ipv6:[{address}]:{port}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"ipv4:{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}:{port}"),
    };

    private static bool Accepts(StringValues accepted, string encoding)
    {
        string all = accepted.ToString();
        foreach (Range token in all.AsSpan().Split(','))
        {
            if (all.AsSpan()[token].Trim().SequenceEqual(encoding))
                return true;
        }

        return false;
    }

    private void TakeEncoding(string encoding)
    {
        _requestEncoding = encoding;
        if (encoding is GzipCodec.Name or "identity")
            return;
        http.Response.Headers.GrpcAcceptEncoding = AcceptEncoding;
        throw WireFault.UnsupportedEncoding(encoding);
    }

    private void TakeTimeout(string text)
    {
        if (!GrpcTimeout.TryParse(text, out TimeSpan timeout))
            return;
        DateTime now = settings.Time.GetUtcNow().UtcDateTime;
        _deadline = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        if (timeout == TimeSpan.Zero)
            throw new RpcException(DeadlineStatus);
    }

    private Metadata ReadRequestHeaders()
    {
        var metadata = new Metadata();
        foreach (KeyValuePair<string, StringValues> header in http.Request.Headers)
        {
            string key = header.Key.ToLowerInvariant();
            if (key.StartsWith(':') || !MetadataCodec.IsCallersOwn(key))
                continue;
            foreach (string? value in header.Value)
            {
                if (!MetadataCodec.TryAdd(metadata, key, value ?? string.Empty))
                    throw WireFault.Internal($"Header '{key}' is not valid base64.");
            }
        }

        return metadata;
    }
}
