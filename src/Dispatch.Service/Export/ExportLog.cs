namespace TrafficDispatch.Service.Export;

/// <summary>What is said of exports. Event ids 2600 to 2619.</summary>
internal static partial class ExportLog
{
    [LoggerMessage(EventId = 2600, Level = LogLevel.Information, Message = "OTLP: metrics {Metrics}, traces {Traces}, to {Endpoint} by {Protocol}.")]
    public static partial void Begins(ILogger logger, string metrics, string traces, Uri endpoint, string protocol);

    [LoggerMessage(EventId = 2601, Level = LogLevel.Warning, Message = "OTLP: {Signal} are not taken at {Address} ({Before} more failures since the last of these lines). Answers and solves go on.")]
    public static partial void Away(ILogger logger, string signal, Uri address, long before);

    [LoggerMessage(EventId = 2602, Level = LogLevel.Information, Message = "OTLP: {Signal} are taken again.")]
    public static partial void Back(ILogger logger, string signal);
}
