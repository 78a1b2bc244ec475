namespace TrafficDispatch.Service.Publish;

/// <summary>What the billing ledger says. Event ids 2040 to 2059.</summary>
internal static partial class BillingLog
{
    [LoggerMessage(EventId = 2040, Level = LogLevel.Information, Message = "Billing month {Month:yyyy-MM} resumed: {Contracts} contracts, recorded up to {Recorded:u}.")]
    public static partial void Resumed(ILogger logger, DateTimeOffset month, int contracts, DateTimeOffset recorded);

    [LoggerMessage(EventId = 2041, Level = LogLevel.Warning, Message = "A billing book is not whole and was skipped, an older copy serves where there is one: {Fault}.")]
    public static partial void Skipped(ILogger logger, string fault);

    [LoggerMessage(EventId = 2042, Level = LogLevel.Warning, Message = "Billing: from {From:u} to {To:u} nobody counted; these slots carried nothing as far as is known.")]
    public static partial void PassedOver(ILogger logger, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(EventId = 2043, Level = LogLevel.Warning, Message = "Billing: the clock says {Now:u}, yet traffic is recorded up to {Recorded:u}; nothing is recorded twice, so it waits.")]
    public static partial void Behind(ILogger logger, DateTimeOffset now, DateTimeOffset recorded);

    [LoggerMessage(EventId = 2044, Level = LogLevel.Information, Message = "Billing month {Ended:yyyy-MM} ended and {Begun:yyyy-MM} begins: {Contracts} contracts are planned at the levels they were billed for.")]
    public static partial void MonthTurned(ILogger logger, DateTimeOffset ended, DateTimeOffset begun, int contracts);

    [LoggerMessage(EventId = 2046, Level = LogLevel.Warning, Message = "Billing: the clock leapt by {Leap}; the book goes on from {Now:u} by the time that passes, until the clock has stood by its new time for {Trial}.")]
    public static partial void Leapt(ILogger logger, TimeSpan leap, DateTimeOffset now, TimeSpan trial);

    [LoggerMessage(EventId = 2045, Level = LogLevel.Error, Message = "The billing book cannot be kept {Place} and lives in memory alone until it can: {Fault}")]
    public static partial void NotKept(ILogger logger, string place, string fault);
}
