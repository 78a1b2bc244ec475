using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Table.Audit;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes what an audit found.</summary>
internal static class AuditOutput
{
    private const int MostLines = 50;

    /// <summary>One JSON object.</summary>
    public static void WriteJson(TextWriter output, AuditReport report, TimeSpan took) => JsonLine.WriteObject(output, json =>
    {
        json.WriteBoolean("clean", report.IsClean);
        json.WriteNumber("table_epoch", report.TableVersion.Epoch);
        json.WriteNumber("table_version", report.TableVersion.Number);
        json.WriteString("table_world_version", report.TableWorld);
        json.WriteString("law_world_version", report.LawWorld);
        json.WriteStartObject("proved");
        foreach ((string name, long count) in Counts(report.Counts)) json.WriteNumber(name, count);
        json.WriteEndObject();
        json.WriteNumber("violation_count", report.ViolationCount);
        json.WriteStartArray("violations");
        foreach (AuditViolation violation in report.Violations) WriteViolation(json, violation);
        json.WriteEndArray();
        json.WriteStartArray("assumptions");
        foreach (string assumption in report.Assumptions) json.WriteStringValue(assumption);
        json.WriteEndArray();
        json.WriteMilliseconds("audit_ms", took);
    });

    /// <summary>What was looked at, every violation, and the verdict.</summary>
    public static void WriteText(Terminal terminal, AuditReport report, TimeSpan took)
    {
        Grid table = PlainTable.New(terminal, "audited", "", "count>");
        foreach ((string name, long count) in Counts(report.Counts)) table.Row(name.Replace('_', ' '), count.ToString("#,0", CultureInfo.InvariantCulture));
        table.ShowHeaders = false;
        PlainTable.Write(terminal, table);
        foreach (AuditViolation violation in report.Violations.Take(MostLines)) terminal.Output.Write($"violation: {violation.Message} ({violation.Rule})\n");
        if (report.ViolationCount > MostLines)
            terminal.Output.Write(string.Create(CultureInfo.InvariantCulture, $"and {report.ViolationCount - MostLines} more; --json lists {report.Violations.Length}\n"));
        if (report.TableWorld != report.LawWorld)
            terminal.Output.Write($"the table was made from world {report.TableWorld}, the law is that of world {report.LawWorld}\n");
        foreach (string assumption in report.Assumptions) terminal.Output.Write($"assumed: {assumption}\n");
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"{(report.IsClean ? "clean" : $"{report.ViolationCount} violations")}; {took.TotalMilliseconds:F0} ms\n"));
    }

    private static (string Name, long Count)[] Counts(AuditCounts counts) =>
    [
        ("bound_jurisdictions", counts.BoundJurisdictions), ("bound_regions", counts.BoundRegions), ("entries", counts.Entries),
        ("shares", counts.Shares), ("backups", counts.Backups), ("default_route_edges", counts.DefaultRouteEdges), ("paths", counts.Paths),
        ("hops", counts.Hops), ("hop_rules", counts.HopRules), ("streams", counts.Streams), ("endpoints", counts.Endpoints),
        ("failover_rows", counts.FailoverRows), ("failover_shares", counts.FailoverShares),
        ("failures", counts.Failures), ("edge_decisions", counts.EdgeDecisions), ("path_decisions", counts.PathDecisions), ("answers", counts.Answers),
    ];

    private static void WriteViolation(Utf8JsonWriter json, AuditViolation violation)
    {
        json.WriteStartObject();
        json.WriteString("rule", violation.Rule);
        json.WriteString("place", violation.Place);
        json.WriteTextOrNull("subject", violation.Subject);
        json.WriteStartArray("services");
        foreach (string service in violation.Services) json.WriteStringValue(service);
        json.WriteEndArray();
        json.WriteTextOrNull("node", violation.Node);
        json.WriteString("message", violation.Message);
        json.WriteEndObject();
    }
}
