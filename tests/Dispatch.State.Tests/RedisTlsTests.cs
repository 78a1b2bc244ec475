using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

/// <summary>TLS with a root of our own, against Redis with TLS on.</summary>
public sealed class RedisTlsTests : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), Until = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("dispatch-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, "localhost", true)]
    [InlineData(false, "localhost", false)]
    [InlineData(true, "other.example.net", false)]
    public async Task Call_OverTls_WorksOnlyWithTheRightRootAndName(bool rightRoot, string certificateName, bool works)
    {
        using X509Certificate2 root = Root("CN=ours"), stranger = Root("CN=ours");
        using X509Certificate2 server = Leaf(root, certificateName);
        (string ca, string certificate, string key) = (Save("ca.pem", (rightRoot ? root : stranger).ExportCertificatePem()), Save("s.pem", server.ExportCertificatePem()),
            Save("s.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
        int port = RedisServer.FreePort();
        await using RedisServer redis = await RedisServer.StartAsync(RedisServer.FreePort(),
            "--tls-port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--tls-cert-file", certificate, "--tls-key-file", key,
            "--tls-ca-cert-file", Save("root.pem", root.ExportCertificatePem()), "--tls-auth-clients", "no");
        RedisSettings settings = redis.Settings with { Endpoints = [$"127.0.0.1:{port}"], Tls = true, TlsHost = "localhost", CaFile = ca, ConnectTimeout = TimeSpan.FromSeconds(3) };
        await using RedisState state = await RedisState.OpenAsync(settings, 3, TimeProvider.System, default);
        if (works) Assert.Equal(1, await state.Streams.PutAsync(new("s", "og", 1), default));
        else await Assert.ThrowsAsync<StoreUnavailableException>(() => state.Streams.PutAsync(new("s", "og", 1), default));
    }

    [Fact]
    public async Task Open_CaFileHoldsNoCertificate_IsRefused()
    {
        RedisSettings settings = new() { Endpoints = ["127.0.0.1:1"], Tls = true, CaFile = Save("none.pem", "nothing") };
        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => RedisState.OpenAsync(settings, 3, TimeProvider.System, default));
        Assert.Contains("none.pem", failure.Message, StringComparison.Ordinal);
    }

    private static X509Certificate2 Root(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(From, Until);
    }

    private static X509Certificate2 Leaf(X509Certificate2 root, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=redis", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        if (name == "localhost") names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 bare = request.Create(root, From, Until, [1, 2, 3, 4]);
        return bare.CopyWithPrivateKey(key);
    }

    private string Save(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
