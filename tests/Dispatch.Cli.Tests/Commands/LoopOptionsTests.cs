using System.Text.Json;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class LoopOptionsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Solve_CapOnAnOperator_IsKeptAndPriced()
    {
        CliRun run = await CliRun.Of("solve", "--world", TinyWorld.Write(_folder), "--cap", "operator:own=5", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement loops = json.RootElement.GetProperty("loops"), cap = Assert.Single(loops.GetProperty("caps").EnumerateArray());
        Assert.Equal("operator:own", cap.GetProperty("name").GetString());
        Assert.Equal(5.0, cap.GetProperty("load_gbps").GetDouble());
        Assert.True(cap.GetProperty("price_micro_usd_per_mbps_hour").GetInt64() > 0);
        Assert.Equal(0, loops.GetProperty("gap").GetInt64());
        Assert.Equal(6.0, json.RootElement.GetProperty("unserved_gbps").GetDouble()); // 14 asked for, 5 + 3 served
    }

    [Fact]
    public async Task Solve_LeastUtilisation_IsSaid()
    {
        CliRun run = await CliRun.Of("solve", "--world", TinyWorld.Write(_folder), "--scale", "region:AA-01=0.3", "--scale", "region:BB-01=0.3", "--min-max-slack", "0");
        Assert.Equal(0, run.Code);
        // 3 Gbit/s of a on 6, 3 and 3; 1.2 of b on own-b's 3 alone: two fifths are needed there, and do for a as well.
        Assert.Contains("least utilisation of the fullest edge that serves as much: 40.0 %", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cap", "zone:EUW=3", "it must be edge:ID=GBPS, operator:ID=GBPS or domain:ID=GBPS")]
    [InlineData("--cap", "operator:own=-1", "with a finite number of at least 0")]
    [InlineData("--cap", "operator:nobody=1", "the world has no such edge")]
    [InlineData("--min-max-slack", "101", "--min-max-slack must be at most 100")]
    public async Task Solve_MalformedBound_IsBadInput(string option, string value, string fault)
    {
        CliRun run = await CliRun.Of("solve", "--world", TinyWorld.Write(_folder), option, value);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Solve_CapUnderTheReferenceObjective_IsRefused()
    {
        CliRun run = await CliRun.Of("solve", "--world", TinyWorld.Write(_folder), "--objective", "reference", "--cap", "operator:own=5");
        Assert.Equal(2, run.Code);
        Assert.Contains("--cap and --min-max-slack need the full objective", run.Error, StringComparison.Ordinal);
    }
}
