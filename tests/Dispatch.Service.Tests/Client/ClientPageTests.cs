using System.Text.RegularExpressions;

namespace TrafficDispatch.Service.Tests.Client;

/// <summary>What docs/client.md shows is what compiles and runs.</summary>
public sealed partial class ClientPageTests
{
    [Fact]
    public void Page_EveryLineOfCode_IsTheSamples()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "client.md"));
        HashSet<string> lines = [.. File.ReadAllLines(Path.Combine(Repository.Root, "docs", "samples", "client", "Balancer.cs")).Select(static l => l.Trim())];
        string[] shown = [.. Snippet().Matches(page).SelectMany(static m => m.Groups["code"].Value.Split('\n')).Select(static l => l.Trim()).Where(static l => l.Length > 0)];
        Assert.True(shown.Length > 8);
        Assert.Empty(shown.Except(lines));
    }

    [Fact]
    public async Task Sample_AgainstAService_DecidesByItsTable()
    {
        using TestWorld world = TestWorld.Small().Save();
        using StateDirectory state = new();
        await using TestService service = await TestService.StartAsync(world.Directory, state.Path, null, TestService.PlansAlone);
        StringWriter output = new();
        Assert.Equal(0, await Samples.Balancer.RunAsync(service.GrpcUrl, ["192.0.2.7", "2001:db8:1::1"], output));
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Length);
        Assert.EndsWith(": 3 regions, 4 edges", lines[0], StringComparison.Ordinal);
        Assert.Matches("^192.0.2.7 -> own-[a-z]+(, own-[a-z]+)* by the Table \\(Fresh\\)$", lines[1]);
        Assert.Contains("Region FR-01 (Paris)", lines[2], StringComparison.Ordinal);
        Assert.Matches("^without allocation: own-[a-z]+$", lines[5]);
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Snippet();
}
