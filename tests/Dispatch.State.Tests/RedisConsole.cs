using System.Diagnostics;
using System.Globalization;

namespace TrafficDispatch.State.Tests;

/// <summary>Redis seen with its own command-line client: an eye that shares no code with ours.</summary>
internal static class RedisConsole
{
    public static string Run(RedisServer server, params string[] command) => Run(server, [], command);

    /// <summary>The same, null where the server ended the connection: a Sentinel has a replica drop its clients in the moment in which it makes it the primary.</summary>
    public static string? Ask(RedisServer server, params string[] command) => Run(server, [], command, out int exit) is var output && exit == 0 ? output : null;

    /// <summary>The same with bytes as the last argument.</summary>
    public static string Run(RedisServer server, ReadOnlySpan<byte> last, params string[] command)
    {
        string output = Run(server, last, command, out int exit);
        Assert.True(exit == 0, $"redis-cli {string.Join(' ', command)} at port {server.Port} ended with {exit}: {output}");
        return output;
    }

    private static string Run(RedisServer server, ReadOnlySpan<byte> last, string[] command, out int exit)
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
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        exit = process.ExitCode;
        return output;
    }
}
