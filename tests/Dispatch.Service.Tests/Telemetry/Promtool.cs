using System.ComponentModel;
using System.Diagnostics;

namespace TrafficDispatch.Service.Tests.Telemetry;

/// <summary>Prometheus' own checker of exposed metrics.</summary>
internal static class Promtool
{
    /// <summary>What <c>promtool check metrics</c> has to complain about; empty where it is content.</summary>
    public static async Task<string> Check(string metrics)
    {
        ProcessStartInfo start = new("promtool", ["check", "metrics"])
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
            await process.StandardInput.WriteAsync(metrics);
            process.StandardInput.Close();
            string said = await output + await errors;
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? said : $"exit code {process.ExitCode}: {said}";
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("promtool is missing. Install it with: apt-get install -y prometheus", e);
        }
    }
}
