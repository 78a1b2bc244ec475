using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes which tables are kept and in force.</summary>
internal static class TablesReport
{
    /// <summary>A table's name, <c>EPOCH.NUMBER</c>.</summary>
    public static string Name(TableName? name) => name is null ? "(none)" : string.Create(CultureInfo.InvariantCulture, $"{name.Epoch}.{name.Number}");

    /// <summary>What a publish came to.</summary>
    public static void Write(Terminal terminal, PublishReply reply, bool asJson)
    {
        if (asJson)
        {
            JsonLine.WriteObject(terminal.Output, json =>
            {
                json.WriteString("result", reply.Result);
                json.WriteString("before", Name(reply.Before));
                json.WriteString("after", Name(reply.After));
                json.WriteStartArray("passed_over");
                foreach (string rule in reply.PassedOver) json.WriteStringValue(rule);
                json.WriteEndArray();
            });
            return;
        }
        string forced = reply.PassedOver.Count > 0 ? $", passed over {string.Join(", ", reply.PassedOver)}" : "";
        terminal.Output.Write(reply.Result == "published" ? $"table {Name(reply.After)} in force, after {Name(reply.Before)}{forced}\n" : $"table {Name(reply.After)} is right as it is\n");
    }

    /// <summary>What a rollback came to.</summary>
    public static void Write(Terminal terminal, RollbackReply reply, bool asJson)
    {
        if (asJson)
        {
            JsonLine.WriteObject(terminal.Output, json =>
            {
                json.WriteString("before", Name(reply.Before));
                json.WriteString("after", Name(reply.After));
                json.WriteString("content_hash", reply.ContentHash);
                json.WriteBoolean("frozen", reply.Frozen);
            });
            return;
        }
        terminal.Output.Write($"table {Name(reply.After)} in force, after {Name(reply.Before)}; {(reply.Frozen ? "publishing is frozen, 'dispatch unfreeze' lets it go on" : "publishing goes on")}\n");
    }

    /// <summary>The tables that are kept; as JSON an object a line.</summary>
    public static void Write(Terminal terminal, ListTablesReply reply, bool asJson)
    {
        if (asJson)
        {
            foreach (KeptTable kept in reply.Tables) JsonLine.WriteObject(terminal.Output, json => Write(json, kept));
            return;
        }
        Grid grid = PlainTable.New(terminal, "tables", "table", "built (UTC)", "hour", "failovers", "kbyte", "content", "");
        foreach (KeptTable t in reply.Tables)
        {
            string content = t.Fault.Length > 0 ? t.Fault : t.ContentHash[..12];
            grid.Row(Name(t.Name), t.BuiltAt is { } at ? AdminReport.Moment(at) : "", Text(t.UtcHour), Text(t.Failovers), Text(t.Bytes / 1000), content, t.InForce ? "in force" : "");
        }
        PlainTable.Write(terminal, grid);
    }

    private static void Write(Utf8JsonWriter json, KeptTable t)
    {
        json.WriteString("table", Name(t.Name));
        json.WriteBoolean("in_force", t.InForce);
        AdminReport.WriteMoment(json, "built_at", t.BuiltAt);
        json.WriteTextOrNull("world_version", t.WorldVersion);
        json.WriteNumber("utc_hour", t.UtcHour);
        json.WriteNumber("failovers", t.Failovers);
        json.WriteNumber("bytes", t.Bytes);
        json.WriteTextOrNull("content_hash", t.ContentHash);
        json.WriteTextOrNull("fault", t.Fault);
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
