using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Planning;

/// <summary>What planners' runs say. Event ids 2800 to 2899.</summary>
internal static partial class PlannerLog
{
    [LoggerMessage(EventId = 2800, Level = LogLevel.Information,
        Message = "Planners may ask what if: {Runs} runs at a time, {Queue} may wait, {TimeLimit} each, at most {Cases} cases.")]
    public static partial void Settings(ILogger logger, int runs, int queue, TimeSpan timeLimit, int cases);

    [LoggerMessage(EventId = 2801, Level = LogLevel.Information,
        Message = "What-if {Run} begins for a caller of {From}: {Cases} cases on table {Version} at {Hour}:00 UTC.")]
    public static partial void Begins(ILogger logger, long run, string from, int cases, TableVersion version, int hour);

    [LoggerMessage(EventId = 2802, Level = LogLevel.Information, Message = "What-if {Run} ended {End} after {Ms:F0} ms with {Done} of {Steps} steps done.")]
    public static partial void Ended(ILogger logger, long run, RunEnd end, double ms, int done, int steps);

    [LoggerMessage(EventId = 2803, Level = LogLevel.Error, Message = "What-if {Run} broke; its caller is told that it did, and nothing else is touched.")]
    public static partial void Broke(ILogger logger, Exception exception, long run);

    [LoggerMessage(EventId = 2804, Level = LogLevel.Warning,
        Message = "Planners' runs have the priority of what serves: the system refused to lower it, error {Error}.")]
    public static partial void NormalPriority(ILogger logger, int error);
}
