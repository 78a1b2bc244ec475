using System.Net;
using Grpc.Core;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Rpc;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// Who may report probes, and as whom: with a file of tokens whoever shows one, as the vantage that it is for; without one anybody on this machine, or
/// anywhere where the settings say so. Refusals are counted and told once in a while. Thread-safe.
/// </summary>
internal sealed class VantageGate(ProbeSettings settings, ProbeTally tally, TimeProvider time, ILogger<VantageGate> logger)
{
    // Names and tokens that are wrong come as fast as somebody sends them; the log must not.
    private static readonly TimeSpan LeastBetween = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private DateTimeOffset? _toldAt;
    private long _untold;

    /// <summary>Lets a call in, before anything of it is read.</summary>
    /// <param name="remote">The caller's end of the connection; null for a socket that is no IP socket.</param>
    /// <param name="authorization">The header of that name; null where there is none.</param>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Enter(IPAddress? remote, string? authorization)
    {
        if (settings.Tokens is { } tokens)
        {
            if (!tokens.Knows(authorization)) throw Refuse(remote, "", StatusCode.Unauthenticated, "Probes need the header authorization: Bearer TOKEN, with a token of Probes:TokenFile.");
        }
        else if (!settings.Remote && !CallerTokens.IsLocal(remote))
        {
            throw Refuse(remote, "", StatusCode.PermissionDenied, "Probes are only taken from this machine; Probes:TokenFile on the server takes them from vantages that show a token.");
        }
    }

    /// <summary>Lets a caller speak as a vantage.</summary>
    /// <param name="remote">As in <see cref="Enter"/>.</param>
    /// <param name="authorization">As in <see cref="Enter"/>.</param>
    /// <param name="vantage">As whom it reports.</param>
    /// <exception cref="RpcException">PERMISSION_DENIED.</exception>
    public void Speak(IPAddress? remote, string? authorization, string vantage)
    {
        if (settings.Tokens is { } tokens && !tokens.Allows(authorization, vantage))
            throw Refuse(remote, vantage, StatusCode.PermissionDenied, $"The token shown is not that of vantage '{vantage}': a vantage speaks for itself alone.");
    }

    private RpcException Refuse(IPAddress? remote, string vantage, StatusCode code, string message)
    {
        tally.CountRefused();
        if (TryTell(out long before)) HealthLog.VantageRefused(logger, remote?.ToString() ?? "this machine", vantage, message, before);
        return new(new Status(code, message));
    }

    private bool TryTell(out long before)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            before = _untold;
            // A clock that falls back must not silence the log.
            if (_toldAt is { } last && now - last < LeastBetween && now >= last)
            {
                _untold++;
                return false;
            }
            (_toldAt, _untold) = (now, 0);
            return true;
        }
    }
}
