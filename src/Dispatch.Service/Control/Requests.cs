using System.Globalization;
using Grpc.Core;

namespace TrafficDispatch.Service.Control;

/// <summary>Checks what all changes have in common.</summary>
internal static class Requests
{
    /// <summary>Longest time after which a change ends by itself: a year.</summary>
    public const ulong LongestSeconds = 366 * 86_400;

    private const int LongestReason = 1000, LongestName = 100;

    /// <summary>Checks the reason and whom a caller speaks for.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    public static void Check(string reason, string onBehalfOf)
    {
        if (reason.Length > LongestReason) throw Invalid($"reason has {reason.Length} characters: must have at most {LongestReason}.");
        if (onBehalfOf.Length > LongestName || onBehalfOf.Any(char.IsControl)) throw Invalid($"on_behalf_of must have at most {LongestName} characters on one line.");
    }

    /// <summary>When something ends by itself; null for never.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    public static DateTimeOffset? Until(ulong seconds, DateTimeOffset now)
    {
        if (seconds > LongestSeconds) throw Invalid($"for_seconds is {seconds}: must be at most {LongestSeconds}.");
        return seconds == 0 ? null : now + TimeSpan.FromSeconds(seconds);
    }

    /// <summary>INVALID_ARGUMENT.</summary>
    public static RpcException Invalid(FormattableString fault) => new(new Status(StatusCode.InvalidArgument, fault.ToString(CultureInfo.InvariantCulture)));
}
