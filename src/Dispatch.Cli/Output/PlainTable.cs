using Spectre.Console;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Renders tables: with lines and colours for a person at a terminal, as plain ASCII otherwise.</summary>
internal static class PlainTable
{
    /// <summary>Starts a table; columns whose name ends in <c>&gt;</c> are right-aligned.</summary>
    public static Grid New(Terminal terminal, string title, params string[] columns)
    {
        Grid table = new() { Border = terminal.IsOutputInteractive ? TableBorder.Rounded : TableBorder.Ascii };
        table.Title(Markup.Escape(title));
        foreach (string column in columns)
        {
            bool right = column.EndsWith('>');
            TableColumn made = new(Markup.Escape(column.TrimEnd('>')));
            table.AddColumn(right ? made.RightAligned() : made);
        }
        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Row(this Grid table, params string[] cells) => table.AddRow([.. cells.Select(static c => new Text(c))]);

    /// <summary>Writes a table and an empty line, with line feeds on every platform.</summary>
    public static void Write(Terminal terminal, Grid table)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal.IsOutputInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal.IsOutputInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = terminal.Width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(table);
        foreach (string line in text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
            terminal.Output.Write(line.TrimEnd() + "\n");
        terminal.Output.Write("\n");
    }
}
