using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Publish;

/// <summary>What the publishing loop says. Event ids 2000 to 2099.</summary>
internal static partial class PublishLog
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Information,
        Message = "Table {Version} read from disk, built at {BuiltAt:u}, with {Failovers} failovers: it serves until a solve confirms or replaces it.")]
    public static partial void Restored(ILogger logger, TableVersion version, DateTimeOffset builtAt, int failovers);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "A stored table was skipped: {Fault}.")]
    public static partial void Skipped(ILogger logger, string fault);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information,
        Message = "Table {Version} in force for {UtcHour}:00 UTC: {DemandMbps} Mbps asked, {UnservedMbps} Mbps unserved, solved in {SolveMs:0} ms ({Kernel}), content {ContentHash}.")]
    public static partial void Published(
        ILogger logger, TableVersion version, int utcHour, long demandMbps, long unservedMbps, double solveMs, string kernel, string contentHash);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Debug, Message = "Table {Version} confirmed for {UtcHour}:00 UTC: nothing in it changed.")]
    public static partial void Confirmed(ILogger logger, TableVersion version, int utcHour);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Information, Message = "Recovered: table {Version} confirmed for {UtcHour}:00 UTC after '{Fault}'.")]
    public static partial void Recovered(ILogger logger, TableVersion version, int utcHour, string fault);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Error, Message = "No new table: {Fault} Table {KeptVersion} stays in force.")]
    public static partial void Kept(ILogger logger, string fault, string keptVersion);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Error, Message = "The cycle ended in an unexpected exception. Table {KeptVersion} stays in force.")]
    public static partial void Unexpected(ILogger logger, Exception exception, string keptVersion);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Warning, Message = "The solver thread keeps its normal priority: error {Error}.")]
    public static partial void NormalPriority(ILogger logger, int error);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Information,
        Message = "Beside {Baseline} the optimum of table {Version} serves {UnservedMbps} Mbps more and saves {UsdPerHour:0.00} USD an hour ({AtEqualVolume:0.00} at equal volume), {P50Ms:0.0} ms of round trip at the median and {P95Ms:0.0} ms at 95 %; a figure below 0 is paid.")]
    public static partial void Worth(
        ILogger logger, string baseline, TableVersion version, long unservedMbps, double usdPerHour, double atEqualVolume, double p50Ms, double p95Ms);

    [LoggerMessage(EventId = 2009, Level = LogLevel.Warning, Message = "Contradictory settings ({Kind}): {Subject}: {Rule}. Remedy: {Remedy}.")]
    public static partial void Contradictory(ILogger logger, string kind, string subject, string rule, string remedy);

    [LoggerMessage(EventId = 2010, Level = LogLevel.Information,
        Message = "World {Version} loaded: {Regions} regions, {Edges} edges, {Relays} relays, {Origins} origins, {Services} services, {Prefixes} prefixes.")]
    public static partial void WorldLoaded(ILogger logger, string version, int regions, int edges, int relays, int origins, int services, int prefixes);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Warning, Message = "World: {Warning}")]
    public static partial void WorldWarning(ILogger logger, string warning);

    [LoggerMessage(EventId = 2012, Level = LogLevel.Error, Message = "World refused: {Fault}")]
    public static partial void WorldFault(ILogger logger, string fault);

    [LoggerMessage(EventId = 2014, Level = LogLevel.Information,
        Message = "The plan in force was read back from table {Version}: {ServedMbps} of {DemandMbps} Mbps have their edges, so the first solve is held to them.")]
    public static partial void PlanRestored(ILogger logger, string version, long servedMbps, long demandMbps);

    [LoggerMessage(EventId = 2015, Level = LogLevel.Warning, Message = "Table {Version} in force: a person went back to what table {Old} said, content {ContentHash}.")]
    public static partial void RolledBack(ILogger logger, Table.TableVersion version, Table.TableVersion old, string contentHash);

    [LoggerMessage(EventId = 2013, Level = LogLevel.Error, Message = "The world folder is refused, faults: {Faults}; world {KeptVersion} stays.")]
    public static partial void WorldKept(ILogger logger, int faults, string keptVersion);
}
