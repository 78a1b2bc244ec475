using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Health;

/// <summary>Reads probes from the wire.</summary>
internal static class ProbeReading
{
    /// <summary>Most characters of a vantage's name.</summary>
    public const int LongestVantage = 64;

    /// <summary>The vantage that speaks from what is measured of clients; nobody reports by this name.</summary>
    public const string OwnVantage = "telemetry";

    /// <summary>Reads a report.</summary>
    /// <param name="report">From the wire.</param>
    /// <param name="probe">What it says.</param>
    /// <param name="field">The field that breaks a rule; empty where none does.</param>
    /// <param name="rule">The rule, in words.</param>
    public static bool TryRead(ProbeReport report, out Probe probe, out string field, out string rule)
    {
        (probe, field, rule) = (default, "", "");
        if (report.Vantage.Length is 0 or > LongestVantage) (field, rule) = ("vantage", "must have 1 to 64 characters");
        else if (KindOf(report.Kind) is not { } kind) (field, rule) = ("kind", "must be edge, relay or origin");
        else probe = new(report.Vantage, kind, report.Id, report.Good, report.Number, report.Streak);
        return field.Length == 0;
    }

    private static HealthScope? KindOf(string kind) => kind switch
    {
        "edge" => HealthScope.Edge,
        "relay" => HealthScope.Relay,
        "origin" => HealthScope.Origin,
        _ => null,
    };
}
