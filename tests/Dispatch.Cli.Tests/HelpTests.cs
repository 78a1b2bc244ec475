using System.CommandLine;
using System.Text.RegularExpressions;
using TrafficDispatch.Cli.Commands;

namespace TrafficDispatch.Cli.Tests;

/// <summary>The help, and the reference page that must list the same.</summary>
public sealed partial class HelpTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "cli.md"));

    public static TheoryData<string> Commands => [.. Root().Subcommands.Select(static c => c.Name)];

    [Fact]
    public async Task Help_NoArguments_ListsCommandsAndExitCodes()
    {
        CliRun bare = await CliRun.Of(), asked = await CliRun.Of("--help");
        Assert.Equal(asked, bare);
        Assert.Equal(0, bare.Code);
        foreach (string name in Root().Subcommands.Select(static c => c.Name)) Assert.Contains($"  {name}", bare.Output, StringComparison.Ordinal);
        foreach ((int code, string meaning) in ExitCode.All) Assert.Contains($"  {code}  {meaning}\n", bare.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_Command_ShowsOptionsExamplesAndExitCodes(string name)
    {
        CliRun run = await CliRun.Of(name, "--help");
        Assert.Equal((0, ""), (run.Code, run.Error));
        DispatchCommand command = Find(name);
        Assert.NotEmpty(command.Examples);
        foreach (string part in command.Options.Select(static o => o.Name).Concat(command.Examples).Append("Exit codes:"))
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Page_Command_ListsTheSameOptionsAndArguments(string name)
    {
        string section = Section(name);
        DispatchCommand command = Find(name);
        string[] documented = [.. Entry().Matches(section).Select(static m => m.Groups["name"].Value).Order(StringComparer.Ordinal)];
        string[] actual = [.. command.Options.Where(static o => !o.Recursive).SelectMany(static o => o.Aliases.Prepend(o.Name)).Where(static n => n.StartsWith("--", StringComparison.Ordinal) && n != "--help")
            .Concat(command.Arguments.Select(static a => a.Name)).Order(StringComparer.Ordinal)];
        Assert.Equal(actual, documented);
        foreach (string example in command.Examples) Assert.Contains(example, section, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_Commands_AreThoseOfTheTool() =>
        Assert.Equal(Root().Subcommands.Select(static c => c.Name), Heading().Matches(Page).Select(static m => m.Groups["name"].Value));

    [Fact]
    public void Page_ExitCodes_AreThoseOfTheTool()
    {
        foreach ((int code, string meaning) in ExitCode.All) Assert.Contains($"| {code} | {meaning}", Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_Examples_Parse()
    {
        foreach (string example in Root().Subcommands.Cast<DispatchCommand>().SelectMany(static c => c.Examples))
        {
            string line = example[(example.IndexOf("dispatch ", StringComparison.Ordinal) + "dispatch ".Length)..];
            Assert.Empty(Root().Parse(line).Errors);
        }
        Assert.Equal(2, (await CliRun.Of("frobnicate")).Code);
    }

    [Fact]
    public async Task Version_IsPrinted()
    {
        CliRun run = await CliRun.Of("--version");
        Assert.Equal(0, run.Code);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", run.Output);
    }

    private static RootCommand Root() => DispatchTool.Root(new Terminal(TextWriter.Null, TextWriter.Null, static () => Stream.Null));

    private static DispatchCommand Find(string name) => (DispatchCommand)Root().Subcommands.Single(c => c.Name == name);

    private static string Section(string name)
    {
        int start = Page.IndexOf($"## dispatch {name}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"the page has no section for {name}");
        int end = Page.IndexOf("\n## ", start + 3, StringComparison.Ordinal);
        return end < 0 ? Page[start..] : Page[start..end];
    }

    [GeneratedRegex(@"^\| `(?<name>--[a-z-]+|[A-Z]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Entry();

    [GeneratedRegex("^## dispatch (?<name>[a-z0-9]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();
}
