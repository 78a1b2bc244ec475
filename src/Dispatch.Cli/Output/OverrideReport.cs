using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Model;
using TrafficDispatch.State;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes overrides of health.</summary>
internal static class OverrideReport
{
    /// <summary>What holds now, and what was changed.</summary>
    public static void WriteJson(TextWriter output, OverrideList list, long changed) => JsonLine.WriteObject(output, json =>
    {
        json.WriteNumber("revision", list.Revision);
        json.WriteNumber("changed", changed);
        json.WriteStartArray("overrides");
        foreach (HealthOverride o in list.Overrides) Write(json, o);
        json.WriteEndArray();
    });

    /// <summary>A table of what holds now.</summary>
    public static void WriteText(Terminal terminal, OverrideList list)
    {
        if (list.Overrides.IsEmpty)
        {
            terminal.Output.Write("no override is in force\n");
            return;
        }
        Grid grid = PlainTable.New(terminal, "overrides in force", "target", "state", "said by", "since (UTC)", "until (UTC)", "reason");
        foreach (HealthOverride o in list.Overrides)
            grid.Row(TargetOf(o), StateOf(o.Statement), o.Source, Moment(o.SetAt), o.Until is { } until ? Moment(until) : "cleared", o.Reason);
        PlainTable.Write(terminal, grid);
    }

    private static void Write(Utf8JsonWriter json, HealthOverride o)
    {
        json.WriteStartObject();
        json.WriteString("target", TargetOf(o));
        json.WriteString("state", o.Statement.State.ToString().ToLowerInvariant());
        if (o.Statement.State == HealthState.Up) json.WriteNumber("factor", o.Statement.Factor);
        json.WriteString("source", o.Source);
        json.WriteString("reason", o.Reason);
        json.WriteString("set_at", o.SetAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        if (o.Until is { } until) json.WriteString("until", until.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        else json.WriteNull("until");
        json.WriteEndObject();
    }

    private static string TargetOf(HealthOverride o) => new HealthTarget(o.Statement.Scope, o.Statement.Id).ToString();

    private static string StateOf(HealthStatement s) =>
        s.State == HealthState.Up ? string.Create(CultureInfo.InvariantCulture, $"{100 * s.Factor:0.##} % usable") : s.State.ToString().ToLowerInvariant();

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
