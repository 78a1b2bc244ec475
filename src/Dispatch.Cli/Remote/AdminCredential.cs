using System.CommandLine;
using System.Net;

namespace TrafficDispatch.Cli.Remote;

/// <summary>Finds the token that a service's admin plane asks for. It is never an argument, which every user of the machine could see.</summary>
internal sealed class AdminCredential
{
    /// <summary>The environment variable that holds a token.</summary>
    public const string TokenVariable = "DISPATCH_ADMIN_TOKEN";

    private const string TokenFileName = "admin.token";

    private readonly Option<string?> _file = new("--token-file")
    {
        Description = $"File whose first line is the token; otherwise the variable {TokenVariable}, otherwise {TokenFileName} in the service's State:Path on this machine",
        HelpName = "FILE",
    };
    private readonly Option<string?> _state = new("--state") { Description = "State:Path of the service on this machine, where it is not the default", HelpName = "DIR" };
    private readonly Option<bool> _plaintext = new("--plaintext") { Description = "Send the token to another machine without TLS all the same" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_file, _state, _plaintext]) command.Add(option);
    }

    /// <summary>Finds the token.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="uri">Where it would go.</param>
    /// <param name="terminal">Where faults are written.</param>
    /// <param name="token">The token; empty where none is found, and then a client certificate must do.</param>
    /// <returns>False after a fault is written.</returns>
    public bool TryFind(ParseResult parsed, Uri uri, Terminal terminal, out string token)
    {
        (token, string? file) = ("", parsed.GetValue(_file));
        try
        {
            if (file is not null) token = First(file);
            else if (terminal.Variable(TokenVariable) is { Length: > 0 } given) token = given.Trim();
            // What lies on this machine is this machine's: no other one is shown it.
            else if (IsHere(uri) && Path.Combine(parsed.GetValue(_state) ?? DefaultState(), TokenFileName) is var own && File.Exists(own)) token = First(own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.WriteFault($"the token cannot be read: {e.Message}");
            return false;
        }
        if (token.Length == 0 || uri.Scheme == Uri.UriSchemeHttps || IsHere(uri) || parsed.GetValue(_plaintext)) return true;
        terminal.WriteFault($"the token would cross the network in the clear to {uri}; use https, or --plaintext where the network is trusted");
        return false;
    }

    private static bool IsHere(Uri uri) => uri.IsLoopback || (IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static string First(string file) => File.ReadLines(file).FirstOrDefault("").Trim();

    private static string DefaultState() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "TrafficDispatch", "state");
}
