using System.Globalization;
using System.Text;
using Grpc.Core;

namespace TrafficDispatch.Service.Serve;

/// <summary>Makes the errors of requests: which field, what it holds, what must hold.</summary>
internal static class Refusal
{
    private const int LongestShown = 80;

    /// <summary>INVALID_ARGUMENT.</summary>
    public static RpcException Invalid(string field, string value, string rule) =>
        new(new Status(StatusCode.InvalidArgument, $"{field} is '{Shown(value)}': {rule}."));

    /// <summary>INVALID_ARGUMENT for something whose value is best not repeated.</summary>
    public static RpcException Invalid(string field, string rule) => new(new Status(StatusCode.InvalidArgument, $"{field} {rule}."));

    /// <summary>NOT_FOUND.</summary>
    public static RpcException Unknown(string field, string value, string what) =>
        new(new Status(StatusCode.NotFound, $"{field} is '{Shown(value)}': no {what} of this name is in the table."));

    /// <summary>UNAVAILABLE: there is nothing to answer from yet.</summary>
    public static RpcException NoTable() =>
        new(new Status(StatusCode.Unavailable, "There is no table yet: the first solve has not ended. Ask again shortly."));

    /// <summary>A number for a message.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value cut to a length that fits a message, without control characters.</summary>
    private static string Shown(string value)
    {
        StringBuilder shown = new();
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (shown.Length >= LongestShown) return shown.Append('…').ToString();
            shown.Append(Rune.IsControl(rune) ? "\uFFFD" : rune.ToString());
        }
        return shown.ToString();
    }
}
