namespace TrafficDispatch.Service;

/// <summary>What the start says. Event ids 1000 to 1099.</summary>
internal static partial class StartLog
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information,
        Message = "Settings: World:Path {World}, World:CountryMmdb '{CountryMmdb}', World:AsnMmdb '{AsnMmdb}', State:Path {State}, State:KeptTables {KeptTables}, Solve:Interval {Interval}, Solve:UtcHour {UtcHour}.")]
    public static partial void Settings(
        ILogger logger, string world, string countryMmdb, string asnMmdb, string state, int keptTables, TimeSpan interval, string utcHour);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Listening: gRPC at {GrpcUrl}, pages at {HttpUrl}.")]
    public static partial void Listening(ILogger logger, string grpcUrl, string httpUrl);
}
