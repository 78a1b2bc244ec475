using System.ComponentModel;
using System.Diagnostics;

namespace TrafficDispatch.Service.Tests.Connectors;

/// <summary>Runs programs that are not ours.</summary>
internal static class ForeignTool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The root of the repository, found upwards from the test assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Runs it to its end.</summary>
    /// <returns>What it wrote, errors after output.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Starts it.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program} does not start. Install what the tests need with tests/tools/install.sh.", e);
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "TrafficDispatch.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"TrafficDispatch.sln is not above {AppContext.BaseDirectory}.");
    }
}
