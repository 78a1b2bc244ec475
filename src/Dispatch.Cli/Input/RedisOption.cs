using System.CommandLine;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Cli.Input;

/// <summary>The options that say where Redis is. A password never stands on the command line, where every user of the machine can read it.</summary>
/// <param name="isRequired">False where a command can do without Redis.</param>
internal sealed class RedisOption(bool isRequired = true)
{
    private readonly Option<string[]> _nodes = new("--redis")
    {
        Description = "A Redis node; repeat it for every node that may become the primary",
        HelpName = "HOST:PORT",
        Required = isRequired,
    };
    private readonly Option<string?> _prefix = new("--prefix") { Description = "Parts the worlds that share a server; 'dispatch' where not given", HelpName = "P" };
    private readonly Option<string?> _password = new("--password-file")
    {
        Description = $"A file whose first line is the password; otherwise the variable {RedisSettings.PasswordVariable}",
        HelpName = "FILE",
    };
    private readonly Option<bool> _tls = new("--tls") { Description = "Speak TLS to Redis, trusting what the system trusts" };
    private readonly Option<string?> _host = new("--tls-host") { Description = "The name that the server's certificate must bear, where it is not the node's", HelpName = "NAME" };
    private readonly Option<string?> _ca = new("--tls-ca") { Description = "PEM certificates that alone may have signed the server's", HelpName = "FILE" };
    private readonly Option<double?> _timeout = NumberOption.Real("--timeout", "SECONDS", "Wait so long for each answer; 5 where not given", aboveZero: true);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_nodes, _prefix, _password, _tls, _host, _ca, _timeout]) command.Add(option);
    }

    /// <summary>True where a node is named.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_nodes) is { Length: > 0 };

    /// <summary>The settings, or null after their faults are written.</summary>
    public RedisSettings? Read(ParseResult parsed, Terminal terminal)
    {
        List<string> faults = [];
        Secret? password = Secret.FromEnvironment(terminal.Variable(RedisSettings.PasswordVariable));
        if (parsed.GetValue(_password) is { } file && !Secret.TryReadFile(file, out password, out string fault)) faults.Add($"--password-file {fault}");
        TimeSpan wait = Seconds.ToTimeSpan(parsed.GetValue(_timeout)) ?? TimeSpan.FromSeconds(5);
        RedisSettings settings = new()
        {
            Endpoints = [.. (parsed.GetValue(_nodes) ?? []).SelectMany(static n => n.Split(',', StringSplitOptions.RemoveEmptyEntries))],
            Prefix = parsed.GetValue(_prefix) ?? "dispatch",
            Password = password,
            Tls = parsed.GetValue(_tls) || parsed.GetValue(_ca) is not null || parsed.GetValue(_host) is not null,
            TlsHost = parsed.GetValue(_host),
            CaFile = parsed.GetValue(_ca),
            CallTimeout = wait,
            ConnectTimeout = wait,
        };
        faults.AddRange(settings.Faults());
        foreach (string found in faults) terminal.WriteFault(found);
        return faults.Count == 0 ? settings : null;
    }
}
