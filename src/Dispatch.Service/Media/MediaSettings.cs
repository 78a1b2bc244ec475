using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Media;

/// <summary>What of a publisher's names makes up a stream's key.</summary>
public enum StreamKeyForm
{
    /// <summary>The stream's name alone, for instance <c>livestream</c>.</summary>
    Stream,

    /// <summary>Application and stream, for instance <c>live/livestream</c>.</summary>
    AppStream,

    /// <summary>Virtual host, application and stream, for instance <c>tv.example.net/live/livestream</c>.</summary>
    VhostAppStream,
}

/// <summary>How media servers register streams and ask where to send them. Immutable.</summary>
public sealed record MediaSettings
{
    /// <summary>What makes up a stream's key; default the stream's name alone.</summary>
    public StreamKeyForm KeyForm { get; init; }

    /// <summary>The rate that a published stream is planned with, Mbit/s, above 0 to 100,000, where the hook's address does not say; default 6.</summary>
    public double BitrateMbps { get; init; } = 6;

    /// <summary>After this time a stream leaves the registry though nobody said that it ended, 1 minute to 30 days; default 1 day.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Port of RTMP at the nodes, 1 to 65,535; default 1935.</summary>
    public int RtmpPort { get; init; } = 1935;

    /// <summary>True to hear media servers on other machines without a token, whoever they are; default false.</summary>
    public bool Remote { get; init; }

    /// <summary>Tokens that media servers must show, from this machine too; null (default) where none is asked for.</summary>
    internal WatchedFile<TokenBook>? Tokens { get; init; }
}
