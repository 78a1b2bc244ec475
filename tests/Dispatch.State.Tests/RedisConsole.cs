using System.Diagnostics;
using System.Globalization;

namespace TrafficDispatch.State.Tests;

/// <summary>Redis seen with its own command-line client: an eye that shares no code with ours.</summary>
internal static class RedisConsole
{
    public static string Run(RedisServer server, params string[] command) => Run(server, [], command);

    /// <summary>The same with bytes as the last argument.</summary>
    public static string Run(RedisServer server, ReadOnlySpan<byte> last, params string[] command)
    {
        string[] bytes = last.IsEmpty ? [] : ["-x"];
        ProcessStartInfo start = new("redis-cli", ["-h", "127.0.0.1", "-p", server.Port.ToString(CultureInfo.InvariantCulture), .. bytes, .. command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.BaseStream.Write(last);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
