namespace TrafficDispatch.Service.Health;

/// <summary>
/// A penalty that each fall raises and time halves, in integers: between two half-lives it falls on a straight line, a little above the exponential.
/// Immutable.
/// </summary>
internal readonly record struct FlapPenalty(int Value, DateTimeOffset At, bool IsSuppressed)
{
    /// <summary>The penalty now; suppression ends where it has fallen far enough.</summary>
    public FlapPenalty After(DateTimeOffset now, TimeSpan halfLife)
    {
        long passed = Math.Max(0, (now - At).Ticks), half = Math.Max(1, halfLife.Ticks);
        int value = Now(passed, half);
        return this with { IsSuppressed = IsSuppressed && value >= HealthSettings.ReuseBelow };
    }

    /// <summary>The penalty after one more fall.</summary>
    public FlapPenalty Raised(DateTimeOffset now, TimeSpan halfLife)
    {
        int value = Math.Min(HealthSettings.MostPenalty, Now(Math.Max(0, (now - At).Ticks), Math.Max(1, halfLife.Ticks)) + HealthSettings.FallPenalty);
        return new(value, now, IsSuppressed || value > HealthSettings.SuppressAbove);
    }

    private int Now(long passed, long half)
    {
        long halvings = passed / half;
        if (halvings >= 31 || Value == 0) return 0;
        int at = Value >> (int)halvings;
        return at - (int)((Int128)(at - (at >> 1)) * (passed % half) / half);
    }
}
