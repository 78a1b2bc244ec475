using TrafficDispatch.Service.Relays;
using TrafficDispatch.Service.Rpc;

namespace TrafficDispatch.Service.Media;

/// <summary>
/// Whom hooks are taken from: with a file of tokens whoever shows one that speaks for its node, in the address or in the header <c>authorization</c>; without
/// one anybody on this machine, or anywhere where the settings say so. SRS can sign nothing and sends the address it was given, so that the token stands there;
/// it is never logged. Thread-safe.
/// </summary>
internal sealed class MediaGate(MediaSettings settings, TimeProvider time, ILogger<MediaGate> logger)
{
    private readonly SeldomTold _told = new(time);

    /// <summary>True where the caller may speak for the node; else why not.</summary>
    public bool Lets(HttpContext context, string node, out string why)
    {
        why = "";
        if (settings.Tokens is { } tokens)
        {
            string shown = context.Request.RouteValues["token"] as string ?? (string?)context.Request.Query["token"] ?? "";
            string? authorization = shown.Length > 0 ? "Bearer " + shown : (string?)context.Request.Headers.Authorization;
            if (!tokens.Knows(authorization)) why = "a token of Media:TokenFile is needed: ?token=TOKEN in the hook's address";
            else if (!tokens.Allows(authorization, node)) why = $"the token shown is not that of node '{node}'";
        }
        else if (!settings.Remote && !CallerTokens.IsLocal(context.Connection.RemoteIpAddress))
        {
            why = "hooks are only taken from this machine; Media:TokenFile on the server takes them from media servers that show a token";
        }
        if (why.Length > 0 && _told.TryTell(out long before))
            MediaLog.Refused(logger, context.Connection.RemoteIpAddress?.ToString() ?? "this machine", why, before);
        return why.Length == 0;
    }
}
