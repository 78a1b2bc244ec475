using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrafficDispatch.State.Redis;

/// <summary>Accepts a server whose certificate leads to one of the given roots and bears the right name. Thread-safe.</summary>
internal sealed class RedisTrust
{
    private readonly X509Certificate2Collection _roots;

    private RedisTrust(X509Certificate2Collection roots) => _roots = roots;

    /// <summary>Reads a file of PEM certificates.</summary>
    /// <exception cref="StoreUnavailableException">There is none in it.</exception>
    public static RedisTrust Load(string path)
    {
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(StoreTrouble.Denied, $"The CA file '{path}' cannot be used: {e.Message}", e);
        }
        return roots.Count > 0
            ? new(roots)
            : throw new StoreUnavailableException(StoreTrouble.Denied, $"The CA file '{path}' holds no PEM certificate.");
    }

    /// <summary>The callback of the TLS layer. A wrong name or a missing certificate is never made good by a root.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
        using X509Chain ours = new();
        ours.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        ours.ChainPolicy.CustomTrustStore.AddRange(_roots);
        ours.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain is not null) foreach (X509ChainElement element in chain.ChainElements) ours.ChainPolicy.ExtraStore.Add(element.Certificate);
        using X509Certificate2 server = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return ours.Build(server);
    }
}
