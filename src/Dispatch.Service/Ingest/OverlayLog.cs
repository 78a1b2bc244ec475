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

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "Overlay {Version}: operators' overrides in force: {Overrides}. Answers heed them at once, the next solve too.")]
    public static partial void Overridden(ILogger logger, ulong version, string overrides);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "The store had lost operators' overrides; they were written back: {Overrides}.")]
    public static partial void GivenBack(ILogger logger, string overrides);
}
