namespace TrafficDispatch.Service.Change;

/// <summary>What the guard says. Event ids 2200 to 2249.</summary>
internal static partial class GuardLog
{
    [LoggerMessage(EventId = 2200, Level = LogLevel.Error, Message = "The guard refuses a table, {KeptVersion} stays in force: [{Rule}] {Finding} {Remedy}")]
    public static partial void Refused(ILogger logger, string keptVersion, string rule, string finding, string remedy);

    [LoggerMessage(EventId = 2201, Level = LogLevel.Information, Message = "The guard lets tables through again.")]
    public static partial void Cleared(ILogger logger);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Warning, Message = "The guard was forced by {File}, once: [{Rule}] {Finding}")]
    public static partial void Forced(ILogger logger, string file, string rule, string finding);

    [LoggerMessage(EventId = 2203, Level = LogLevel.Error, Message = "{File} cannot be taken away, so it forces nothing: {Fault}")]
    public static partial void CannotForce(ILogger logger, string file, string fault);
}
