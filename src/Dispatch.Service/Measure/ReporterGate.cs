using System.Diagnostics.CodeAnalysis;
using System.Net;
using Grpc.Core;
using TrafficDispatch.Service.Rpc;

namespace TrafficDispatch.Service.Measure;

/// <summary>Who may report: anyone on this machine, and from another one whoever has the token. Thread-safe.</summary>
internal sealed class ReporterGate
{
    private readonly CallerTokens _tokens;

    private ReporterGate(CallerTokens tokens) => _tokens = tokens;

    /// <summary>Reads the token.</summary>
    /// <param name="file">A file whose first line it is; empty for no token: then nobody may report from another machine.</param>
    public static ReporterGate Read(string file) => new(CallerTokens.One(file.Length > 0 ? File.ReadLines(file).FirstOrDefault("").Trim() : ""));

    /// <summary>Lets a call in.</summary>
    /// <param name="local">Our end of the connection; null for a socket that is no IP socket.</param>
    /// <param name="remote">The caller's end.</param>
    /// <param name="authorization">The header of that name; null where there is none.</param>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Check(IPAddress? local, IPAddress? remote, string? authorization)
    {
        if (CallerTokens.IsLocal(local) && CallerTokens.IsLocal(remote)) return;
        if (_tokens.IsEmpty) Refuse(StatusCode.PermissionDenied, "Reporting from another machine needs Telemetry:TokenFile to be set on the server.");
        if (!_tokens.Knows(authorization)) Refuse(StatusCode.Unauthenticated, "Reporting from another machine needs the header authorization: Bearer TOKEN.");
    }

    [DoesNotReturn]
    private static void Refuse(StatusCode code, string message) => throw new RpcException(new Status(code, message));
}
