using System.Net;
using Grpc.Core;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Relays;

/// <summary>
/// Who may report paths, and for which node: with a file of tokens whoever shows one that speaks for the node; whoever has the role of a reporter, as
/// the node of that name; without a file anybody on this machine, or anywhere where the settings say so. Refusals are counted and told once in a
/// while. Thread-safe.
/// </summary>
internal sealed class PathGate(PathSettings settings, CredentialBook book, PathTally tally, TimeProvider time, ILogger<PathGate> logger)
{
    private readonly Occasionally _telling = new(time, TimeSpan.FromSeconds(10));

    /// <summary>Lets a report in.</summary>
    /// <param name="http">The caller's end of the connection and what it shows.</param>
    /// <param name="node">For which node it speaks.</param>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Enter(HttpContext http, string node)
    {
        IPAddress? remote = http.Connection.RemoteIpAddress;
        string? authorization = http.Request.Headers.Authorization;
        Caller caller = book.Identify(remote, authorization, http.Connection.ClientCertificate);
        bool isReporter = caller.Roles.HasFlag(Roles.Reporter);
        if (isReporter && caller.Name == node) return;
        if (settings.Tokens is { } tokens)
        {
            if (!tokens.Current.Knows(authorization) && !isReporter)
                throw Refuse(remote, node, StatusCode.Unauthenticated, "Path reports need the header authorization: Bearer TOKEN, with a token of Paths:TokenFile or of a reporter.");
            if (!tokens.Current.Allows(authorization, node))
                throw Refuse(remote, node, StatusCode.PermissionDenied, $"The token shown is not that of node '{node}': a node speaks for itself alone.");
        }
        else if (!settings.Remote && !PeerNetwork.IsHere(remote))
        {
            throw Refuse(remote, node, StatusCode.PermissionDenied, "Path reports are only taken from this machine; Paths:TokenFile on the server takes them from nodes that show a token.");
        }
    }

    private RpcException Refuse(IPAddress? remote, string node, StatusCode code, string message)
    {
        tally.Refuse(ReportFate.NotAllowed);
        if (_telling.IsDue(out long before)) PathLog.Refused(logger, PeerNetwork.Of(remote), node, message, before);
        return new(new Status(code, message));
    }
}
