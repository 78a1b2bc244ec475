using System.Text;

namespace TrafficDispatch.Docs.Tests.Consoles;

/// <summary>
/// What the pages show is what the commands print now. <c>DISPATCH_WRITE_REFERENCE=1 dotnet test tests/Dispatch.Docs.Tests -c Release --filter ConsolePageTests</c> writes
/// the output anew.
/// </summary>
[Collection(nameof(ShippedService))]
public sealed class ConsolePageTests(ShippedService service)
{
    /// <summary>Pages whose every console block is typed, each page as one session: first those that say what a fresh service answers, last those that leave something behind.</summary>
    private static readonly string[] Pages =
    [
        "docs/tutorial.md",
        "docs/howto/ask-from-a-gslb.md",
        "docs/howto/put-dns-in-front.md",
        "docs/howto/bring-your-own-world.md",
        "docs/howto/ask-what-if.md",
        "docs/howto/find-what-would-not-be-absorbed.md",
        "docs/howto/route-a-live-stream.md",
        "docs/samples/gslb-csharp/README.md",
        "docs/samples/gslb-node/README.md",
        "docs/samples/gslb-python/README.md",
        "docs/howto/take-an-edge-out.md",
        "docs/howto/roll-back-a-table.md",
        "docs/samples/relay-python/README.md",
    ];

    [Fact]
    public async Task Pages_EveryCommand_PrintsWhatThePageSays()
    {
        bool writes = Environment.GetEnvironmentVariable("DISPATCH_WRITE_REFERENCE") == "1";
        StringBuilder told = new(), typed = new();
        foreach (string name in Pages)
        {
            string path = Path.Combine(ForeignTool.Root, name);
            ConsolePage page = new(await File.ReadAllTextAsync(path));
            List<ConsoleStep> now = await TypeAsync(page);
            Assert.NotEmpty(now);
            if (writes && Told(page.Steps) != Told(now)) await File.WriteAllTextAsync(path, page.With(now));
            if (!writes) (_, _) = (told.Append(name).Append(Told(page.Steps)), typed.Append(name).Append(Told(now)));
        }
        Assert.Equal(told.ToString(), typed.ToString());
    }

    private async Task<List<ConsoleStep>> TypeAsync(ConsolePage page)
    {
        using ConsoleSession session = new(service);
        List<ConsoleStep> now = [];
        Dictionary<string, string> versions = [];
        foreach (ConsoleStep step in page.Steps)
        {
            // A version that the page has shown stands for the one that was printed in its place.
            string command = versions.Aggregate(step.Command, static (text, v) => text.Replace(v.Key, v.Value, StringComparison.Ordinal));
            string printed = Ended(await session.TypeAsync(command));
            foreach ((string told, string real) in Mask.Versions(step.Printed).Zip(Mask.Versions(printed))) versions[told] = real;
            now.Add(new(step.Line, command, printed));
        }
        return now;
    }

    // A block has no empty lines at its end: tables write one.
    private static string Ended(string printed) => printed.TrimEnd('\n') is { Length: > 0 } text ? text + "\n" : "";

    private static string Told(IEnumerable<ConsoleStep> steps) => string.Concat(steps.Select(static s => Mask.Of($"line {s.Line}: $ {s.Command}\n{s.Printed}\n")));
}
