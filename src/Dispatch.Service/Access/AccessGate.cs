using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;

namespace TrafficDispatch.Service.Access;

/// <summary>Lets calls in by <see cref="RpcRules"/>. Refusals are counted, bounded by network, and told once in a while. Thread-safe.</summary>
internal sealed class AccessGate(CredentialBook book, FailureLimit limit, AccessTally tally, TimeProvider time, ILogger<AccessGate> logger)
{
    private readonly Occasionally _telling = new(time, TimeSpan.FromSeconds(10));

    /// <summary>Raised for a call that was refused, on the thread of the call; how often is for the listener to bound.</summary>
    public event EventHandler<RefusedCall>? Refused;

    /// <summary>Judges a call before anything of it is read.</summary>
    /// <param name="method">Its full name, <c>package.Service/Method</c>.</param>
    /// <param name="http">Its request.</param>
    /// <param name="caller">Who makes it.</param>
    /// <returns><see cref="StatusCode.OK"/>, UNAUTHENTICATED, PERMISSION_DENIED or RESOURCE_EXHAUSTED, with what the caller is told.</returns>
    public Status Judge(string method, HttpContext http, out Caller caller)
    {
        bool isKnown = RpcRules.All.TryGetValue(method, out RpcRule rule);
        if (!rule.OffLoopbackOnly || !PeerNetwork.IsHere(http.Connection.RemoteIpAddress)) return Judge(method, isKnown ? rule.AnyOf : null, http, out caller);
        caller = book.Identify(http.Connection.RemoteIpAddress, http.Request.Headers.Authorization, http.Connection.ClientCertificate);
        return Status.DefaultSuccess;
    }

    /// <summary>Judges a call that is no rpc.</summary>
    /// <param name="method">What the log and the audit call it.</param>
    /// <param name="anyOf">Roles of which one is enough; null lets nobody in.</param>
    /// <param name="http">Its request.</param>
    /// <param name="caller">Who makes it.</param>
    public Status Judge(string method, Roles? anyOf, HttpContext http, out Caller caller)
    {
        IPAddress? remote = http.Connection.RemoteIpAddress;
        string? authorization = http.Request.Headers.Authorization;
        X509Certificate2? certificate = http.Connection.ClientCertificate;
        string from = PeerNetwork.Of(remote);
        // Whoever guesses from elsewhere is not even listened to; on this machine that would let any user keep the operator out.
        if (from != PeerNetwork.Here && limit.IsExhausted(from))
        {
            caller = new("", Roles.None, "none", from);
            return Refuse(method, caller, StatusCode.ResourceExhausted, "Too many wrong credentials came from this network; try again in some seconds.");
        }
        caller = book.Identify(remote, authorization, certificate);
        // A method that nobody gave a rule is nobody's.
        if (anyOf is not { } needed) return Refuse(method, caller, StatusCode.PermissionDenied, "No role may make this call.");
        if ((caller.Roles & needed) != Roles.None) return Status.DefaultSuccess;
        if (caller.Name.Length > 0)
            return Refuse(method, caller, StatusCode.PermissionDenied, string.Create(CultureInfo.InvariantCulture, $"{caller.Name} has the roles {RoleNames.Of(caller.Roles)}; this call needs one of {RoleNames.Of(needed)}."));
        if (limit.Count(from)) return Refuse(method, caller, StatusCode.ResourceExhausted, "Too many wrong credentials came from this network; try again in some seconds.");
        return Refuse(method, caller, StatusCode.Unauthenticated, caller.Credential == "none"
            ? "This call needs the header 'authorization: Bearer TOKEN' or a client certificate; the token of this machine is in admin.token under State:Path."
            : $"The {caller.Credential} shown is not known here.");
    }

    private Status Refuse(string method, Caller caller, StatusCode code, string message)
    {
        tally.Count(code);
        if (_telling.IsDue(out long before)) AccessLog.Refused(logger, method, caller.Name.Length > 0 ? caller.Name : "somebody unknown", caller.From, code.ToString(), before);
        Refused?.Invoke(this, new(method, caller, code));
        return new(code, message);
    }
}

/// <summary>A call that was refused.</summary>
internal sealed class RefusedCall(string method, Caller caller, StatusCode code) : EventArgs
{
    /// <summary>The method's full name.</summary>
    public string Method => method;

    /// <summary>Who made it, as far as that is known.</summary>
    public Caller Caller => caller;

    /// <summary>What it was refused with.</summary>
    public StatusCode Code => code;
}

/// <summary>Calls that were refused, by cause. Thread-safe.</summary>
internal sealed class AccessTally
{
    private long _unknown, _denied, _exhausted;

    /// <summary>Counts one.</summary>
    public void Count(StatusCode code)
    {
        if (code == StatusCode.Unauthenticated) Interlocked.Increment(ref _unknown);
        else if (code == StatusCode.PermissionDenied) Interlocked.Increment(ref _denied);
        else Interlocked.Increment(ref _exhausted);
    }

    /// <summary>The counts by cause.</summary>
    public IEnumerable<(string Cause, long Count)> Counts() =>
        [("unauthenticated", Volatile.Read(ref _unknown)), ("denied", Volatile.Read(ref _denied)), ("exhausted", Volatile.Read(ref _exhausted))];
}
