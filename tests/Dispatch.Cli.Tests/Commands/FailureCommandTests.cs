using System.Text.Json;

namespace TrafficDispatch.Cli.Tests.Commands;

/// <summary>
/// The tiny world by hand: 14 Gbit/s asked for, 12 served. Without own-a 8 are unserved; without own-b 1 of a's and all 4 of b's, whom nobody
/// else may serve.
/// </summary>
public sealed class FailureCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task N1_TinyWorld_IsWhatIsReckonedByHand()
    {
        using JsonDocument json = await Answer("--operators");
        JsonElement root = json.RootElement;
        Assert.Equal((4, 0), (root.GetProperty("failures").GetInt32(), root.GetProperty("absorbed").GetInt32()));
        Assert.True(root.GetProperty("certified").GetBoolean());
        Assert.Equal("all-edges", root.GetProperty("optimal_over").GetString());
        JsonElement a = Failure(root, "domain:FR:A=B:C");
        Assert.Equal("edge:own-a", Assert.Single(a.GetProperty("same_as").EnumerateArray()).GetString());
        Assert.Equal((6.0, 0.0, 0.0, 8.0), Figures(a));
        Assert.Equal(8000, a.GetProperty("fix").GetProperty("add").EnumerateArray().Sum(static x => x.GetProperty("add_mbps").GetInt64()));
        Assert.Equal(0.0, a.GetProperty("fix").GetProperty("unserved_after_gbps").GetDouble());
        JsonElement fixOfB = Failure(root, "domain:DE:Bb").GetProperty("fix");
        Assert.Equal(4.0, fixOfB.GetProperty("unserved_after_gbps").GetDouble());
        Assert.StartsWith("BB-01", Assert.Single(fixOfB.GetProperty("beyond_capacity").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task N1_EveryFailure_LeavesUnservedWhatSolveWithoutItLeaves()
    {
        using JsonDocument json = await Answer("--operators");
        foreach (JsonElement failure in json.RootElement.GetProperty("worst").EnumerateArray())
        {
            CliRun solve = await CliRun.Of("solve", "--world", TinyWorld.Write(_folder), "--json", "--drop", failure.GetProperty("failure").GetString()!);
            using JsonDocument cold = JsonDocument.Parse(solve.Output);
            Assert.Equal(cold.RootElement.GetProperty("unserved_gbps").GetDouble(), failure.GetProperty("unserved_gbps").GetDouble());
            Assert.Equal(cold.RootElement.GetProperty("objective").GetRawText(), failure.GetProperty("objective").GetRawText());
        }
    }

    [Fact]
    public async Task N1_WithoutJson_PrintsTheWorstAndTheSummary()
    {
        CliRun run = await CliRun.Of("n1", "--world", TinyWorld.Write(_folder), "--top", "1", "--reserve", "zone", "--move-cost", "40");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("worst 1 of 3 failures", run.Output, StringComparison.Ordinal);
        Assert.Contains("0 of 3 failures absorbed, each proved optimal over all edges", run.Output, StringComparison.Ordinal);
        Assert.Contains("failovers to ship with the table", run.Output, StringComparison.Ordinal);
        Assert.Contains("reserve of 0 groups", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task N1_Show_AnswersFromTheFailover()
    {
        using JsonDocument json = await Answer("--show", "edge:own-a", "--region", "AA-01");
        JsonElement service = json.RootElement.GetProperty("services")[0];
        Assert.True(service.GetProperty("by_failover").GetBoolean());
        Assert.Contains("own-a", service.GetProperty("now").EnumerateArray().Select(static e => e.GetProperty("id").GetString()));
        Assert.DoesNotContain("own-a", service.GetProperty("then").EnumerateArray().Select(static e => e.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("edge:nobody", "--show", "edge:nobody", "--region", "AA-01")]
    [InlineData("ZZ-01", "--show", "edge:own-a", "--region", "ZZ-01")]
    [InlineData("planet", "--reserve", "planet")]
    [InlineData("-1", "--move-cost", "-1")]
    [InlineData("edge:nobody", "--drop", "edge:nobody")]
    public async Task N1_BadOption_ExitsTwoAndNamesIt(string named, params string[] options)
    {
        CliRun run = await CliRun.Of(["n1", "--world", TinyWorld.Write(_folder), .. options]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    private async Task<JsonDocument> Answer(params string[] options)
    {
        CliRun run = await CliRun.Of(["n1", "--world", TinyWorld.Write(_folder), "--json", .. options]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return JsonDocument.Parse(run.Output);
    }

    private static JsonElement Failure(JsonElement root, string name) =>
        root.GetProperty("worst").EnumerateArray().Single(f => f.GetProperty("failure").GetString() == name);

    private static (double Lost, double Moved, double Ripple, double Unserved) Figures(JsonElement failure) => (
        failure.GetProperty("lost_gbps").GetDouble(), failure.GetProperty("moved_gbps").GetDouble(),
        failure.GetProperty("ripple_gbps").GetDouble(), failure.GetProperty("unserved_gbps").GetDouble());
}
