namespace TrafficDispatch.Service.Access;

/// <summary>What is said about who may do what. Event ids 2500 to 2519.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(EventId = 2500, Level = LogLevel.Warning, Message = "{Method} is refused to {Who} from {From}: {Cause} ({Before} more refusals since the last of these lines)")]
    public static partial void Refused(ILogger logger, string method, string who, string from, string cause, long before);

    [LoggerMessage(EventId = 2501, Level = LogLevel.Information, Message = "{Path} has changed and is in force.")]
    public static partial void Reread(ILogger logger, string path);

    [LoggerMessage(EventId = 2502, Level = LogLevel.Error, Message = "{Path} has changed and cannot be used; what it said before stays in force: {Fault}.")]
    public static partial void Kept(ILogger logger, string path, string fault);

    [LoggerMessage(EventId = 2503, Level = LogLevel.Information, Message = "The admin token of this machine is in {Path}.")]
    public static partial void Token(ILogger logger, string path);

    [LoggerMessage(EventId = 2504, Level = LogLevel.Warning, Message = "{Path} holds a secret and others may read it: take their right away (chmod 600).")]
    public static partial void ReadableByOthers(ILogger logger, string path);
}
