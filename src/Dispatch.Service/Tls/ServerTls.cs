using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Tls;

/// <summary>
/// TLS of all endpoints: Kestrel's own settings say where certificates lie and whether clients must show one; this makes them follow their files, holds clients
/// to an authority of one's own, and keeps to TLS 1.2 and above. Thread-safe.
/// </summary>
internal sealed class ServerTls
{
    private readonly Dictionary<string, CertificateSource> _sources;
    private readonly WatchedFile<X509Certificate2Collection>? _clientCa;

    /// <summary>Finds the certificates of all endpoints that have one in a file.</summary>
    public ServerTls(IConfiguration configuration, TlsSettings settings, TimeProvider time)
    {
        _clientCa = settings.ClientCa;
        _sources = EndpointDefaults.All.Select(name => (Name: name, Place: PlaceOf(configuration, name))).Where(static e => e.Place is not null)
            .ToDictionary(static e => e.Name, e => new CertificateSource(e.Name, e.Place!, time), StringComparer.Ordinal);
    }

    /// <summary>The certificates that are watched.</summary>
    public IReadOnlyCollection<CertificateSource> Sources => _sources.Values;

    /// <summary>Has an endpoint's connections see the certificate of their moment.</summary>
    public void Apply(string name, EndpointConfiguration endpoint)
    {
        if (!endpoint.IsHttps) return;
        CertificateSource? source = _sources.GetValueOrDefault(name);
        if (endpoint.HttpsOptions.SslProtocols == SslProtocols.None) endpoint.HttpsOptions.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        endpoint.HttpsOptions.OnAuthenticate = (_, tls) => Prepare(source, tls);
    }

    private void Prepare(CertificateSource? source, SslServerAuthenticationOptions tls)
    {
        if (source?.Context is { } context) (tls.ServerCertificateContext, tls.ServerCertificate) = (context, null);
        if (_clientCa is null || !tls.ClientCertificateRequired) return;
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_clientCa.Current);
        tls.CertificateChainPolicy = policy;
    }

    private static CertificatePlace? PlaceOf(IConfiguration configuration, string endpoint)
    {
        if (configuration[EndpointDefaults.UrlKey(endpoint)]?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) != true) return null;
        IConfigurationSection own = configuration.GetSection($"Kestrel:Endpoints:{endpoint}:Certificate");
        // Names by server name have certificates of their own, and Kestrel looks after them.
        if (configuration.GetSection($"Kestrel:Endpoints:{endpoint}:Sni").Exists()) return null;
        IConfigurationSection section = own.Exists() ? own : configuration.GetSection("Kestrel:Certificates:Default");
        return section["Path"] is { Length: > 0 } path ? new(Full(path), section["KeyPath"] is { Length: > 0 } key ? Full(key) : "", section["Password"] ?? "") : null;
    }

    // Where Kestrel looks, too.
    private static string Full(string path) => Path.Combine(AppContext.BaseDirectory, path);
}
