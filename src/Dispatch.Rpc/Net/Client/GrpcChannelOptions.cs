namespace Grpc.Net.Client;

/// <summary>How a channel connects and what it allows.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Largest response message in bytes, before and after expansion. Default 4 MiB; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Largest request message in bytes, before compression. Default null: no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>
    /// The transport, for example a <see cref="SocketsHttpHandler"/> with its own TLS settings. Default null: one of the channel's own,
    /// which opens further connections when the streams of one are used up and pings idle ones every 30 s.
    /// </summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether disposing the channel disposes <see cref="HttpHandler"/> too. Default false; the channel's own always goes.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>The clock for deadlines. Default null: the system's.</summary>
    public TimeProvider? TimeProvider { get; set; }
}
