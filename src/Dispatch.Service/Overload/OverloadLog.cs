namespace TrafficDispatch.Service.Overload;

/// <summary>What is told of overload and of the end. Event ids 2900 to 2909.</summary>
internal static partial class OverloadLog
{
    [LoggerMessage(EventId = 2900, Level = LogLevel.Warning,
        Message = "The {Endpoint} endpoint takes {Most} connections and has no room for more ({Before} were refused since this was told): see Overload:{Endpoint}Connections.")]
    public static partial void ConnectionRefused(ILogger logger, string endpoint, int most, long before);

    [LoggerMessage(EventId = 2901, Level = LogLevel.Warning, Message = "Overloaded: {Count} calls were shed in the last {Seconds} s. By reason since the start: {Reasons}.")]
    public static partial void Shed(ILogger logger, long count, int seconds, string reasons);

    [LoggerMessage(EventId = 2902, Level = LogLevel.Information, Message = "No call was shed for {Seconds} s.")]
    public static partial void ShedEnded(ILogger logger, int seconds);

    [LoggerMessage(EventId = 2903, Level = LogLevel.Information, Message = "Ends: not ready any more, and answers for {Seconds} s on, so that balancers can look elsewhere.")]
    public static partial void Leaving(ILogger logger, double seconds);

    [LoggerMessage(EventId = 2904, Level = LogLevel.Warning, Message = "Ends: {Count} connections were still open after {Seconds} s and are cut.")]
    public static partial void Cut(ILogger logger, int count, double seconds);
}
