using System.Net;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>A long-lived way to one server, shared by any number of clients and calls. Thread-safe.</summary>
/// <remarks>It connects with the first call, and again after a failure: <c>http</c> means HTTP/2 without TLS, <c>https</c> with.</remarks>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly CancellationTokenSource _shutdown = new();
    private int _disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        Address = address;
        MaxReceiveBytes = options.MaxReceiveMessageSize ?? int.MaxValue;
        MaxSendBytes = options.MaxSendMessageSize ?? int.MaxValue;
        Time = options.TimeProvider ?? TimeProvider.System;
        Http = new HttpMessageInvoker(options.HttpHandler ?? NewHandler(), options.HttpHandler is null || options.DisposeHttpClient);
    }

    internal Uri Address { get; }

    internal HttpMessageInvoker Http { get; }

    internal int MaxReceiveBytes { get; }

    internal int MaxSendBytes { get; }

    internal TimeProvider Time { get; }

    internal CancellationToken Shutdown => _shutdown.Token;

    /// <summary>Makes a channel with the default options.</summary>
    /// <exception cref="ArgumentException">The address is not absolute http or https.</exception>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Makes a channel.</summary>
    /// <exception cref="ArgumentException">The address is not absolute http or https.</exception>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            ? ForAddress(uri, channelOptions)
            : throw new ArgumentException($"'{address}' is not an absolute address such as http://localhost:5051.", nameof(address));

    /// <summary>Makes a channel with the default options.</summary>
    /// <exception cref="ArgumentException">The address is not absolute http or https.</exception>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Makes a channel.</summary>
    /// <exception cref="ArgumentException">The address is not absolute http or https.</exception>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException($"'{address}' is not an absolute http or https address.", nameof(address));
        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The channel is disposed.</exception>
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Cancels the running calls and closes the connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _shutdown.Cancel();
        Http.Dispose();
        _shutdown.Dispose();
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);

    private static SocketsHttpHandler NewHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        AutomaticDecompression = DecompressionMethods.None,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    };
}
