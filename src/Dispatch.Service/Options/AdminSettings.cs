using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Options;

/// <summary>Who may change what, and how that is kept. Immutable.</summary>
public sealed record AdminSettings
{
    /// <summary>True (default) to write a token under <c>State:Path</c> at the first start, for the command line on the same machine.</summary>
    public bool LocalToken { get; init; } = true;

    /// <summary>True to let the Admin endpoint listen beyond this machine without TLS; false (default) to refuse that at the start.</summary>
    public bool Plaintext { get; init; }

    /// <summary>Megabytes of an audit file before another one is begun, 1 to 1,000; default 16. Five stay.</summary>
    public int AuditMegabytes { get; init; } = 16;

    /// <summary>Tokens and their roles; null (default) for that of this machine alone.</summary>
    internal WatchedFile<TokenBook>? Tokens { get; init; }

    /// <summary>Client certificates and their roles; null (default) for none.</summary>
    internal WatchedFile<CertificateRules>? Certificates { get; init; }
}
