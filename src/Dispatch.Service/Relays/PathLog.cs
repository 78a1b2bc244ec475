namespace TrafficDispatch.Service.Relays;

/// <summary>What reports about paths come to, in the log. Event ids 2400 to 2419.</summary>
internal static partial class PathLog
{
    [LoggerMessage(EventId = 2400, Level = LogLevel.Warning,
        Message = "Path version {Version}: answers keep away from {Avoided} hops, {Trial} on trial, {Held} held by the cap: {Hops}.")]
    public static partial void Changed(ILogger logger, ulong version, int avoided, int trial, int held, string hops);

    [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "Overlay {Version}: relays that their neighbours report to fail: {Relays}.")]
    public static partial void RelaysDown(ILogger logger, ulong version, string relays);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Error,
        Message = "Relays {Relays} are reported by their neighbours and serve on all the same: reports may take out {LimitPercent} % of the relays at most.")]
    public static partial void RelaysHeld(ILogger logger, string relays, int limitPercent);

    [LoggerMessage(EventId = 2403, Level = LogLevel.Warning, Message = "Other processes are not told of the path reports that come in here; each judges by what it hears itself: {Fault}")]
    public static partial void NotTold(ILogger logger, string fault);

    [LoggerMessage(EventId = 2404, Level = LogLevel.Information, Message = "Other processes are told of path reports again.")]
    public static partial void ToldAgain(ILogger logger);

    [LoggerMessage(EventId = 2405, Level = LogLevel.Warning, Message = "A message about paths cannot be read and is passed over: {Fault}")]
    public static partial void Garbled(ILogger logger, string fault);

    [LoggerMessage(EventId = 2406, Level = LogLevel.Warning, Message = "A path report from {Address} as node '{Node}' is refused: {Why} ({Before} more since this was last told.)")]
    public static partial void Refused(ILogger logger, string address, string node, string why, long before);

    [LoggerMessage(EventId = 2407, Level = LogLevel.Information, Message = "Settings of paths: {Settings}.")]
    public static partial void Settings(ILogger logger, PathSettings settings);
}
