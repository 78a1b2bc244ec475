namespace TrafficDispatch.State.Redis;

/// <summary>How the connection to Redis stands, for status pages and metrics.</summary>
/// <param name="IsConnected">True while commands can be sent.</param>
/// <param name="Endpoints">The nodes as configured.</param>
/// <param name="Failures">Connections that broke or could not be made since the start.</param>
/// <param name="LastError">What the last failure was, without secrets; empty where there was none.</param>
/// <param name="LastErrorAt">When; null where there was none.</param>
public sealed record ConnectionReport(bool IsConnected, string Endpoints, long Failures, string LastError, DateTimeOffset? LastErrorAt);
