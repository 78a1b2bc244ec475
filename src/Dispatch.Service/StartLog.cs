using TrafficDispatch.Service.Health;
using TrafficDispatch.Solve.Guarding;

namespace TrafficDispatch.Service;

/// <summary>What the start says. Event ids 1000 to 1099.</summary>
internal static partial class StartLog
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information,
        Message = "Settings: World:Path {World}, World:CountryMmdb '{CountryMmdb}', World:AsnMmdb '{AsnMmdb}', State:Path {State}, State:KeptTables {KeptTables}, Solve:Interval {Interval}, Solve:UtcHour {UtcHour}.")]
    public static partial void Settings(
        ILogger logger, string world, string countryMmdb, string asnMmdb, string state, int keptTables, TimeSpan interval, string utcHour);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information,
        Message = "Settings of the solve: Failures {Failures}, Bursts {Bursts}, MoveCost {MoveCost}, OnloadPercent {Onload}, PacePercent {Pace}, DeadBandPercent {DeadBand}, MoveBudgetPercent {Budget}, ArrivalTime {Arrival}, reserve {Reserve}, MinMaxSlackPercent {Slack}, MaxRttMs {MaxRtt}, Candidates {Candidates}.")]
    public static partial void Solve(
        ILogger logger, string failures, string bursts, long moveCost, string onload, int pace, int deadBand, string budget, TimeSpan arrival, string reserve,
        string slack, string maxRtt, int candidates);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Information, Message = "Settings of the guard: {Limits}.")]
    public static partial void Guard(ILogger logger, GuardLimits limits);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information, Message = "Settings of automation: {Health}, {Load}.")]
    public static partial void Health(ILogger logger, HealthSettings health, LoadSettings load);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Information,
        Message = "Shared state: Role {Role}, this process {Name}, Redis {Endpoints}, Redis:Prefix {Prefix}, Redis:Lease {Lease}, Redis:Poll {Poll}.")]
    public static partial void Shared(ILogger logger, string role, string name, string endpoints, string prefix, TimeSpan lease, TimeSpan poll);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Listening: gRPC at {GrpcUrl}, pages at {HttpUrl}, admin at {AdminUrl}.")]
    public static partial void Listening(ILogger logger, string grpcUrl, string httpUrl, string adminUrl);
}
