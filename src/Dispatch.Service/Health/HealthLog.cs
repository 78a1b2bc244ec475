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
}
