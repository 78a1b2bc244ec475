using System.Net;

namespace TrafficDispatch.Service.Access;

/// <summary>What a gate says to a caller.</summary>
internal enum GateAnswer
{
    /// <summary>It may speak.</summary>
    Open,

    /// <summary>It shows nothing that is known.</summary>
    NoCredential,

    /// <summary>What it shows speaks for another.</summary>
    AnotherName,

    /// <summary>Nobody is asked for a token, and it is on another machine.</summary>
    NotHere,
}

/// <summary>
/// Who may report something, and as whom: with a file of tokens whoever shows one that speaks for the name; whoever has the role of a reporter, as the
/// node or vantage of that name; without a file anybody on this machine, or anywhere where the settings say so. Thread-safe.
/// </summary>
/// <param name="tokens">The file; null for none.</param>
/// <param name="remote">True to let callers of other machines in without a token.</param>
/// <param name="book">Who has which role.</param>
/// <param name="time">The clock.</param>
internal sealed class SpeakerGate(WatchedFile<TokenBook>? tokens, bool remote, CredentialBook book, TimeProvider time)
{
    private readonly Occasionally _telling = new(time, TimeSpan.FromSeconds(10));

    /// <summary>Asks for a caller who shows what its call carries.</summary>
    /// <param name="http">The call.</param>
    /// <param name="name">For whom it speaks; null before that is known.</param>
    public GateAnswer Ask(HttpContext http, string? name) => Ask(http, http.Request.Headers.Authorization, name);

    /// <summary>Asks for a caller who shows a token elsewhere than in its header.</summary>
    /// <param name="http">The call.</param>
    /// <param name="authorization">What it shows, as the header would hold it; null for nothing.</param>
    /// <param name="name">For whom it speaks; null before that is known.</param>
    public GateAnswer Ask(HttpContext http, string? authorization, string? name)
    {
        IPAddress? address = http.Connection.RemoteIpAddress;
        Caller caller = book.Identify(address, authorization, http.Connection.ClientCertificate);
        bool isReporter = caller.Roles.HasFlag(Roles.Reporter);
        if (isReporter && (name is null || caller.Name == name)) return GateAnswer.Open;
        if (tokens is null) return remote || PeerNetwork.IsHere(address) ? GateAnswer.Open : GateAnswer.NotHere;
        if (!tokens.Current.Knows(authorization)) return isReporter ? GateAnswer.AnotherName : GateAnswer.NoCredential;
        return name is null || tokens.Current.Allows(authorization, name) ? GateAnswer.Open : GateAnswer.AnotherName;
    }

    /// <summary>True where a refusal should be told; they come as fast as somebody sends them.</summary>
    /// <param name="before">How many were not told since the last that was.</param>
    public bool IsToldNow(out long before) => _telling.IsDue(out before);
}
