namespace TrafficDispatch.Service.Measure;

/// <summary>What the folding of samples says. Event ids 2100 to 2119.</summary>
internal static partial class MeasureLog
{
    [LoggerMessage(EventId = 2150, Level = LogLevel.Warning, Message = "The folding of samples runs at normal priority: the system refused a lower one (error {Error}).")]
    public static partial void NormalPriority(ILogger logger, int error);

    [LoggerMessage(EventId = 2151, Level = LogLevel.Warning, Message = "The store of samples gives no answer; measurements age until it does: {Fault}")]
    public static partial void Unavailable(ILogger logger, string fault);

    [LoggerMessage(EventId = 2152, Level = LogLevel.Information, Message = "The store of samples answers again; {Backlog} batches wait.")]
    public static partial void Recovered(ILogger logger, long backlog);

    [LoggerMessage(EventId = 2153, Level = LogLevel.Warning, Message = "A part of {Batches} batches was refused: another worker had taken some of them over. They are folded again, each once.")]
    public static partial void PartRefused(ILogger logger, int batches);

    [LoggerMessage(EventId = 2154, Level = LogLevel.Warning, Message = "Parts after {Place} left the store before they were read here: the book is made anew from what is kept.")]
    public static partial void PartsLost(ILogger logger, string place);

    [LoggerMessage(EventId = 2155, Level = LogLevel.Warning, Message = "Part {Part} cannot be read: it is of another format, of other half-lives, or damaged. It is passed over; further ones are only counted.")]
    public static partial void UnreadablePart(ILogger logger, string part);

    [LoggerMessage(EventId = 2156, Level = LogLevel.Warning, Message = "There is no world to check samples against: {Fault}")]
    public static partial void NoWorld(ILogger logger, string fault);

    [LoggerMessage(EventId = 2157, Level = LogLevel.Warning, Message = "What measurements left behind before cannot be used: {Fault}")]
    public static partial void NotRecalled(ILogger logger, string fault);

    [LoggerMessage(EventId = 2159, Level = LogLevel.Warning, Message = "A notice of edges' loads cannot be read: does the leader run another version? Further ones are passed over silently: {Fault}")]
    public static partial void ForeignLoads(ILogger logger, string fault);

    [LoggerMessage(EventId = 2158, Level = LogLevel.Warning, Message = "At the end of the process measurements could not be handed on: {Fault}")]
    public static partial void NotEnded(ILogger logger, string fault);

    [LoggerMessage(EventId = 2160, Level = LogLevel.Warning, Message = "World: {Warning}")]
    public static partial void WorldWarning(ILogger logger, string warning);
}
