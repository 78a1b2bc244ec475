namespace TrafficDispatch.Service.Measure;

/// <summary>What the folding of samples says. Event ids 2100 to 2119.</summary>
internal static partial class MeasureLog
{
    [LoggerMessage(EventId = 2100, Level = LogLevel.Warning, Message = "The folding of samples runs at normal priority: the system refused a lower one (error {Error}).")]
    public static partial void NormalPriority(ILogger logger, int error);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "The store of samples gives no answer; measurements age until it does: {Fault}")]
    public static partial void Unavailable(ILogger logger, string fault);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Information, Message = "The store of samples answers again; {Backlog} batches wait.")]
    public static partial void Recovered(ILogger logger, long backlog);
}
