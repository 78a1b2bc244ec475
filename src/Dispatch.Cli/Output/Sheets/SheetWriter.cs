using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output.Sheets;

/// <summary>The options that say in which form sheets are written, and the writing.</summary>
internal sealed class SheetWriter
{
    private readonly Option<bool> _json = new("--json") { Description = "Print the answer as one line of JSON, every row of every list" };
    private readonly Option<string?> _csv;
    private readonly Option<int> _top = Input.NumberOption.Whole("--top", "N", "How many rows of each table to print, 0 to 100000; JSON and CSV have all", 0, 100_000, 15);
    private readonly string[] _names;

    /// <param name="names">Names of the sheets that the command may write.</param>
    public SheetWriter(params string[] names)
    {
        _names = names;
        _csv = new("--csv")
        {
            Description = $"Print one list as CSV: {string.Join(", ", names)}",
            HelpName = "LIST",
            CustomParser = result =>
            {
                string name = result.Tokens[0].Value;
                if (!names.Contains(name)) result.AddError($"--csv is '{name}'; it must be {string.Join(", ", names)}");
                return name;
            },
        };
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_top);
        command.Add(_json);
        command.Add(_csv);
    }

    /// <summary>Writes sheets as the options say.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="facts">What stands before the lists in JSON.</param>
    /// <param name="sheets">The lists; those without rows are left out of tables.</param>
    /// <param name="closing">A last line for people; empty for none.</param>
    public void Write(Terminal terminal, ParseResult parsed, Action<Utf8JsonWriter> facts, IReadOnlyList<Sheet> sheets, string closing)
    {
        if (parsed.GetValue(_csv) is { } name)
        {
            if (sheets.FirstOrDefault(s => s.Name == name) is { } sheet) WriteCsv(terminal, sheet);
            else terminal.Error.WriteLine($"warning: this answer has no list '{name}'; it has {string.Join(", ", sheets.Select(static s => s.Name))}");
        }
        else if (parsed.GetValue(_json)) WriteJson(terminal, facts, sheets);
        else WriteTables(terminal, sheets, parsed.GetValue(_top), closing);
    }

    /// <summary>The fault of asking for two forms at once; null where only one is asked for.</summary>
    public string? FaultOf(ParseResult parsed) => parsed.GetValue(_json) && parsed.GetValue(_csv) is not null ? "--json and --csv cannot both be given" : null;

    private static void WriteTables(Terminal terminal, IReadOnlyList<Sheet> sheets, int top, string closing)
    {
        foreach (Sheet sheet in sheets.Where(static s => s.Rows.Length > 0))
        {
            int shown = sheet.IsWhole ? sheet.Rows.Length : Math.Min(top, sheet.Rows.Length);
            if (shown == 0) continue;
            string title = shown < sheet.Rows.Length ? string.Create(CultureInfo.InvariantCulture, $"{sheet.Title}: {shown} of {sheet.Rows.Length}") : sheet.Title;
            int[] columns = [.. Enumerable.Range(0, sheet.Columns.Length).Where(c => !sheet.Columns[c].IsForPrograms && sheet.Rows.Any(r => r[c] is not null))];
            Grid table = PlainTable.New(terminal, title, [.. columns.Select(c => sheet.Columns[c].Head + (sheet.IsNumeric(c) ? ">" : ""))]);
            foreach (var row in sheet.Rows.Take(shown)) table.Row([.. columns.Select(c => Sheet.Shown(row[c], sheet.Columns[c]))]);
            PlainTable.Write(terminal, table);
        }
        if (closing.Length > 0) terminal.Output.Write(closing + "\n");
    }

    private static void WriteJson(Terminal terminal, Action<Utf8JsonWriter> facts, IReadOnlyList<Sheet> sheets) => JsonLine.WriteObject(terminal.Output, json =>
    {
        facts(json);
        foreach (Sheet sheet in sheets)
        {
            json.WriteStartArray(sheet.Name);
            foreach (var row in sheet.Rows)
            {
                json.WriteStartObject();
                for (int i = 0; i < row.Length; i++) WriteValue(json, sheet.Columns[i].Key, row[i]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    });

    private static void WriteValue(Utf8JsonWriter json, string key, object? value)
    {
        json.WritePropertyName(key);
        if (value is null) json.WriteNullValue();
        else if (value is string text) json.WriteStringValue(text);
        else json.WriteRawValue(Sheet.Plain(value));
    }

    // RFC 4180, lines end in a line feed as everywhere else.
    private static void WriteCsv(Terminal terminal, Sheet sheet)
    {
        terminal.Output.Write(string.Join(',', sheet.Columns.Select(static c => c.Key)) + "\n");
        foreach (var row in sheet.Rows) terminal.Output.Write(string.Join(',', row.Select(static v => Quoted(Sheet.Plain(v)))) + "\n");
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
