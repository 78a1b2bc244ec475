using System.Text;

namespace TrafficDispatch.Docs.Tests.Consoles;

/// <summary>A command of a page and what the page says that it prints.</summary>
/// <param name="Line">Where it stands, from 1.</param>
/// <param name="Command">What is typed, without the prompts.</param>
/// <param name="Printed">The lines after it, each with its end.</param>
internal sealed record ConsoleStep(int Line, string Command, string Printed);

/// <summary>
/// A page with blocks that begin with <c>```console</c>: lines after a <c>$</c> are typed, with those after a <c>&gt;</c> that follow at once; the others are printed. All blocks
/// of a page are one session.
/// </summary>
internal sealed class ConsolePage
{
    private const string Begin = "```console", End = "```", Prompt = "$ ", More = "> ";

    // Text that stays, and steps, in the order of the page.
    private readonly List<object> _parts = [];

    /// <summary>Reads a page.</summary>
    public ConsolePage(string text)
    {
        string[] lines = text.Split('\n');
        bool inside = false;
        for (int i = 0; i < lines.Length; i++)
        {
            if (inside && lines[i].StartsWith(Prompt, StringComparison.Ordinal)) i = ReadStep(lines, i);
            else
            {
                inside = inside ? lines[i] != End : lines[i] == Begin;
                _parts.Add(lines[i] + (i < lines.Length - 1 ? "\n" : ""));
            }
        }
    }

    /// <summary>The commands, in order.</summary>
    public IEnumerable<ConsoleStep> Steps => _parts.OfType<ConsoleStep>();

    /// <summary>The page with other steps in place of its own.</summary>
    public string With(IEnumerable<ConsoleStep> steps)
    {
        Queue<ConsoleStep> left = new(steps);
        StringBuilder page = new();
        foreach (object part in _parts) page.Append(part is ConsoleStep ? Written(left.Dequeue()) : part);
        return page.ToString();
    }

    private static string Written(ConsoleStep step) => $"{Prompt}{step.Command.Replace("\n", "\n" + More, StringComparison.Ordinal)}\n{step.Printed}";

    private int ReadStep(string[] lines, int first)
    {
        int i = first + 1;
        while (lines[i].StartsWith(More, StringComparison.Ordinal)) i++;
        string command = string.Join('\n', lines[first..i].Select(static l => l[Prompt.Length..]));
        StringBuilder printed = new();
        for (; lines[i] != End && !lines[i].StartsWith(Prompt, StringComparison.Ordinal); i++) printed.Append(lines[i]).Append('\n');
        _parts.Add(new ConsoleStep(first + 1, command, printed.ToString()));
        return i - 1;
    }
}
