using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TrafficDispatch.Rpc.Tests.Interop;

/// <summary>Runs a suite of another language as a process and reads its closing line.</summary>
internal static partial class InteropSuite
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The folder <c>tests</c> of the repository, found upwards from the test assembly.</summary>
    public static string TestsFolder { get; } = FindTestsFolder();

    /// <summary>Fails the test unless the suite closes with at least so many passed and none failed.</summary>
    public static async Task ExpectAllPassAsync(int leastPassed, string program, params string[] arguments)
    {
        string output = await RunAsync(program, arguments);
        Match closing = ClosingLine().Match(output);
        Assert.True(closing.Success, $"No closing line. Install what the suite needs with tests/interop/install.sh. Output:\n{output}");
        Assert.True(closing.Groups["failed"].Value == "0", output);
        Assert.InRange(int.Parse(closing.Groups["passed"].Value, CultureInfo.InvariantCulture), leastPassed, int.MaxValue);
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Start(start);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        return await output + await errors;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} does not start: run tests/interop/install.sh first.", e);
        }
    }

    private static string FindTestsFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "interop", "python")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"tests/interop is not above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex(@"^(?<passed>\d+) passed, (?<failed>\d+) failed$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClosingLine();
}
