using System.Text.Json;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class MonthCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>One day of hours: 24 slots, one free. The parts of a bill sum to it, and the saving is the difference of the two.</summary>
    [Fact]
    public async Task Month_TinyWorld_FiguresFitTogether()
    {
        using JsonDocument json = await Answer();
        JsonElement root = json.RootElement, naive = root.GetProperty("naive"), aware = root.GetProperty("aware");
        Assert.Equal((24, 1, 1), (root.GetProperty("slots").GetInt32(), root.GetProperty("slots_per_hour").GetInt32(), root.GetProperty("free_slots").GetInt32()));
        foreach (JsonElement month in new[] { naive, aware })
        {
            Assert.Equal((24, 24), (month.GetProperty("slots").GetInt32(), month.GetProperty("proved_slots").GetInt32()));
            Assert.Equal(Usd(month, "total_usd"), Usd(month, "commit_usd") + Usd(month, "overage_usd") + Usd(month, "outside_contracts_usd"), 6);
        }
        Assert.Equal(Usd(naive, "total_usd") - Usd(aware, "total_usd"), Usd(root, "saved_usd"), 6);
        Assert.Equal(Usd(naive, "unserved_gb"), Usd(aware, "unserved_gb"), 6);
        JsonElement contract = Assert.Single(root.GetProperty("contracts").EnumerateArray());
        Assert.Equal(("own", "p95"), (contract.GetProperty("id").GetString(), contract.GetProperty("billing").GetString()));
        Assert.Equal(Usd(naive, "overage_usd"), Usd(contract.GetProperty("naive"), "overage_usd"), 6);
        Assert.True(contract.GetProperty("free_slots_used").GetInt32() <= 1);
    }

    [Fact]
    public async Task Month_SavedState_IsReadBack()
    {
        string state = Path.Combine(_folder.Path, "month.json");
        using JsonDocument first = await Answer("--save-state", state);
        Assert.StartsWith("""{"version":1,"accounts":[{"contract":"own","slots":24,""", await File.ReadAllTextAsync(state), StringComparison.Ordinal);
        using JsonDocument second = await Answer("--state", state, "--rounds", "0");
        double billed = Usd(first.RootElement.GetProperty("contracts")[0].GetProperty("aware"), "level_gbps");
        Assert.Equal(billed, Usd(second.RootElement.GetProperty("contracts")[0], "planned_level_gbps"), 9);
    }

    [Fact]
    public async Task Month_BrokenState_ExitsTwoAndNamesTheField()
    {
        string state = _folder.Write("state.json", """{"version":1,"accounts":[{"contract":"own","slots":-1}]}""");
        CliRun run = await Run("--state", state);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("field 'accounts[0].slots' is '-1'", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Run("--state", Path.Combine(_folder.Path, "nowhere.json"))).Code);
        Assert.Equal(2, (await Run("--save-state", Path.Combine(_folder.Path, "no", "where.json"))).Code);
    }

    [Fact]
    public async Task Month_NoContract_WarnsAndBillsNothing()
    {
        CliRun run = await CliRun.Of("month", "--world", TinyWorld.Write(_folder), "--days", "1", "--slots-per-hour", "1", "--rounds", "1", "--json");
        Assert.Equal(0, run.Code);
        Assert.Contains("warning: no contract of the world bills", run.Error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(0, Usd(json.RootElement, "saved_percent"));
        Assert.Equal(0, json.RootElement.GetProperty("contracts").GetArrayLength());
    }

    [Fact]
    public async Task Month_WithoutJson_PrintsTables()
    {
        CliRun run = await Run();
        Assert.Equal(0, run.Code);
        Assert.Contains("24 slots, 1 of them free", run.Output, StringComparison.Ordinal);
        Assert.Contains("| own ", run.Output, StringComparison.Ordinal);
        Assert.Contains("48 of 48 slots proved", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--days", "0")]
    [InlineData("--days", "367")]
    [InlineData("--slots-per-hour", "61")]
    [InlineData("--seed", "-1")]
    [InlineData("--candidates", "0")]
    [InlineData("--rounds", "x")]
    public async Task Month_BadOption_ExitsTwoAndNamesIt(string option, string value)
    {
        CliRun run = await Run(option, value);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains($"{option} is '{value}'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Month_Cancelled_ExitsFive()
    {
        using StringWriter output = new(), error = new();
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        int code = await DispatchTool.RunAsync(["month", "--world", World()], new Terminal(output, error, static () => Stream.Null), stop.Token);
        Assert.Equal((5, ""), (code, output.ToString()));
    }

    private string World()
    {
        string path = TinyWorld.Write(_folder);
        _folder.Write("contracts.csv", "contract_id,parent,operator,continents,sites,edges,floor_gbps,ceiling_gbps,billing,commit_gbps,tiers", "own,,own,,,,,,p95,2,*:0.72");
        return path;
    }

    private Task<CliRun> Run(params string[] options)
    {
        string[] usual = ["--days", "1", "--slots-per-hour", "1", "--rounds", "2"];
        IEnumerable<string> kept = usual.Chunk(2).Where(pair => !options.Contains(pair[0])).SelectMany(static pair => pair);
        return CliRun.Of(["month", "--world", World(), .. kept, .. options]);
    }

    private async Task<JsonDocument> Answer(params string[] options)
    {
        CliRun run = await Run([.. options, "--json"]);
        Assert.True(run.Code == 0, run.Error);
        return JsonDocument.Parse(run.Output);
    }

    private static double Usd(JsonElement of, string name) => of.GetProperty(name).GetDouble();
}
