namespace TrafficDispatch.Service.Ingest;

/// <summary>What the health overlay says. Event ids 2100 to 2199.</summary>
internal static partial class OverlayLog
{
    [LoggerMessage(EventId = 2100, Level = LogLevel.Warning, Message = "Overlay {Version}: {Source} takes out {Taken}; answers leave it at once.")]
    public static partial void Changed(ILogger logger, ulong version, string source, string taken);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Error, Message = "Health is refused, what was known before stays: {Fault}")]
    public static partial void Refused(ILogger logger, string fault);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Error, Message = "{Source} cannot be looked at, what was known before stays: {Fault}")]
    public static partial void Unreadable(ILogger logger, string source, string fault);
}
