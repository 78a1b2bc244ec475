using System.ComponentModel;
using System.Diagnostics;

namespace TrafficDispatch.Service.Tests.Telemetry;

/// <summary>Prometheus' own checker of exposed metrics.</summary>
internal static class Promtool
{
    /// <summary>What <c>promtool check metrics</c> has to complain about; empty where it is content.</summary>
    public static async Task<string> Check(string metrics)
    {
        (int code, string said) = await Start(metrics, ["check", "metrics"]);
        return code == 0 ? said : $"exit code {code}: {said}";
    }

    /// <summary>Why <c>promtool</c> fails with these arguments; empty where it does not.</summary>
    public static async Task<string> Run(params string[] arguments)
    {
        (int code, string said) = await Start("", arguments);
        return code == 0 ? "" : $"exit code {code}: {said}";
    }

    private static async Task<(int Code, string Said)> Start(string input, string[] arguments)
    {
        ProcessStartInfo start = new("promtool", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            string said = await output + await errors;
            await process.WaitForExitAsync();
            return (process.ExitCode, said);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("promtool is missing. Install it with: apt-get install -y prometheus", e);
        }
    }
}
