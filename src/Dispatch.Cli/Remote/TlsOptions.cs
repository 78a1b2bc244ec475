using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrafficDispatch.Cli.Remote;

/// <summary>The options that say whom to trust, and who the caller is, over TLS.</summary>
internal sealed class TlsOptions
{
    private readonly Option<string?> _ca = new("--ca") { Description = "PEM file of the authorities to trust, in place of the system's", HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--cert") { Description = "PEM file of the certificate to show", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "PEM file of its private key, where the certificate's file does not hold it", HelpName = "FILE" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_ca, _certificate, _key]) command.Add(option);
    }

    /// <summary>Makes the way to a service.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="uri">Where it is.</param>
    /// <param name="terminal">Where faults are written.</param>
    /// <param name="handler">The way; the caller disposes it. Null after a fault is written.</param>
    public bool TryMake(ParseResult parsed, Uri uri, Terminal terminal, [NotNullWhen(true)] out SocketsHttpHandler? handler)
    {
        handler = null;
        (string? ca, string? certificate, string? key) = (parsed.GetValue(_ca), parsed.GetValue(_certificate), parsed.GetValue(_key));
        if (key is not null && certificate is null) return Refuse(terminal, "--key needs --cert beside it");
        if (uri.Scheme != Uri.UriSchemeHttps && (ca ?? certificate) is not null) return Refuse(terminal, $"--ca and --cert need an https address; it is '{uri}'");
        SslClientAuthenticationOptions tls = new();
        if (ca is not null && !TryRead(terminal, ca, () => Trust(tls, ca))) return false;
        if (certificate is not null && !TryRead(terminal, key ?? certificate, () => Show(tls, certificate, key))) return false;
        handler = new SocketsHttpHandler
        {
            SslOptions = tls,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            AutomaticDecompression = DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
        return true;
    }

    private static void Trust(SslClientAuthenticationOptions tls, string file)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        if (policy.CustomTrustStore.Count == 0) throw new CryptographicException("it holds no certificate");
        tls.CertificateChainPolicy = policy;
    }

    private static void Show(SslClientAuthenticationOptions tls, string certificate, string? key)
    {
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(certificate);
        using X509Certificate2 leaf = X509Certificate2.CreateFromPemFile(certificate, key ?? certificate);
        // A key that was read from PEM serves TLS on every system only after a turn through PKCS #12.
        X509Certificate2 shown = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
        if (chain.Count > 0) chain.RemoveAt(0);
        tls.ClientCertificateContext = SslStreamCertificateContext.Create(shown, chain, offline: true);
    }

    private static bool TryRead(Terminal terminal, string file, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return Refuse(terminal, $"{file} cannot be used: {e.Message}");
        }
    }

    private static bool Refuse(Terminal terminal, string fault)
    {
        terminal.WriteFault(fault);
        return false;
    }
}
