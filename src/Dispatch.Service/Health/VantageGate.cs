using System.Net;
using Grpc.Core;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// Who may report probes, and as whom: with a file of tokens whoever shows one, as the vantage that it is for; whoever has the role of a reporter, as
/// the vantage of that name; without a file anybody on this machine, or anywhere where the settings say so. Refusals are counted and told once in a
/// while. Thread-safe.
/// </summary>
internal sealed class VantageGate(ProbeSettings settings, CredentialBook book, ProbeTally tally, TimeProvider time, ILogger<VantageGate> logger)
{
    private readonly Occasionally _telling = new(time, TimeSpan.FromSeconds(10));

    /// <summary>Lets a call in, before anything of it is read.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Enter(HttpContext http)
    {
        IPAddress? remote = http.Connection.RemoteIpAddress;
        if (settings.Tokens is { } tokens)
        {
            if (!tokens.Current.Knows(http.Request.Headers.Authorization) && !IsReporter(http))
                throw Refuse(remote, "", StatusCode.Unauthenticated, "Probes need the header authorization: Bearer TOKEN, with a token of Probes:TokenFile or of a reporter.");
        }
        else if (!settings.Remote && !PeerNetwork.IsHere(remote) && !IsReporter(http))
        {
            throw Refuse(remote, "", StatusCode.PermissionDenied, "Probes are only taken from this machine; Probes:TokenFile on the server takes them from vantages that show a token.");
        }
    }

    /// <summary>Lets a caller speak as a vantage.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED.</exception>
    public void Speak(HttpContext http, string vantage)
    {
        IPAddress? remote = http.Connection.RemoteIpAddress;
        bool isOpen = settings.Tokens is null && (settings.Remote || PeerNetwork.IsHere(remote));
        if (isOpen || settings.Tokens?.Current.Allows(http.Request.Headers.Authorization, vantage) == true || Reporter(http) == vantage) return;
        throw Refuse(remote, vantage, StatusCode.PermissionDenied, $"The token shown is not that of vantage '{vantage}': a vantage speaks for itself alone.");
    }

    private bool IsReporter(HttpContext http) => Reporter(http).Length > 0;

    private string Reporter(HttpContext http)
    {
        Caller caller = book.Identify(http.Connection.RemoteIpAddress, http.Request.Headers.Authorization, http.Connection.ClientCertificate);
        return caller.Roles.HasFlag(Roles.Reporter) ? caller.Name : "";
    }

    private RpcException Refuse(IPAddress? remote, string vantage, StatusCode code, string message)
    {
        tally.CountRefused();
        if (_telling.IsDue(out long before)) HealthLog.VantageRefused(logger, PeerNetwork.Of(remote), vantage, message, before);
        return new(new Status(code, message));
    }
}
