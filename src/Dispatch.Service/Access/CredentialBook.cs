using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace TrafficDispatch.Service.Access;

/// <summary>All credentials that this process knows: the token of this machine, the file of tokens, the rules for certificates. Thread-safe.</summary>
/// <param name="local">The token under <c>State:Path</c>; null where it is switched off.</param>
/// <param name="tokens">The file of tokens; null where there is none.</param>
/// <param name="certificates">The rules for certificates; null where there are none.</param>
internal sealed class CredentialBook(WatchedFile<TokenBook>? local, WatchedFile<TokenBook>? tokens, WatchedFile<CertificateRules>? certificates)
{
    /// <summary>Files that are looked at while the process runs.</summary>
    public IEnumerable<IWatchedFile> Files => new IWatchedFile?[] { local, tokens, certificates }.OfType<IWatchedFile>();

    /// <summary>True where any credential may report from another machine.</summary>
    public bool HasReporters => tokens?.Current.Roles.HasFlag(Roles.Reporter) == true || certificates?.Current.Roles.HasFlag(Roles.Reporter) == true;

    /// <summary>Who calls. Where a token is shown it alone counts; a client certificate counts where none is.</summary>
    /// <param name="remote">The caller's end of the connection.</param>
    /// <param name="authorization">The header of that name; null where there is none.</param>
    /// <param name="certificate">The client certificate, which TLS has checked; null where there is none.</param>
    /// <returns>Without a name where what is shown is nobody's.</returns>
    public Caller Identify(IPAddress? remote, string? authorization, X509Certificate2? certificate)
    {
        string from = PeerNetwork.Of(remote);
        if (!string.IsNullOrEmpty(authorization))
        {
            // All books are asked, whichever knows it.
            (string Name, Roles Roles)? here = local?.Current.Find(authorization), given = tokens?.Current.Find(authorization);
            return (given ?? here) is { } found ? new(found.Name, found.Roles, "token", from) : new("", Roles.None, "token", from);
        }
        if (certificate is null) return new("", Roles.None, "none", from);
        return certificates?.Current.Find(certificate) is { } known ? new(known.Name, known.Roles, "certificate", from) : new("", Roles.None, "certificate", from);
    }
}
