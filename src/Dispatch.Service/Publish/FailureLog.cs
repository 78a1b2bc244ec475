namespace TrafficDispatch.Service.Publish;

/// <summary>What trying failures says. Event ids 2020 to 2039.</summary>
internal static partial class FailureLog
{
    [LoggerMessage(EventId = 2020, Level = LogLevel.Information,
        Message = "Table {Version} has its failovers: {Tried} failures tried, {Absorbed} absorbed, {Failovers} failovers in {Bytes} bytes, in {ElapsedMs:0} ms.")]
    public static partial void Made(ILogger logger, string version, int tried, int absorbed, int failovers, long bytes, double elapsedMs);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Warning,
        Message = "{NotAbsorbed} failures cannot be absorbed. The worst, {Name}, would leave {UnservedMbps} Mbps unserved; what would fix it: {Fix}.")]
    public static partial void Unabsorbed(ILogger logger, int notAbsorbed, string name, long unservedMbps, string fix);

    [LoggerMessage(EventId = 2022, Level = LogLevel.Warning,
        Message = "Failovers were not made: the next cycle was due, or the process stops, before all failures were tried. Table {KeptVersion} stays as it is.")]
    public static partial void Late(ILogger logger, string keptVersion);

    [LoggerMessage(EventId = 2023, Level = LogLevel.Error, Message = "Failovers were not made: the run ended in an exception. Table {KeptVersion} stays as it is.")]
    public static partial void Failed(ILogger logger, Exception exception, string keptVersion);

    [LoggerMessage(EventId = 2024, Level = LogLevel.Error, Message = "Failovers were not published: {Fault} Table {KeptVersion} stays as it is.")]
    public static partial void Refused(ILogger logger, string fault, string keptVersion);
}
