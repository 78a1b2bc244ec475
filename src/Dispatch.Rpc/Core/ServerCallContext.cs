namespace Grpc.Core;

/// <summary>A call as its service sees it. Valid until the handler's task ends; do not keep it longer.</summary>
/// <remarks>The members whose names end in <c>Core</c> are for implementers: the server here, and fakes in tests.</remarks>
public abstract class ServerCallContext
{
    private Dictionary<object, object>? _userState;

    /// <summary>Path of the method, such as <c>/grpc.health.v1.Health/Check</c>.</summary>
    public string Method => MethodCore;

    /// <summary>The authority that the client called.</summary>
    public string Host => HostCore;

    /// <summary>The client's socket, as <c>ipv4:192.0.2.1:50000</c>, <c>ipv6:[2001:db8::1]:50000</c> or <c>unix:</c>.</summary>
    public string Peer => PeerCore;

    /// <summary>When the call must end, in UTC; <see cref="DateTime.MaxValue"/> where there is no deadline.</summary>
    public DateTime Deadline => DeadlineCore;

    /// <summary>What the client sent as headers, without those of the protocol itself.</summary>
    /// <exception cref="RpcException">A <c>-bin</c> header is not base64: status <see cref="StatusCode.Internal"/>.</exception>
    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Cancelled when the client gives up, the connection breaks or the deadline passes.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>What is sent after the messages; fill it before the handler ends.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    /// <summary>The status to answer with; success by default. A unary method that sets an error sends no message.</summary>
    public Status Status
    {
        get => StatusCore;
        set => StatusCore = value;
    }

    /// <summary>Options for the response messages; null for the server's own.</summary>
    public WriteOptions? WriteOptions
    {
        get => WriteOptionsCore;
        set => WriteOptionsCore = value;
    }

    /// <summary>Objects that travel with the call; empty at the start.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    /// <summary>As <see cref="Method"/>.</summary>
    protected abstract string MethodCore { get; }

    /// <summary>As <see cref="Host"/>.</summary>
    protected abstract string HostCore { get; }

    /// <summary>As <see cref="Peer"/>.</summary>
    protected abstract string PeerCore { get; }

    /// <summary>As <see cref="Deadline"/>.</summary>
    protected abstract DateTime DeadlineCore { get; }

    /// <summary>As <see cref="RequestHeaders"/>.</summary>
    protected abstract Metadata RequestHeadersCore { get; }

    /// <summary>As <see cref="CancellationToken"/>.</summary>
    protected abstract CancellationToken CancellationTokenCore { get; }

    /// <summary>As <see cref="ResponseTrailers"/>.</summary>
    protected abstract Metadata ResponseTrailersCore { get; }

    /// <summary>As <see cref="Status"/>.</summary>
    protected abstract Status StatusCore { get; set; }

    /// <summary>As <see cref="WriteOptions"/>.</summary>
    protected abstract WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>As <see cref="UserState"/>.</summary>
    protected virtual IDictionary<object, object> UserStateCore => _userState ??= [];

    /// <summary>Sends the response headers now instead of with the first message.</summary>
    /// <exception cref="InvalidOperationException">They were sent already.</exception>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    /// <summary>As <see cref="WriteResponseHeadersAsync"/>.</summary>
    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);
}
