using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes what came of changes.</summary>
internal static class AdminReport
{
    /// <summary>Overrides in force.</summary>
    public static void Write(Terminal terminal, OverridesReply reply, bool asJson)
    {
        foreach (string fault in reply.Faults) terminal.Error.WriteLine($"warning: {fault}; services hold to what they read of it before");
        if (asJson) WriteJson(terminal.Output, reply);
        else WriteText(terminal, reply);
    }

    /// <summary>Whether publishing is stopped.</summary>
    public static void Write(Terminal terminal, FreezeReply reply, bool asJson)
    {
        if (asJson)
        {
            JsonLine.WriteObject(terminal.Output, json =>
            {
                json.WriteBoolean("frozen", reply.Frozen);
                json.WriteBoolean("changed", reply.Changed);
                json.WriteTextOrNull("by", reply.By);
                json.WriteString("reason", reply.Reason);
                WriteMoment(json, "set_at", reply.SetAt);
                WriteMoment(json, "until", reply.Until);
                json.WriteNumber("table_epoch", reply.TableEpoch);
                json.WriteNumber("table_version", reply.TableVersion);
            });
            return;
        }
        string version = string.Create(CultureInfo.InvariantCulture, $"{reply.TableEpoch}.{reply.TableVersion}");
        terminal.Output.Write(reply.Frozen
            ? $"frozen at table {version} by {reply.By}, until {(reply.Until is { } until ? Moment(until) + " UTC" : "it is taken back")}{(reply.Reason.Length > 0 ? $": {reply.Reason}" : "")}\n"
            : $"{(reply.Changed ? "publishing goes on" : "nothing was frozen")}; table {version} is in force\n");
    }

    /// <summary>A moment for people.</summary>
    public static string Moment(Timestamp at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A moment, or null.</summary>
    public static void WriteMoment(Utf8JsonWriter json, string name, Timestamp? at)
    {
        if (at is null) json.WriteNull(name);
        else json.WriteString(name, at.ToDateTimeOffset().UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    }

    private static void WriteText(Terminal terminal, OverridesReply reply)
    {
        if (reply.Overrides.Count == 0)
        {
            terminal.Output.Write("no override is in force\n");
            return;
        }
        Grid grid = PlainTable.New(terminal, "overrides in force", "target", "state", "said by", "since (UTC)", "until (UTC)", "reason");
        foreach (NodeOverride o in reply.Overrides)
        {
            string state = o.State == "usable" ? string.Create(CultureInfo.InvariantCulture, $"{o.UsablePercent:0.##} % usable") : o.State;
            grid.Row($"{o.Target.Kind}:{o.Target.Id}", state, o.Source, Moment(o.SetAt), o.Until is { } until ? Moment(until) : "restored", o.Reason);
        }
        PlainTable.Write(terminal, grid);
    }

    private static void WriteJson(TextWriter output, OverridesReply reply) => JsonLine.WriteObject(output, json =>
    {
        json.WriteNumber("changed", reply.Changed);
        json.WriteNumber("overlay_version", reply.OverlayVersion);
        json.WriteStartArray("overrides");
        foreach (NodeOverride o in reply.Overrides)
        {
            json.WriteStartObject();
            json.WriteString("target", $"{o.Target.Kind}:{o.Target.Id}");
            json.WriteString("state", o.State);
            if (o.State == "usable") json.WriteNumber("usable_percent", o.UsablePercent);
            json.WriteString("source", o.Source);
            json.WriteString("reason", o.Reason);
            WriteMoment(json, "set_at", o.SetAt);
            WriteMoment(json, "until", o.Until);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
