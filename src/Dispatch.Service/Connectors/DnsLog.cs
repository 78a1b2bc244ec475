using TrafficDispatch.Dns.Wire;

namespace TrafficDispatch.Service.Connectors;

/// <summary>What the connectors of DNS servers say. Event ids 2300 to 2349.</summary>
internal static partial class DnsLog
{
    [LoggerMessage(EventId = 2440, Level = LogLevel.Information, Message = "DNS questions are answered for the zones {Zones}")]
    public static partial void Zones(ILogger logger, string zones);

    [LoggerMessage(EventId = 2441, Level = LogLevel.Warning,
        Message = "The host {Host}, of a service or of Dns:Hosts, lies in no zone: DNS questions for it are refused. Add its zone to Dns:Zones.")]
    public static partial void Outside(ILogger logger, DnsName host);

    [LoggerMessage(EventId = 2442, Level = LogLevel.Information,
        Message = "Answers lead to {Count} names that lie in our zones and have no addresses there, the first is {First}. Give them addresses with Dns:Hosts, or narrow Dns:Zones.")]
    public static partial void EmptyTargets(ILogger logger, int count, DnsName first);

    [LoggerMessage(EventId = 2443, Level = LogLevel.Information, Message = "PowerDNS may connect to {Path}, up to {Connections} times at once.")]
    public static partial void SocketOpen(ILogger logger, string path, int connections);

    [LoggerMessage(EventId = 2444, Level = LogLevel.Warning, Message = "A connection of PowerDNS was refused: {Connections} are open, see PowerDns:Connections.")]
    public static partial void SocketFull(ILogger logger, int connections);

    [LoggerMessage(EventId = 2445, Level = LogLevel.Warning, Message = "A connection of PowerDNS could not be taken: {Reason}")]
    public static partial void SocketFailed(ILogger logger, string reason);

    [LoggerMessage(EventId = 2446, Level = LogLevel.Debug, Message = "A connection of PowerDNS ended: {Reason}")]
    public static partial void SocketClosed(ILogger logger, string reason);
}
