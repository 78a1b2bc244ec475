using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes what two tables would do otherwise.</summary>
internal static class DiffReport
{
    /// <summary>Figures, then the largest changes.</summary>
    public static void Write(Terminal terminal, DiffReply reply, bool asJson)
    {
        if (asJson) WriteJson(terminal.Output, reply);
        else WriteText(terminal, reply);
    }

    private static void WriteText(Terminal terminal, DiffReply reply)
    {
        Grid figures = PlainTable.New(terminal, $"{TablesReport.Name(reply.From)} to {TablesReport.Name(reply.To)}", "", "");
        figures.ShowHeaders = false;
        figures.Row("content", reply.SameContent ? "the same" : "differs");
        figures.Row("entries changed", Text($"{reply.EntriesChanged} of {reply.Entries}"));
        if (reply.WorldVersion.Length > 0)
        {
            figures.Row("moved", Text($"{reply.MovedMbps / 1000.0:F3} of {reply.DemandMbps / 1000.0:F3} Gbit/s, {reply.MovedPercent:F2} % of the demand at {reply.UtcHour:D2}:00 UTC"));
            figures.Row("unserved", Text($"{reply.UnservedBeforeMbps / 1000.0:F3} to {reply.UnservedAfterMbps / 1000.0:F3} Gbit/s"));
            figures.Row("cost", Text($"{reply.CostBeforeMicroUsdPerHour / 1e6:F2} to {reply.CostAfterMicroUsdPerHour / 1e6:F2} USD an hour"));
        }
        foreach (string id in reply.OnlyInFrom) figures.Row("gone", id);
        foreach (string id in reply.OnlyInTo) figures.Row("new", id);
        PlainTable.Write(terminal, figures);
        WriteLoads(terminal, "operators", reply.Operators);
        WriteLoads(terminal, "edges", reply.Edges);
        if (reply.Groups.Count == 0) return;
        Grid groups = PlainTable.New(terminal, "groups, Gbit/s", "region", "class", "demand", "moved");
        foreach (GroupChange g in reply.Groups) groups.Row(g.RegionId, g.ClassId, Text($"{g.DemandMbps / 1000.0:F3}"), Text($"{g.MovedMbps / 1000.0:F3}"));
        PlainTable.Write(terminal, groups);
    }

    private static void WriteLoads(Terminal terminal, string title, Google.Protobuf.Collections.RepeatedField<LoadChange> changes)
    {
        if (changes.Count == 0) return;
        Grid grid = PlainTable.New(terminal, title + ", Gbit/s", "id", "before", "after", "change");
        foreach (LoadChange c in changes)
            grid.Row(c.Id, Text($"{c.BeforeMbps / 1000.0:F3}"), Text($"{c.AfterMbps / 1000.0:F3}"), Text($"{(c.AfterMbps - c.BeforeMbps) / 1000.0:+0.000;-0.000}"));
        PlainTable.Write(terminal, grid);
    }

    private static void WriteJson(TextWriter output, DiffReply reply) => JsonLine.WriteObject(output, json =>
    {
        json.WriteString("from", TablesReport.Name(reply.From));
        json.WriteString("to", TablesReport.Name(reply.To));
        json.WriteBoolean("same_content", reply.SameContent);
        json.WriteNumber("entries_changed", reply.EntriesChanged);
        json.WriteNumber("entries", reply.Entries);
        WriteTexts(json, "only_in_from", reply.OnlyInFrom);
        WriteTexts(json, "only_in_to", reply.OnlyInTo);
        json.WriteNumber("utc_hour", reply.UtcHour);
        json.WriteTextOrNull("world_version", reply.WorldVersion);
        json.WriteNumber("demand_gbps", reply.DemandMbps / 1000.0);
        json.WriteNumber("moved_gbps", reply.MovedMbps / 1000.0);
        json.WriteNumber("moved_percent", reply.MovedPercent);
        json.WriteNumber("unserved_before_gbps", reply.UnservedBeforeMbps / 1000.0);
        json.WriteNumber("unserved_after_gbps", reply.UnservedAfterMbps / 1000.0);
        json.WriteNumber("cost_before_usd_per_hour", reply.CostBeforeMicroUsdPerHour / 1e6);
        json.WriteNumber("cost_after_usd_per_hour", reply.CostAfterMicroUsdPerHour / 1e6);
        WriteLoads(json, "edges", reply.Edges);
        WriteLoads(json, "operators", reply.Operators);
        json.WriteStartArray("groups");
        foreach (GroupChange g in reply.Groups)
        {
            json.WriteStartObject();
            json.WriteString("region_id", g.RegionId);
            json.WriteString("class", g.ClassId);
            json.WriteNumber("demand_gbps", g.DemandMbps / 1000.0);
            json.WriteNumber("moved_gbps", g.MovedMbps / 1000.0);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteLoads(Utf8JsonWriter json, string name, IEnumerable<LoadChange> changes)
    {
        json.WriteStartArray(name);
        foreach (LoadChange c in changes)
        {
            json.WriteStartObject();
            json.WriteString("id", c.Id);
            json.WriteNumber("before_gbps", c.BeforeMbps / 1000.0);
            json.WriteNumber("after_gbps", c.AfterMbps / 1000.0);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
