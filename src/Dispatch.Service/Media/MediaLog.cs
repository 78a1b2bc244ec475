namespace TrafficDispatch.Service.Media;

/// <summary>What media servers do. Event ids 2420 to 2439. No token and no parameter of a publisher is logged.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(EventId = 2420, Level = LogLevel.Information, Message = "Stream '{Stream}' is published at {Node} and registered at origin {Origin}, {Mbps} Mbit/s, until {Until:u} at the latest.")]
    public static partial void Published(ILogger logger, string stream, string node, string origin, double mbps, DateTimeOffset until);

    [LoggerMessage(EventId = 2421, Level = LogLevel.Information, Message = "Stream '{Stream}' is no longer published at {Node} and leaves the registry.")]
    public static partial void Ended(ILogger logger, string stream, string node);

    [LoggerMessage(EventId = 2422, Level = LogLevel.Warning, Message = "A hook from {Address} is refused: {Why} ({Before} more since this was last told.)")]
    public static partial void Refused(ILogger logger, string address, string why, long before);

    [LoggerMessage(EventId = 2423, Level = LogLevel.Warning, Message = "The registry of streams cannot be read, what was known stays: {Fault}")]
    public static partial void Unreadable(ILogger logger, string fault);

    [LoggerMessage(EventId = 2424, Level = LogLevel.Information, Message = "The registry of streams can be read again.")]
    public static partial void Readable(ILogger logger);

    [LoggerMessage(EventId = 2425, Level = LogLevel.Warning, Message = "Stream '{Stream}' cannot be registered: {Fault}")]
    public static partial void NotRegistered(ILogger logger, string stream, string fault);
}
