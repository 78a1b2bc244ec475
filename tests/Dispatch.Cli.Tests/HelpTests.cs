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

    /// <summary><c>DISPATCH_WRITE_REFERENCE=1 dotnet test tests/Dispatch.Cli.Tests -c Release --filter HelpTests</c> writes these parts anew.</summary>
    [Fact]
    public void Page_OptionsAndExamples_AreWrittenFromTheTool()
    {
        string path = Path.Combine(Repository.Root, "docs", "reference", "cli.md"), made = CommandReference.Renew(Page, Root());
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_REFERENCE") == "1") File.WriteAllText(path, made);
        else Assert.Equal(Page, made);
    }

    private static RootCommand Root() => DispatchTool.Root(new Terminal(TextWriter.Null, TextWriter.Null, static () => Stream.Null));

    private static DispatchCommand Find(string name) => (DispatchCommand)Root().Subcommands.Single(c => c.Name == name);

    [GeneratedRegex("^## dispatch (?<name>[a-z0-9]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();
}
