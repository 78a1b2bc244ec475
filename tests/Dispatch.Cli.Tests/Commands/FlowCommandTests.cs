using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class FlowCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("one-layer", "S", "1101 nodes, 17100 arcs")]
    [InlineData("layered", "S", "1246 nodes, 17825 arcs")]
    [InlineData("dispatch", "300x8x20", "386 nodes, 3027 arcs")]
    public async Task Generate_SmallNetwork_IsWrittenAndSolvable(string shape, string size, string counts)
    {
        string file = Path.Combine(_folder.Path, "made.min.gz");
        CliRun made = await CliRun.Of("generate", file, "--shape", shape, "--size", size, "--seed", "7", "--drift", "15");
        Assert.Equal(new CliRun(0, $"{file}: {counts}\n", ""), made);
        CliRun solved = await CliRun.Of("flow", file);
        Assert.Equal(0, solved.Code);
        Assert.StartsWith("s ", solved.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--size", "XXL")]
    [InlineData("--size", "30x20x10")]
    [InlineData("--shape", "round")]
    [InlineData("--capacity", "0")]
    [InlineData("--capacity", "1001")]
    [InlineData("--drift", "91")]
    public async Task Generate_UnknownWord_IsBadInput(string option, string value)
    {
        CliRun run = await CliRun.Of("generate", Path.Combine(_folder.Path, "x.min"), option, value);
        Assert.Equal(2, run.Code);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flow_Optimal_PrintsTheCostLineOnly()
    {
        CliRun run = await CliRun.Of("flow", Small());
        Assert.Equal(new CliRun(0, "s 14\n", ""), run);
    }

    [Fact]
    public async Task Flow_Gzipped_PrintsTheSame()
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(File.ReadAllBytes(Small()));
        CliRun run = await CliRun.Of("flow", _folder.Write("small.min.gz", packed.ToArray()));
        Assert.Equal(new CliRun(0, "s 14\n", ""), run);
    }

    [Fact]
    public async Task Flow_Json_HasEveryFieldThatOthersRelyOn()
    {
        CliRun run = await CliRun.Of("flow", Small(), "--json", "--repeat", "3");
        Assert.Equal(0, run.Code);
        Assert.Equal(1, run.Output.Count(static c => c == '\n'));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement root = json.RootElement;
        Assert.Equal("14", root.GetProperty("objective").GetRawText());
        Assert.Equal("optimal", root.GetProperty("status").GetString());
        Assert.Equal("network-simplex", root.GetProperty("kernel").GetString());
        Assert.Equal((4, 5), (root.GetProperty("nodes").GetInt32(), root.GetProperty("arcs").GetInt32()));
        foreach (string time in new[] { "read_ms", "build_ms", "solve_ms" }) Assert.True(root.GetProperty(time).GetDouble() >= 0);
        Assert.True(root.TryGetProperty("solve_peak_mb", out _));
        Assert.True(root.GetProperty("certificate").GetProperty("valid").GetBoolean());
        Assert.Equal("0", root.GetProperty("certificate").GetProperty("gap").GetRawText());
    }

    [Fact]
    public async Task Flow_OptimumBeyond64Bits_KeepsEveryDigit()
    {
        string file = _folder.Write("big.min", "p min 2 1", "n 1 9000000000000000000", "n 2 -9000000000000000000", "a 1 2 0 9000000000000000000 9000000001");
        Assert.Equal("s 81000000009000000000000000000\n", (await CliRun.Of("flow", file)).Output);
        Assert.StartsWith("{\"objective\":81000000009000000000000000000,", (await CliRun.Of("flow", file, "--json")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "infeasible", "p min 2 1|n 1 4|n 2 -3|a 1 2 0 9 1")]
    [InlineData(3, "infeasible", "p min 2 1|n 1 4|n 2 -4|a 1 2 0 3 1")]
    [InlineData(4, "unbounded", "p min 2 2|a 1 2 0 9223372036854775807 -1|a 2 1 0 9223372036854775807 0")]
    public async Task Flow_NoOptimum_SaysWhichAndWhy(int code, string word, string text)
    {
        string file = _folder.Write("none.min", text.Split('|'));
        CliRun run = await CliRun.Of("flow", file);
        Assert.Equal((code, $"s {word}\n"), (run.Code, run.Output));
        Assert.Contains($"error: {word}: ", run.Error, StringComparison.Ordinal);
        CliRun json = await CliRun.Of("flow", file, "--json");
        Assert.Equal((code, ""), (json.Code, json.Error));
        using JsonDocument answer = JsonDocument.Parse(json.Output);
        Assert.Equal(JsonValueKind.Null, answer.RootElement.GetProperty("objective").ValueKind);
        Assert.Equal(word, answer.RootElement.GetProperty("status").GetString());
        Assert.NotEqual("", answer.RootElement.GetProperty("cause").GetString());
    }

    [Theory]
    [InlineData("p min 2 1|n 1 x|a 1 2 0 4 1", "bad.min:2:5: flow 'x'")]
    [InlineData("p min 2 1|a 1 2 5 4 1", "bad.min:2:9: cap '4'")]
    [InlineData("p min 2 1|a 1 3 0 4 1", "bad.min:2:5: head '3'")]
    public async Task Flow_BrokenFile_NamesLineFieldAndValue(string text, string fault)
    {
        CliRun run = await CliRun.Of("flow", _folder.Write("bad.min", text.Split('|')), "--json");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flow_TimeLimitPassed_ExitsFive()
    {
        CliRun run = await CliRun.Of("flow", Small(), "--time-limit", "0.0000001");
        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Contains("budget-ended", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flow_Solution_WritesTheFlowOfEveryArc()
    {
        string file = Path.Combine(_folder.Path, "small.sol");
        Assert.Equal(0, (await CliRun.Of("flow", Small(), "--solution", file)).Code);
        Assert.Equal("s 14\nf 1 2 2\nf 1 3 2\nf 2 3 2\nf 3 4 4\n", await File.ReadAllTextAsync(file, Encoding.UTF8));
    }

    [Theory]
    [InlineData("flow", "missing.min")]
    [InlineData("flow", "")]
    [InlineData("flow")]
    [InlineData("flow", "x.min", "--repeat", "0")]
    [InlineData("flow", "x.min", "--time-limit", "NaN")]
    [InlineData("flow", "x.min", "--frobnicate")]
    public async Task Flow_BadArguments_ExitTwoWithoutAnswer(params string[] arguments)
    {
        CliRun run = await CliRun.Of(arguments);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flow_SomebodyWatches_ShowsProgressAndWipesIt()
    {
        string file = Small();
        CliRun run = await CliRun.With(static t => t with { IsErrorInteractive = true }, "flow", file);
        Assert.Equal((0, "s 14\n"), (run.Code, run.Output));
        Assert.Contains("solving 1 of 1 …", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\r\u001b[K", run.Error, StringComparison.Ordinal);
    }

    private string Small() => _folder.Write("small.min",
        "c tiny", "p min 4 5", "n 1 4", "n 4 -4", "a 1 2 0 4 2", "a 1 3 0 2 2", "a 2 3 0 2 1", "a 2 4 0 3 3", "a 3 4 0 5 1");
}
