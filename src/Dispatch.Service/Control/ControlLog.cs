namespace TrafficDispatch.Service.Control;

/// <summary>What is said about changes by people. Event ids 2520 to 2549.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(EventId = 2520, Level = LogLevel.Warning, Message = "Table {KeptVersion} stays: {Freeze} Answers, failovers and the overlay go on.")]
    public static partial void Frozen(ILogger logger, string keptVersion, string freeze);

    [LoggerMessage(EventId = 2521, Level = LogLevel.Information, Message = "The freeze of {By} is over: tables are published again.")]
    public static partial void Thawed(ILogger logger, string by);

    [LoggerMessage(EventId = 2522, Level = LogLevel.Error, Message = "Whether publishing is frozen cannot be read; what was known before holds: {Fault}")]
    public static partial void FreezeUnknown(ILogger logger, string fault);

    [LoggerMessage(EventId = 2523, Level = LogLevel.Warning, Message = "The store had lost the freeze of {By}; it was written back.")]
    public static partial void FreezeGivenBack(ILogger logger, string by);

    [LoggerMessage(EventId = 2524, Level = LogLevel.Warning, Message = "{Action} {What} by {Who} from {From}: {Result}. {Detail}")]
    public static partial void Changed(ILogger logger, string action, string what, string who, string from, string result, string detail);

    [LoggerMessage(EventId = 2525, Level = LogLevel.Error, Message = "The audit in {Path} cannot be written: {Fault}")]
    public static partial void AuditFails(ILogger logger, string path, string fault);

    [LoggerMessage(EventId = 2526, Level = LogLevel.Warning, Message = "A line of the audit did not reach the shared store; it is in {Path}: {Fault}")]
    public static partial void AuditNotShared(ILogger logger, string path, string fault);
}
