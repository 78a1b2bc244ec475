using System.Diagnostics;

namespace TrafficDispatch.Service.Tests.Supervision;

/// <summary>systemd itself judges the unit that is shipped.</summary>
public sealed class SystemdUnitTests : IDisposable
{
    private readonly StateDirectory _folder = new();
    private readonly string _unit;

    public SystemdUnitTests()
    {
        // Only the program's place differs: systemd looks whether it is there.
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "packaging", "traffic-dispatch.service"));
        const string Installed = "/opt/traffic-dispatch/Dispatch.Service";
        Assert.Contains($"ExecStart={Installed}\n", text, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.Path);
        _unit = Path.Combine(_folder.Path, "traffic-dispatch.service");
        File.WriteAllText(_unit, text.Replace(Installed, Path.Combine(AppContext.BaseDirectory, "Dispatch.Service"), StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Unit_Verified_HasNoFault()
    {
        (int code, string told) = await AnalyzeAsync("verify", "--man=no", _unit);
        Assert.Equal("", told);
        Assert.Equal(0, code);
    }

    /// <summary>What the service may do beside its work, from 0 (nothing) to 100; above the threshold the command fails.</summary>
    [Fact]
    public async Task Unit_Security_IsTight()
    {
        (int code, string told) = await AnalyzeAsync("security", "--offline=true", "--no-pager", "--threshold=20", _unit);
        Assert.True(code == 0, told);
    }

    private static async Task<(int Code, string Told)> AnalyzeAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("systemd-analyze", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, await errors + (process.ExitCode == 0 ? "" : await output));
    }
}
