using System.Collections.Immutable;

namespace TrafficDispatch.State.Redis;

/// <summary>Where Redis is and how to speak to it. Immutable; its text form shows no secret.</summary>
public sealed record RedisSettings
{
    /// <summary>The port where none is given.</summary>
    public const int DefaultPort = 6379;

    /// <summary>The environment variable that holds the password where no file does.</summary>
    public const string PasswordVariable = "DISPATCH_REDIS_PASSWORD";

    /// <summary>
    /// <c>host:port</c> of the data nodes, at least one. With Sentinel or without, name every node that may become the primary; of a Cluster
    /// a few suffice.
    /// </summary>
    public required ImmutableArray<string> Endpoints { get; init; }

    /// <summary>Parts the worlds that share a server; 1 to 64 of letters, digits, <c>.</c>, <c>_</c> and <c>-</c>. Default <c>dispatch</c>.</summary>
    public string Prefix { get; init; } = "dispatch";

    /// <summary>The password of the user <c>default</c>; null for none.</summary>
    public Secret? Password { get; init; }

    /// <summary>True to speak TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>The name that the server's certificate must bear; null for the endpoint's host.</summary>
    public string? TlsHost { get; init; }

    /// <summary>A file of PEM certificates that alone are trusted to sign the server's; null for those the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary><c>host:port</c> of Sentinels to hear a failover from at once; may be empty.</summary>
    public ImmutableArray<string> Sentinels { get; init; } = [];

    /// <summary>How long one call may take, 10 ms to 10 minutes; default 5 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may take to be made, 10 ms to 10 minutes; default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Every rule that the settings break, a line each; empty where they can be used.</summary>
    public ImmutableArray<string> Faults()
    {
        List<string> faults = [];
        if (Endpoints.IsDefaultOrEmpty) faults.Add("at least one endpoint must be given, for instance 127.0.0.1:6379");
        else faults.AddRange(Endpoints.Concat(Sentinels).Where(static e => !IsEndpoint(e)).Select(static e => $"'{e}' must be host:port"));
        bool isPrefix = Prefix.Length is >= 1 and <= 64 && Prefix.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
        if (!isPrefix) faults.Add($"the prefix '{Prefix}' must be 1 to 64 letters, digits, dots, underscores and hyphens");
        if (!Tls && (TlsHost is not null || CaFile is not null)) faults.Add("a TLS host or CA file needs TLS to be on");
        if (CaFile is not null && !File.Exists(CaFile)) faults.Add($"the CA file '{CaFile}' is not there");
        foreach ((string name, TimeSpan time) in new[] { ("call", CallTimeout), ("connect", ConnectTimeout) })
            if (time < TimeSpan.FromMilliseconds(10) || time > TimeSpan.FromMinutes(10)) faults.Add($"the {name} timeout {time} must be from 10 ms to 10 minutes");
        return [.. faults];
    }

    /// <summary>True for a host name or address with a port from 1 to 65535 behind a colon; an IPv6 address stands in brackets.</summary>
    private static bool IsEndpoint(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out ushort port) || port == 0) return false;
        string host = text[..colon];
        return Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown && !host.Contains(',', StringComparison.Ordinal);
    }
}
