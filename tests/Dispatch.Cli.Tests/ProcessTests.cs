using System.Diagnostics;
using System.Text.Json;

namespace TrafficDispatch.Cli.Tests;

/// <summary>The tool as the shell sees it: a process with streams and an exit code.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Process_Flow_AnswersOnStandardOutput()
    {
        string file = _folder.Write("a.min", "p min 2 1", "n 1 4", "n 2 -4", "a 1 2 0 9 3");
        Assert.Equal(new CliRun(0, "s 12\n", ""), await Run("", "flow", file));
    }

    /// <summary>Memory is the whole process's, so this needs one of its own. The flow of every arc alone takes 8 bytes.</summary>
    [Fact]
    public async Task Process_FlowJson_TellsItsMemoryOnLinux()
    {
        string file = Path.Combine(_folder.Path, "m.min");
        Assert.Equal(0, (await CliRun.Of("generate", file, "--size", "M")).Code);
        using JsonDocument json = JsonDocument.Parse((await Run("", "flow", file, "--json")).Output);
        JsonElement peak = json.RootElement.GetProperty("solve_peak_mb");
        if (!OperatingSystem.IsLinux()) Assert.Equal(JsonValueKind.Null, peak.ValueKind);
        else Assert.InRange(peak.GetDouble(), json.RootElement.GetProperty("arcs").GetInt32() * 8 / 1048576.0, 500);
    }

    [Fact]
    public async Task Process_Locate_ReadsStandardInput()
    {
        CliRun run = await Run("10.1.2.3\n", "locate", "--world", TinyWorld.Write(_folder), "--ips", "-", "--json");
        Assert.Equal(new CliRun(0, "{\"ip\":\"10.1.2.3\",\"region_id\":\"BB-01\",\"matched_prefix_len\":24}\n", ""), run);
    }

    [Fact]
    public async Task Process_BadFile_FaultsOnStandardErrorOnly()
    {
        CliRun run = await Run("", "flow", _folder.Write("a.min", "p min 2 1", "a 1 2 0 9"));
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("error: a.min:2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_TerminatedWhileItReads_ExitsFive()
    {
        string world = TinyWorld.Write(_folder);
        using Process process = Start("locate", "--world", world, "--ips", "-");
        // Past what the pipe and the reader hold: once this is written, the command is reading.
        string many = string.Concat(Enumerable.Repeat("10.1.2.3\n", 40_000));
        await process.StandardInput.WriteAsync(many);
        await process.StandardInput.FlushAsync();
        using (Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((5, "", "error: cancelled; nothing half-done is kept\n"), (process.ExitCode, await output, await error));
    }

    private static async Task<CliRun> Run(string input, params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    private static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "dispatch.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
