using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrafficDispatch.Service.Tests.Tls;

/// <summary>An authority of its own and the certificates that it signs, as PEM files in a folder that goes away with the test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dispatch-tls-");

    public TestAuthority()
    {
        CertificateRequest request = new("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(30));
        File.WriteAllText(CaFile, _root.ExportCertificatePem());
    }

    public string CaFile => PathOf("ca.pem");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes <c>NAME.pem</c> and <c>NAME.key</c>.</summary>
    /// <returns>The thumbprint.</returns>
    public string Server(string name) => Write(name, "CN=localhost", static names =>
    {
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
    });

    /// <summary>The same for a client.</summary>
    public string Client(string name, string subject, Action<SubjectAlternativeNameBuilder>? names = null) => Write(name, subject, names);

    /// <summary>The certificate in a PFX file.</summary>
    public string Pfx(string name, string password)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(PathOf(name + ".pem"), PathOf(name + ".key"));
        File.WriteAllBytes(PathOf(name + ".pfx"), certificate.Export(X509ContentType.Pkcs12, password));
        return PathOf(name + ".pfx");
    }

    /// <summary>A certificate as a client shows it.</summary>
    public X509Certificate2 Load(string name)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(PathOf(name + ".pem"), PathOf(name + ".key"));
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A way to a server that this authority vouches for, with a certificate of one's own where one is named.</summary>
    public SocketsHttpHandler Handler(string? client, Action<string> seen)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_root);
        SocketsHttpHandler handler = new() { SslOptions = { CertificateChainPolicy = policy } };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            seen(certificate!.GetCertHashString());
            return errors == System.Net.Security.SslPolicyErrors.None;
        };
        if (client is not null) handler.SslOptions.ClientCertificates = [Load(client)];
        return handler;
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Write(string name, string subject, Action<SubjectAlternativeNameBuilder>? addNames)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        if (addNames is not null)
        {
            SubjectAlternativeNameBuilder names = new();
            addNames(names);
            request.CertificateExtensions.Add(names.Build());
        }
        using X509Certificate2 signed = request.Create(_root, Now.AddDays(-1), Now.AddDays(20), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(PathOf(name + ".pem"), signed.ExportCertificatePem());
        File.WriteAllText(PathOf(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PathOf(name + ".key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return signed.GetCertHashString();
    }
}
