using Grpc.Core;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Relays;

/// <summary>Who may report paths, and for which node. Refusals are counted and told once in a while. Thread-safe.</summary>
internal sealed class PathGate(PathSettings settings, CredentialBook book, PathTally tally, TimeProvider time, ILogger<PathGate> logger)
{
    private readonly SpeakerGate _gate = new(settings.Tokens, settings.Remote, book, time);

    /// <summary>Lets a report in.</summary>
    /// <param name="http">The call it came by.</param>
    /// <param name="node">For which node it speaks.</param>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Enter(HttpContext http, string node)
    {
        switch (_gate.Ask(http, node))
        {
            case GateAnswer.NoCredential:
                throw Refuse(http, node, StatusCode.Unauthenticated, "Path reports need the header authorization: Bearer TOKEN, with a token of Paths:TokenFile or of a reporter.");
            case GateAnswer.AnotherName:
                throw Refuse(http, node, StatusCode.PermissionDenied, $"The token shown is not that of node '{node}': a node speaks for itself alone.");
            case GateAnswer.NotHere:
                throw Refuse(http, node, StatusCode.PermissionDenied,
                    "Path reports are only taken from this machine; Paths:TokenFile on the server takes them from nodes that show a token.");
        }
    }

    private RpcException Refuse(HttpContext http, string node, StatusCode code, string message)
    {
        tally.Refuse(ReportFate.NotAllowed);
        if (_gate.IsToldNow(out long before)) PathLog.Refused(logger, PeerNetwork.Of(http.Connection.RemoteIpAddress), node, message, before);
        return new(new Status(code, message));
    }
}
