using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Measure;

/// <summary>Who may report: anyone on this machine, and from another one whoever shows the token of reporters or a credential of that role. Thread-safe.</summary>
/// <param name="tokens"><c>Telemetry:TokenFile</c>; null where none is set.</param>
/// <param name="book">All other credentials.</param>
internal sealed class ReporterGate(WatchedFile<TokenBook>? tokens, CredentialBook book)
{
    /// <summary>Lets a call in.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Check(HttpContext http)
    {
        ConnectionInfo connection = http.Connection;
        string? authorization = http.Request.Headers.Authorization;
        if (PeerNetwork.IsHere(connection.LocalIpAddress) && PeerNetwork.IsHere(connection.RemoteIpAddress)) return;
        if (tokens?.Current.Knows(authorization) == true) return;
        Caller caller = book.Identify(connection.RemoteIpAddress, authorization, connection.ClientCertificate);
        if (caller.Roles.HasFlag(Roles.Reporter)) return;
        if (caller.Name.Length > 0) Refuse(StatusCode.PermissionDenied, $"{caller.Name} is no reporter.");
        bool mayAny = tokens is { Current.IsEmpty: false } || book.HasReporters;
        if (!mayAny) Refuse(StatusCode.PermissionDenied, "Reporting from another machine needs Telemetry:TokenFile, or a reporter in Admin:TokenFile, to be set on the server.");
        Refuse(StatusCode.Unauthenticated, "Reporting from another machine needs the header authorization: Bearer TOKEN.");
    }

    [DoesNotReturn]
    private static void Refuse(StatusCode code, string message) => throw new RpcException(new Status(code, message));
}
