namespace TrafficDispatch.Docs.Tests.Consoles;

/// <summary>
/// What the pages show is what the commands print now. <c>DISPATCH_WRITE_REFERENCE=1 dotnet test tests/Dispatch.Docs.Tests -c Release --filter ConsolePageTests</c> writes
/// the output anew.
/// </summary>
[Collection(nameof(ShippedService))]
public sealed class ConsolePageTests(ShippedService service)
{
    /// <summary>Pages whose every console block is typed, each page as one session.</summary>
    public static TheoryData<string> Pages =>
    [
        "docs/samples/gslb-csharp/README.md",
        "docs/samples/gslb-node/README.md",
        "docs/samples/gslb-python/README.md",
        "docs/samples/relay-python/README.md",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_EveryCommand_PrintsWhatThePageSays(string name)
    {
        string path = Path.Combine(ForeignTool.Root, name);
        ConsolePage page = new(await File.ReadAllTextAsync(path));
        using ConsoleSession session = new(service);
        List<string> printed = [];
        foreach (ConsoleStep step in page.Steps)
        {
            string now = Ended(await session.TypeAsync(step.Command));
            printed.Add(Mask.Of(now) == Mask.Of(step.Printed) ? step.Printed : now);
        }
        Assert.NotEmpty(printed);
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_REFERENCE") == "1") await File.WriteAllTextAsync(path, page.With(printed));
        else Assert.Equal(Told(page, page.Steps.Select(static s => s.Printed)), Told(page, printed));
    }

    // A block has no empty lines at its end: tables write one.
    private static string Ended(string printed) => printed.TrimEnd('\n') is { Length: > 0 } text ? text + "\n" : "";

    private static string Told(ConsolePage page, IEnumerable<string> printed) =>
        string.Concat(page.Steps.Zip(printed, static (s, text) => $"line {s.Line}: $ {s.Command}\n{Mask.Of(text)}\n"));
}
