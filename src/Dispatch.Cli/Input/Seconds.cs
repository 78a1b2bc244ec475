namespace TrafficDispatch.Cli.Input;

/// <summary>Turns seconds of the command line into times.</summary>
internal static class Seconds
{
    private const double Longest = 1e8;

    /// <summary>The time; null for no limit. More than three years count as three years, which timers still take.</summary>
    public static TimeSpan? ToTimeSpan(double? seconds) => seconds is { } s ? TimeSpan.FromSeconds(Math.Min(s, Longest)) : null;
}
