using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Decisions;

/// <summary>A decision as a line of JSON; its fields are described in docs/observability.md.</summary>
internal static class DecisionLine
{
    /// <summary>Writes the object, without the end of the line.</summary>
    public static void Write(Utf8JsonWriter json, in DecisionRecord record)
    {
        RoutingTable table = record.State.Table;
        TableContent content = table.Content;
        Decision decision = record.Decision;
        json.WriteStartObject();
        json.WriteString("at", record.At.UtcDateTime);
        json.WriteString("table", table.Version.ToString());
        json.WriteNumber("overlay", record.State.OverlayVersion);
        json.WriteString("service", content.Services[decision.Service].Id);
        if (record.Form != ClientForm.Region) json.WriteString("client", record.Client.ToString());
        if (record.Form != ClientForm.Address) json.WriteString("by", record.Form == ClientForm.Region ? "region" : "subnet");
        if (decision.Region >= 0) json.WriteString("region", content.Regions[decision.Region].Id);
        if (decision.Network.Length > 0) json.WriteString("network", decision.Network);
        json.WriteNumber("scope", decision.ScopeLength);
        if (record.Key != 0) json.WriteString("key", record.Key.ToString("x16", CultureInfo.InvariantCulture));
        if (record.ExcludedCount > 0) WriteExcluded(json, record, content);
        json.WriteString("reason", ReasonNames.Of(decision.Reason));
        if (decision.FailoverNumber > 0) json.WriteNumber("failover", decision.FailoverNumber - 1);
        if (decision.ShedFromNumber > 0) json.WriteString("shed_from", content.Edges[decision.ShedFromNumber - 1].Id);
        json.WriteStartArray("edges");
        for (int i = 0; i < record.EdgesTold; i++)
        {
            json.WriteStartObject();
            json.WriteString("id", content.Edges[record.Edge(i).Edge].Id);
            json.WriteNumber("weight", record.Edge(i).Weight);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("ttl", decision.TtlSeconds);
        if (record.Microseconds > 0) json.WriteNumber("us", Math.Round(record.Microseconds, 1));
        json.WriteEndObject();
    }

    private static void WriteExcluded(Utf8JsonWriter json, in DecisionRecord record, TableContent content)
    {
        json.WriteStartArray("excluded");
        for (int i = 0; i < record.ExcludedTold; i++) json.WriteStringValue(content.Edges[record.Excluded(i)].Id);
        json.WriteEndArray();
        if (record.ExcludedCount > record.ExcludedTold) json.WriteNumber("excluded_more", record.ExcludedCount - record.ExcludedTold);
    }
}
