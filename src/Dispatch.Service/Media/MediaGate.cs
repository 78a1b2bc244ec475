using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Media;

/// <summary>
/// Whom hooks are taken from. SRS can sign nothing and sends the address it was given, so that the token stands there, or in the header
/// <c>authorization</c>; it is never logged. Thread-safe.
/// </summary>
internal sealed class MediaGate(MediaSettings settings, CredentialBook book, TimeProvider time, ILogger<MediaGate> logger)
{
    private readonly SpeakerGate _gate = new(settings.Tokens, settings.Remote, book, time);

    /// <summary>True where the caller may speak for the node; else why not.</summary>
    public bool Lets(HttpContext context, string node, out string why)
    {
        string shown = context.Request.RouteValues["token"] as string ?? (string?)context.Request.Query["token"] ?? "";
        string? authorization = shown.Length > 0 ? "Bearer " + shown : (string?)context.Request.Headers.Authorization;
        why = _gate.Ask(context, authorization, node) switch
        {
            GateAnswer.NoCredential => "a token of Media:TokenFile is needed: ?token=TOKEN in the hook's address",
            GateAnswer.AnotherName => $"the token shown is not that of node '{node}'",
            GateAnswer.NotHere => "hooks are only taken from this machine; Media:TokenFile on the server takes them from media servers that show a token",
            _ => "",
        };
        if (why.Length > 0 && _gate.IsToldNow(out long before)) MediaLog.Refused(logger, PeerNetwork.Of(context.Connection.RemoteIpAddress), why, before);
        return why.Length == 0;
    }
}
