using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TrafficDispatch.State.Redis;

/// <summary>
/// Reads the one-line form of the settings: endpoints and options between commas, for instance
/// <c>10.0.0.1:6379,10.0.0.2:6379,tls=true,caFile=/etc/dispatch/redis-ca.pem,passwordFile=/run/secrets/redis</c>.
/// </summary>
public static class RedisConfiguration
{
    private const string Options = "passwordFile, tls, tlsHost, caFile, sentinel, callTimeout, connectTimeout";

    /// <summary>Reads the line.</summary>
    /// <param name="text">The line. A password in it is refused: lines like this end up in logs, histories and lists of processes.</param>
    /// <param name="prefix">The prefix; null for the default.</param>
    /// <param name="environmentPassword">The value of <see cref="RedisSettings.PasswordVariable"/>; used where no file is named.</param>
    /// <param name="settings">The settings; null where there is a fault.</param>
    /// <param name="faults">Every rule that is broken; never holds a secret.</param>
    public static bool TryParse(
        string text, string? prefix, string? environmentPassword, [NotNullWhen(true)] out RedisSettings? settings, out ImmutableArray<string> faults)
    {
        List<string> found = [];
        RedisSettings read = new() { Endpoints = [], Prefix = prefix ?? "dispatch", Password = Secret.FromEnvironment(environmentPassword) };
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            read = equals < 0
                ? read with { Endpoints = read.Endpoints.Add(WithPort(part)) }
                : With(read, part[..equals].Trim().ToUpperInvariant(), part[(equals + 1)..].Trim(), found);
        }
        found.AddRange(read.Faults());
        faults = [.. found];
        settings = found.Count == 0 ? read : null;
        return settings is not null;
    }

    private static RedisSettings With(RedisSettings read, string option, string value, List<string> faults)
    {
        switch (option)
        {
            case "PASSWORDFILE":
                if (Secret.TryReadFile(value, out Secret? password, out string fault)) return read with { Password = password };
                faults.Add($"passwordFile {fault}");
                return read;
            case "TLS":
                if (bool.TryParse(value, out bool tls)) return read with { Tls = tls };
                faults.Add($"tls is '{value}'; it must be true or false");
                return read;
            case "TLSHOST":
                return read with { TlsHost = value };
            case "CAFILE":
                return read with { CaFile = value };
            case "SENTINEL":
                return read with { Sentinels = read.Sentinels.Add(value) };
            case "CALLTIMEOUT":
                return read with { CallTimeout = Milliseconds("callTimeout", value, faults) };
            case "CONNECTTIMEOUT":
                return read with { ConnectTimeout = Milliseconds("connectTimeout", value, faults) };
            case "PASSWORD" or "USER":
                faults.Add(option == "USER"
                    ? "user must be absent: the client library knows no user names; give the user 'default' the rights and a password"
                    : $"password must not stand here: name a file as passwordFile=PATH, or set {RedisSettings.PasswordVariable}");
                return read;
            default:
                // What stands behind an unknown name may be a secret all the same.
                faults.Add($"there is no option '{option.ToLowerInvariant()}'; there are {Options}");
                return read;
        }
    }

    private static TimeSpan Milliseconds(string name, string value, List<string> faults)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int ms)) return TimeSpan.FromMilliseconds(ms);
        faults.Add($"{name} is '{value}'; it must be whole milliseconds");
        return TimeSpan.FromSeconds(5);
    }

    private static string WithPort(string endpoint)
    {
        bool hasPort = endpoint.LastIndexOf(':') > endpoint.LastIndexOf(']') && (endpoint.Count(static c => c == ':') == 1 || endpoint[0] == '[');
        return hasPort ? endpoint : string.Create(CultureInfo.InvariantCulture, $"{endpoint}:{RedisSettings.DefaultPort}");
    }
}
