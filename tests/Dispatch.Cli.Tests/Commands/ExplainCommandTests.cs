using System.Text.Json;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class ExplainCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Explain_RegionThatIsServed_SaysByWhomAndWhatCutsOffTheRest()
    {
        CliRun run = await CliRun.Of("explain", "AA-01", "--world", TinyWorld.Write(_folder), "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement[] edges = [.. json.RootElement.GetProperty("edges").EnumerateArray()];
        Assert.Equal(["serves", "serves"], edges.Take(2).Select(static e => e.GetProperty("reason").GetString()));
        Assert.Equal(9.0, edges.Take(2).Sum(static e => e.GetProperty("gbps").GetDouble()));
        Assert.All(edges, static e => Assert.False(string.IsNullOrEmpty(e.GetProperty("why").GetString())));
        Assert.All(edges, static e => Assert.False(string.IsNullOrEmpty(e.GetProperty("change").GetString())));
    }

    [Fact]
    public async Task Explain_AddressInABoundRegion_NamesTheLaw()
    {
        CliRun run = await CliRun.Of("explain", "10.1.2.3", "--world", TinyWorld.Write(_folder), "--edge", "own-a");
        Assert.Equal(0, run.Code);
        Assert.Contains("own-a: law", run.Output, StringComparison.Ordinal);
        Assert.Contains("the law of B does not let BB-01's traffic be served in A", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("XX-99", "'XX-99' is neither a region of the world nor an address in one")]
    [InlineData("10.1.0.1", "'10.1.0.1' is neither a region of the world nor an address in one")]
    public async Task Explain_WhoIsUnknown_IsBadInput(string who, string fault)
    {
        CliRun run = await CliRun.Of("explain", who, "--world", TinyWorld.Write(_folder));
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_UnknownServiceAndEdge_AreBothNamed()
    {
        CliRun run = await CliRun.Of("explain", "AA-01", "--world", TinyWorld.Write(_folder), "--service", "tv", "--edge", "nowhere");
        Assert.Equal(2, run.Code);
        Assert.Contains("--service is 'tv'; the world has default", run.Error, StringComparison.Ordinal);
        Assert.Contains("--edge is 'nowhere'; the world has no such edge", run.Error, StringComparison.Ordinal);
    }
}
