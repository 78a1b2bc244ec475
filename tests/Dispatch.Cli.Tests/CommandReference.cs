using System.CommandLine;
using System.Globalization;
using System.Text;
using TrafficDispatch.Cli.Commands;

namespace TrafficDispatch.Cli.Tests;

/// <summary>
/// The parts of <c>docs/reference/cli.md</c> that are written from the program: for each command what is typed, its arguments and options with the words of the help, and its
/// examples. They stand between two comments; what is around them is written by hand and stays.
/// </summary>
internal static class CommandReference
{
    private const string Heading = "## dispatch ", End = "<!-- end -->", Reach = "<!-- reaching a service: written from the program -->";

    // Commands that have every option by which a service is reached, and the names of those.
    private static readonly string[] Callers = ["resolve", "drain"], Ways = ["--address", "--admin", "--token-file", "--state", "--plaintext", "--ca", "--cert", "--key", "--timeout"];

    /// <summary>The page with all its parts as they are now; a command without a section gets one, in the order of the help.</summary>
    public static string Renew(string page, RootCommand root)
    {
        DispatchCommand[] commands = [.. root.Subcommands.Cast<DispatchCommand>()];
        Option[] ways = [.. commands.Where(static c => Callers.Contains(c.Name)).SelectMany(static c => c.Options).Where(static o => Ways.Contains(o.Name)).DistinctBy(static o => (o.Name, o.Description))];
        page = Replace(page, Reach, Table([], ways));
        for (int i = 0; i < commands.Length; i++)
        {
            string begin = Begin(commands[i].Name);
            if (!page.Contains(begin, StringComparison.Ordinal)) page = Insert(page, commands[i], commands.Skip(i + 1).Select(static c => c.Name));
            page = Replace(page, begin, Part(commands[i], ways));
        }
        return page;
    }

    private static string Begin(string command) => $"<!-- options of {command}: written from the program -->";

    private static string Replace(string page, string begin, string part)
    {
        int at = page.IndexOf(begin, StringComparison.Ordinal), end = page.IndexOf(End, at, StringComparison.Ordinal);
        return $"{page[..(at + begin.Length)]}\n{part}\n{page[end..]}";
    }

    private static string Insert(string page, DispatchCommand command, IEnumerable<string> later)
    {
        string section = $"{Heading}{command.Name}\n\n{command.Description}.\n\n{Begin(command.Name)}\n{End}\n";
        int next = later.Select(name => page.IndexOf($"{Heading}{name}\n", StringComparison.Ordinal)).FirstOrDefault(static at => at >= 0, -1);
        return next >= 0 ? $"{page[..next]}{section}\n{page[next..]}" : $"{page.TrimEnd('\n')}\n\n{section}";
    }

    private static string Part(DispatchCommand command, Option[] ways)
    {
        Option[] own = [.. command.Options.Where(static o => !o.Recursive && o.Name != "--help")];
        Option[] shared = [.. own.Where(o => ways.Any(w => (w.Name, w.Description) == (o.Name, o.Description)))];
        StringBuilder part = new($"\n    dispatch {command.Name}{string.Concat(command.Arguments.Select(Typed))}{(own.Length > 0 ? " [options]" : "")}\n\n{Table(command.Arguments, own.Except(shared))}");
        if (shared.Length > 0) part.Append("\nBeside them, [how the service is reached](#reaching-a-service): ").AppendJoin(", ", shared.Select(static o => $"`{o.Name}`")).Append(".\n");
        part.Append('\n');
        foreach (string example in command.Examples) part.Append(CultureInfo.InvariantCulture, $"    {example}\n");
        return part.ToString();
    }

    private static string Table(IEnumerable<Argument> arguments, IEnumerable<Option> options)
    {
        string[] rows =
        [
            .. arguments.Select(static a => Row(a.Name, a.Description, a.HasDefaultValue ? a.GetDefaultValue() : null, a.Arity.MinimumNumberOfValues > 0)),
            .. options.Select(static o => Row(string.Join(", ", o.Aliases.Where(static a => a.StartsWith("--", StringComparison.Ordinal)).Prepend(o.Name)) + Value(o), o.Description, o.HasDefaultValue ? o.GetDefaultValue() : null, o.Required)),
        ];
        return rows.Length == 0 ? "" : $"| argument or option | meaning | default |\n| --- | --- | --- |\n{string.Concat(rows)}";
    }

    private static string Typed(Argument argument) =>
        (argument.Arity.MinimumNumberOfValues > 0 ? $" {argument.Name}" : $" [{argument.Name}]") + (argument.Arity.MaximumNumberOfValues > 1 ? "…" : "");

    private static string Value(Option option) => option.ValueType == typeof(bool) ? "" : $" {option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant()}";

    private static string Row(string name, string? words, object? value, bool required)
    {
        // Where the words say what holds by default, it may be another on another machine.
        bool said = words is not null && (words.Contains("default", StringComparison.Ordinal) || words.Contains("where not given", StringComparison.Ordinal));
        string told = required ? "required" : value switch
        {
            null or false or "" or System.Collections.ICollection { Count: 0 } => "",
            _ => said ? "" : string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
        };
        return $"| `{Cell(name)}` | {Cell(words ?? "")} | {told} |\n";
    }

    // Bars between alternatives would end the cell.
    private static string Cell(string words) => words.Replace("|", "\\|", StringComparison.Ordinal);
}
