using System.Net;
using Grpc.Core;
using TrafficDispatch.Service.Rpc;

namespace TrafficDispatch.Service.Relays;

/// <summary>
/// Who may report paths, and for which node: with a file of tokens whoever shows one that speaks for the node; without one anybody on this machine, or
/// anywhere where the settings say so. Refusals are counted and told once in a while. Thread-safe.
/// </summary>
internal sealed class PathGate(PathSettings settings, PathTally tally, TimeProvider time, ILogger<PathGate> logger)
{
    private readonly SeldomTold _told = new(time);

    /// <summary>Lets a report in.</summary>
    /// <param name="remote">The caller's end of the connection; null for a socket that is no IP socket.</param>
    /// <param name="authorization">The header of that name; null where there is none.</param>
    /// <param name="node">For which node it speaks.</param>
    /// <exception cref="RpcException">PERMISSION_DENIED or UNAUTHENTICATED.</exception>
    public void Enter(IPAddress? remote, string? authorization, string node)
    {
        if (settings.Tokens is { } tokens)
        {
            if (!tokens.Knows(authorization)) throw Refuse(remote, node, StatusCode.Unauthenticated, "Path reports need the header authorization: Bearer TOKEN, with a token of Paths:TokenFile.");
            if (!tokens.Allows(authorization, node)) throw Refuse(remote, node, StatusCode.PermissionDenied, $"The token shown is not that of node '{node}': a node speaks for itself alone.");
        }
        else if (!settings.Remote && !CallerTokens.IsLocal(remote))
        {
            throw Refuse(remote, node, StatusCode.PermissionDenied, "Path reports are only taken from this machine; Paths:TokenFile on the server takes them from nodes that show a token.");
        }
    }

    private RpcException Refuse(IPAddress? remote, string node, StatusCode code, string message)
    {
        tally.Refuse(ReportFate.NotAllowed);
        if (_told.TryTell(out long before)) PathLog.Refused(logger, remote?.ToString() ?? "this machine", node, message, before);
        return new(new Status(code, message));
    }
}

/// <summary>Lets one line in ten seconds into the log and counts the others: what is wrong comes as fast as somebody sends it. Thread-safe.</summary>
internal sealed class SeldomTold(TimeProvider time)
{
    private static readonly TimeSpan LeastBetween = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private DateTimeOffset? _toldAt;
    private long _untold;

    /// <summary>True where a line may be written now.</summary>
    /// <param name="before">How many were not since the last one.</param>
    public bool TryTell(out long before)
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
