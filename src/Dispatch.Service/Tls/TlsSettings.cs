using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Tls;

/// <summary>Whose client certificates are believed. Immutable.</summary>
public sealed record TlsSettings
{
    /// <summary>Authorities that must have signed client certificates; null (default) for those that the system trusts.</summary>
    internal WatchedFile<X509Certificate2Collection>? ClientCa { get; init; }

    /// <summary>Reads a PEM file of authorities.</summary>
    internal static X509Certificate2Collection ParseAuthorities(byte[] text, out ImmutableArray<string> faults)
    {
        X509Certificate2Collection read = [];
        faults = [];
        try
        {
            read.ImportFromPem(Encoding.ASCII.GetString(text));
            if (read.Count == 0) faults = ["must hold at least one certificate in PEM form"];
        }
        catch (CryptographicException e)
        {
            faults = [$"must hold certificates in PEM form: {e.Message}"];
        }
        return read;
    }
}
