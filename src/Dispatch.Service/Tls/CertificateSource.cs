using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Tls;

/// <summary>Where an endpoint's certificate lies, as Kestrel's own settings say.</summary>
/// <param name="Path">PEM (the certificate, then those that signed it) or PFX.</param>
/// <param name="KeyPath">PEM of the private key; empty where <paramref name="Path"/> holds it.</param>
/// <param name="Password">Of the key, or of the PFX; empty for none.</param>
internal sealed record CertificatePlace(string Path, string KeyPath, string Password)
{
    /// <summary>Without the password, which must never be shown.</summary>
    public override string ToString() => KeyPath.Length > 0 ? $"{Path} with {KeyPath}" : Path;
}

/// <summary>
/// The certificate of an endpoint, read again when its files change: new connections see the new one, those that stand go on. Files that cannot be used,
/// or that do not fit together, as in the middle of a change, leave the last one in force. Reading is lock-free.
/// </summary>
internal sealed class CertificateSource : IWatchedFile
{
    private const int MostBytes = 1 << 20;

    private readonly CertificatePlace _place;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private byte[] _seen = [], _told = [];
    private Loaded? _current;

    /// <summary>Reads the certificate for the first time; where that fails Kestrel says why.</summary>
    public CertificateSource(string endpoint, CertificatePlace place, TimeProvider time)
    {
        (Endpoint, _place, _time) = (endpoint, place, time);
        Look();
    }

    /// <summary>Whose certificate it is.</summary>
    public string Endpoint { get; }

    /// <inheritdoc/>
    public string Path => _place.ToString();

    /// <summary>The file that holds the private key.</summary>
    public string SecretPath => _place.KeyPath.Length > 0 ? _place.KeyPath : _place.Path;

    /// <summary>The certificate with those that signed it; null before one could be read.</summary>
    public SslStreamCertificateContext? Context => Volatile.Read(ref _current)?.Context;

    /// <summary>When it ends; null before one could be read.</summary>
    public DateTimeOffset? EndsAt => Volatile.Read(ref _current)?.EndsAt;

    /// <inheritdoc/>
    public FileNews? Look()
    {
        lock (_gate)
        {
            try
            {
                (byte[] certificate, byte[] key) = (Read(_place.Path), _place.KeyPath.Length > 0 ? Read(_place.KeyPath) : []);
                byte[] hash = SHA256.HashData([.. SHA256.HashData(certificate), .. key]);
                if (hash.AsSpan().SequenceEqual(_seen)) return null;
                _seen = hash;
                Volatile.Write(ref _current, Load(certificate, key));
                _told = [];
                return new([]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                byte[] told = SHA256.HashData(Encoding.UTF8.GetBytes(e.Message));
                bool isNews = !told.AsSpan().SequenceEqual(_told);
                _told = told;
                return isNews ? new([e.Message]) : null;
            }
        }
    }

    private Loaded Load(byte[] certificate, byte[] key)
    {
        X509Certificate2Collection chain = [];
        X509Certificate2 leaf = certificate.AsSpan().StartsWith("-----BEGIN"u8) || _place.KeyPath.Length > 0 ? FromPem(certificate, key, chain) : FromPfx(certificate, chain);
        if (!leaf.HasPrivateKey) throw new CryptographicException("it holds no private key.");
        DateTimeOffset end = new(leaf.NotAfter.ToUniversalTime());
        if (end <= _time.GetUtcNow()) throw new CryptographicException(string.Create(CultureInfo.InvariantCulture, $"it ended at {end:u}."));
        return new(SslStreamCertificateContext.Create(leaf, chain, offline: true), end);
    }

    private X509Certificate2 FromPem(byte[] certificate, byte[] key, X509Certificate2Collection chain)
    {
        string text = Encoding.ASCII.GetString(certificate), secret = key.Length > 0 ? Encoding.ASCII.GetString(key) : text;
        chain.ImportFromPem(text);
        // The first is the endpoint's own, the others signed it.
        if (chain.Count > 0) chain.RemoveAt(0);
        return _place.Password.Length > 0 ? X509Certificate2.CreateFromEncryptedPem(text, secret, _place.Password) : X509Certificate2.CreateFromPem(text, secret);
    }

    private X509Certificate2 FromPfx(byte[] certificate, X509Certificate2Collection chain)
    {
        X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12Collection(certificate, _place.Password);
        X509Certificate2? leaf = all.FirstOrDefault(static c => c.HasPrivateKey);
        foreach (X509Certificate2 signer in all.Where(c => !ReferenceEquals(c, leaf))) chain.Add(signer);
        return leaf ?? throw new CryptographicException("it holds no private key.");
    }

    private static byte[] Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > MostBytes) throw new IOException($"'{path}' has more than {MostBytes} bytes.");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private sealed record Loaded(SslStreamCertificateContext Context, DateTimeOffset EndsAt);
}
