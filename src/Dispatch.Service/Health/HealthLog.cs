namespace TrafficDispatch.Service.Health;

/// <summary>What automation says about health and load. Event ids 2250 to 2299.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(EventId = 2250, Level = LogLevel.Warning, Message = "Overlay {Version}: probes take out {Down}; {Returning} on the way back.")]
    public static partial void Changed(ILogger logger, ulong version, string down, string returning);

    [LoggerMessage(EventId = 2251, Level = LogLevel.Error,
        Message = "Automation stops: {Held} held down by a quorum serve on all the same, {TakenPercent:0.#} % of the edges' capacity is taken and at most {LimitPercent} % may be. Look at the vantages and the network, then drain by hand.")]
    public static partial void Capped(ILogger logger, string held, double takenPercent, int limitPercent);

    [LoggerMessage(EventId = 2252, Level = LogLevel.Warning, Message = "Votes of {Vantages} are dropped: most of their targets fail, so they are taken for what is broken.")]
    public static partial void Distrusted(ILogger logger, string vantages);

    [LoggerMessage(EventId = 2253, Level = LogLevel.Information, Message = "All vantages are trusted again.")]
    public static partial void Trusted(ILogger logger);

    [LoggerMessage(EventId = 2254, Level = LogLevel.Warning, Message = "Overlay {Version}: edges over their ceiling keep part of their clients: {Kept}.")]
    public static partial void Shedding(ILogger logger, ulong version, string kept);

    [LoggerMessage(EventId = 2255, Level = LogLevel.Warning, Message = "Other processes are not told of the probes that come in here; each judges by what it hears itself: {Fault}")]
    public static partial void NotTold(ILogger logger, string fault);

    [LoggerMessage(EventId = 2256, Level = LogLevel.Information, Message = "Other processes are told of probes again.")]
    public static partial void ToldAgain(ILogger logger);

    [LoggerMessage(EventId = 2257, Level = LogLevel.Warning, Message = "A message about probes cannot be read and is passed over: {Fault}")]
    public static partial void Garbled(ILogger logger, string fault);

    [LoggerMessage(EventId = 2258, Level = LogLevel.Warning, Message = "Probes from {Address} as vantage '{Vantage}' are refused: {Why} ({Before} more since this was last told.)")]
    public static partial void VantageRefused(ILogger logger, string address, string vantage, string why, long before);
}
