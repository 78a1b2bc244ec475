using System.CommandLine;
using System.Text.RegularExpressions;

namespace TrafficDispatch.Cli.Tests;

/// <summary>Whoever is woken types what the runbooks say: every command in them must be one.</summary>
public sealed partial class RunbookTests
{
    public static TheoryData<string> Pages => [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs", "runbooks"), "*.md").Select(static f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_OfTheRunbook_Parse(string name)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbooks", name));
        RootCommand root = DispatchTool.Root(new Terminal(TextWriter.Null, TextWriter.Null, static () => Stream.Null));
        HashSet<string> known = [.. root.Subcommands.Select(static c => c.Name)];
        foreach (Match match in Command().Matches(page))
        {
            string line = match.Groups["line"].Value;
            Assert.Contains(line.Split(' ')[0], known);
            // A command named alone, in the middle of a sentence, is no line to type.
            if (!match.Value.StartsWith('`') || line.Contains(' ', StringComparison.Ordinal)) Assert.Empty(root.Parse(line).Errors.Select(e => $"{name}: {line}: {e.Message}"));
        }
        if (name != "README.md") Assert.Contains("\n```sh\n", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("(^|`)dispatch (?<line>[^`\n]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();
}
