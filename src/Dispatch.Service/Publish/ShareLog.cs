using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>What processes that share a store say of it. Event ids 2060 to 2079.</summary>
internal static partial class ShareLog
{
    [LoggerMessage(EventId = 2060, Level = LogLevel.Information, Message = "This process leads from now on: lease {Token}, renewed for {Length} at a time.")]
    public static partial void Leads(ILogger logger, long token, TimeSpan length);

    [LoggerMessage(EventId = 2061, Level = LogLevel.Warning, Message = "This process no longer leads: lease {Token} is lost, {Why}. It publishes nothing and goes on answering.")]
    public static partial void Lost(ILogger logger, long token, string why);

    [LoggerMessage(EventId = 2062, Level = LogLevel.Warning,
        Message = "A write under lease {Token} was refused: another process leads by now, or the store forgot the lease. This process steps down and goes on answering.")]
    public static partial void Fenced(ILogger logger, long token);

    [LoggerMessage(EventId = 2063, Level = LogLevel.Warning, Message = "The lease could not be given back and ends by itself: {Fault}")]
    public static partial void NotReleased(ILogger logger, string fault);

    [LoggerMessage(EventId = 2064, Level = LogLevel.Information, Message = "Table {Version} taken from the store and in force.")]
    public static partial void Taken(ILogger logger, TableVersion version);

    [LoggerMessage(EventId = 2065, Level = LogLevel.Error, Message = "A table in the store is refused: {Fault}. Table {KeptVersion} stays in force.")]
    public static partial void Refused(ILogger logger, string fault, string keptVersion);

    [LoggerMessage(EventId = 2066, Level = LogLevel.Warning, Message = "Table {Version} is in force but could not be kept on disk for the next start: {Fault}")]
    public static partial void NotOnDisk(ILogger logger, TableVersion version, string fault);

    [LoggerMessage(EventId = 2067, Level = LogLevel.Error, Message = "The store gives no answer: {Fault} Table {KeptVersion} stays in force and grows stale.")]
    public static partial void StoreAway(ILogger logger, string fault, string keptVersion);

    [LoggerMessage(EventId = 2068, Level = LogLevel.Information, Message = "The store answers again; its highest table is {Version}, the leader '{Leader}'.")]
    public static partial void StoreBack(ILogger logger, TableVersion version, string leader);

    [LoggerMessage(EventId = 2069, Level = LogLevel.Information, Message = "Term {Token} begins above table {Published} of the store and {Kept} here; the next is {Next}.")]
    public static partial void TermBegins(ILogger logger, long token, TableVersion published, string kept, TableVersion next);

    [LoggerMessage(EventId = 2070, Level = LogLevel.Warning, Message = "The cycle ended because the lease did; another process solves on.")]
    public static partial void CycleEnded(ILogger logger);

    [LoggerMessage(EventId = 2071, Level = LogLevel.Information, Message = "The next solve starts where that of table {Version} ended (world {World} at {UtcHour}:00 UTC, {Bytes} bytes).")]
    public static partial void StartFound(ILogger logger, TableVersion version, string world, int utcHour, int bytes);

    [LoggerMessage(EventId = 2072, Level = LogLevel.Warning, Message = "What the last solve read, or where it ended, cannot be read; the next one does without it: {Fault}")]
    public static partial void NoStart(ILogger logger, string fault);

    [LoggerMessage(EventId = 2073, Level = LogLevel.Warning, Message = "What the solve read and where it ended could not be archived; a new leader would go by an older one: {Fault}")]
    public static partial void StartNotKept(ILogger logger, string fault);

    [LoggerMessage(EventId = 2074, Level = LogLevel.Information, Message = "Table {Version} goes to the store.")]
    public static partial void Publishing(ILogger logger, TableVersion version);

    [LoggerMessage(EventId = 2075, Level = LogLevel.Warning, Message = "Tables of others are read at normal priority: the system refused a lower one (error {Error}).")]
    public static partial void NormalPriority(ILogger logger, int error);
}
