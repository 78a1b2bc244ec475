using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;

namespace TrafficDispatch.Service.Measure;

/// <summary>Who may report: anyone on this machine, and from another one whoever has the token. Thread-safe.</summary>
internal sealed class ReporterGate
{
    private const string Scheme = "Bearer ";

    // Hashes of equal length: the comparison takes the same time whatever is sent.
    private readonly byte[]? _token;

    private ReporterGate(byte[]? token) => _token = token;

    /// <summary>Reads the token.</summary>
    /// <param name="file">A file whose first line it is; empty for no token: then nobody may report from another machine.</param>
    public static ReporterGate Read(string file)
    {
        string token = file.Length > 0 ? File.ReadLines(file).FirstOrDefault("").Trim() : "";
        return new(token.Length > 0 ? Hash(token) : null);
    }

    /// <summary>Lets a call in.</summary>
    /// <param name="local">Our end of the connection; null for a socket that is no IP socket.</param>
    /// <param name="remote">The caller's end.</param>
    /// <param name="authorization">The header of that name; null where there is none.</param>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Check(IPAddress? local, IPAddress? remote, string? authorization)
    {
        if (IsLoopback(local) && IsLoopback(remote)) return;
        if (_token is null) Refuse(StatusCode.PermissionDenied, "Reporting from another machine needs Telemetry:TokenFile to be set on the server.");
        string given = authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true ? authorization[Scheme.Length..].Trim() : "";
        if (!CryptographicOperations.FixedTimeEquals(Hash(given), _token))
            Refuse(StatusCode.Unauthenticated, "Reporting from another machine needs the header authorization: Bearer TOKEN.");
    }

    private static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    [DoesNotReturn]
    private static void Refuse(StatusCode code, string message) => throw new RpcException(new Status(code, message));
}
