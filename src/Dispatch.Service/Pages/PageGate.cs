using System.Net;
using Grpc.Core;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Pages;

/// <summary>Who looks at the page.</summary>
/// <param name="Name">The name of the credential shown; empty for none.</param>
/// <param name="SeesAll">True with costs, prices and explanations.</param>
/// <param name="IsHere">True on this machine.</param>
internal sealed record Visitor(string Name, bool SeesAll, bool IsHere);

/// <summary>
/// Decides how much of the page somebody sees: all of it on this machine, elsewhere only with the role of a viewer, operator or publisher. What shows no credential
/// sees the rest; what shows a wrong one is refused and bounded like calls of the admin plane. Thread-safe.
/// </summary>
/// <remarks>
/// A connection from this machine is no proof by itself. It may be a proxy's, which says so in its headers; or that of a browser which a foreign page has sent here, under a
/// name that the foreign page's owner points at this machine (DNS rebinding). Neither counts as this machine.
/// </remarks>
internal sealed class PageGate(AccessGate gate, CredentialBook book, PageSettings settings)
{
    private const Roles Looks = Roles.Viewer | Roles.Operator | Roles.Publisher;
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Judges a visitor.</summary>
    /// <param name="what">What is looked at, for the log.</param>
    /// <param name="http">The request.</param>
    /// <param name="visitor">Who it is; only to be used where the status is OK.</param>
    /// <returns>OK, UNAUTHENTICATED, PERMISSION_DENIED or RESOURCE_EXHAUSTED with what the visitor is told.</returns>
    public Status Judge(string what, HttpContext http, out Visitor visitor)
    {
        bool here = IsHere(http), open = here && settings.OpenHere;
        visitor = new("", open, here);
        if (!string.IsNullOrEmpty(http.Request.Headers.Authorization))
        {
            Status status = gate.Judge(what, Looks, http, out Caller caller);
            visitor = new(caller.Name, status.StatusCode == StatusCode.OK, here);
            return status;
        }
        // A certificate that stands for nobody here is no wrong credential: browsers show what they have.
        if (http.Connection.ClientCertificate is { } certificate && book.Identify(http.Connection.RemoteIpAddress, null, certificate) is { Name.Length: > 0 } known)
            visitor = new(known.Name, open || (known.Roles & Looks) != Roles.None, here);
        return Status.DefaultSuccess;
    }

    /// <summary>The HTTP status of a refusal.</summary>
    public static int HttpStatusOf(StatusCode code) => code switch
    {
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status401Unauthorized,
    };

    private static bool IsHere(HttpContext http) =>
        PeerNetwork.IsHere(http.Connection.RemoteIpAddress) && IsNameOfHere(http.Request.Host.Host) && !IsForeign(http.Request.Headers)
        && !Array.Exists(ProxyHeaders, http.Request.Headers.ContainsKey);

    private static bool IsNameOfHere(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    // What a page of another origin has its browser fetch.
    private static bool IsForeign(IHeaderDictionary headers) => headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
}
