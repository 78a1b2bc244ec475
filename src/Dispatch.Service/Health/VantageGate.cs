using Grpc.Core;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Health;

/// <summary>Who may report probes, and as which vantage. Refusals are counted and told once in a while. Thread-safe.</summary>
internal sealed class VantageGate(ProbeSettings settings, CredentialBook book, ProbeTally tally, TimeProvider time, ILogger<VantageGate> logger)
{
    private readonly SpeakerGate _gate = new(settings.Tokens, settings.Remote, book, time);

    /// <summary>Lets a call in, before anything of it is read.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Enter(HttpContext http) => Check(http, null);

    /// <summary>Lets a caller speak as a vantage.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Speak(HttpContext http, string vantage) => Check(http, vantage);

    private void Check(HttpContext http, string? vantage)
    {
        switch (_gate.Ask(http, vantage))
        {
            case GateAnswer.NoCredential:
                throw Refuse(http, vantage, StatusCode.Unauthenticated, "Probes need the header authorization: Bearer TOKEN, with a token of Probes:TokenFile or of a reporter.");
            case GateAnswer.AnotherName:
                throw Refuse(http, vantage, StatusCode.PermissionDenied, $"The token shown is not that of vantage '{vantage}': a vantage speaks for itself alone.");
            case GateAnswer.NotHere:
                throw Refuse(http, vantage, StatusCode.PermissionDenied,
                    "Probes are only taken from this machine; Probes:TokenFile on the server takes them from vantages that show a token.");
        }
    }

    private RpcException Refuse(HttpContext http, string? vantage, StatusCode code, string message)
    {
        tally.CountRefused();
        if (_gate.IsToldNow(out long before)) HealthLog.VantageRefused(logger, PeerNetwork.Of(http.Connection.RemoteIpAddress), vantage ?? "", message, before);
        return new(new Status(code, message));
    }
}
