using System.Globalization;

namespace Grpc.Wire;

/// <summary>The <c>grpc-timeout</c> header: up to eight digits and a unit, of which H M S m u n exist.</summary>
internal static class GrpcTimeout
{
    private const long LargestValue = 99_999_999;

    /// <summary>Reads a header value; false where it is not one (the call then has no deadline, as elsewhere).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            return false;
        if (text[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks(value / 100);
            return true;
        }

        // The largest product, 99,999,999 hours, is 3.6e18 ticks: below 2^63.
        timeout = TimeSpan.FromTicks(value * TicksPerUnit(text[^1]));
        return TicksPerUnit(text[^1]) != 0;
    }

    /// <summary>Writes the remaining time, rounded up and in the finest unit whose value fits in eight digits.</summary>
    public static string Format(TimeSpan remaining)
    {
        if (remaining <= TimeSpan.Zero)
            return "1n";
        foreach (char unit in "umSMH")
        {
            long ticks = TicksPerUnit(unit);
            long value = (remaining.Ticks / ticks) + (remaining.Ticks % ticks == 0 ? 0 : 1);
            if (value <= LargestValue)
                return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
        }

        return "99999999H";
    }

    private static long TicksPerUnit(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        _ => 0,
    };
}
