namespace TrafficDispatch.Service.Publish;

/// <summary>
/// The time that traffic is billed by: the wall clock, but for leaps. After a leap it goes on by the clock that nobody sets, until the wall clock
/// has stood by its new time for an hour: a clock that was wrong for a while leaves no gap in the book and turns no month. Used by one thread at a time.
/// </summary>
internal sealed class BillingTime(TimeProvider time)
{
    /// <summary>Between two looks the wall clock may gain or lose so much on the other one without having leapt.</summary>
    public static readonly TimeSpan Leap = TimeSpan.FromMinutes(1);

    /// <summary>How long a wall clock that leapt has to stand by its time.</summary>
    public static readonly TimeSpan Trial = TimeSpan.FromHours(1);

    private DateTimeOffset _wall = time.GetUtcNow();
    private long _at = time.GetTimestamp();
    private long? _leaptAt;

    /// <summary>The time that holds now.</summary>
    /// <param name="leap">How far the wall clock has just leapt; null where it has not since the last look.</param>
    public DateTimeOffset Now(out TimeSpan? leap)
    {
        (long at, DateTimeOffset wall) = (time.GetTimestamp(), time.GetUtcNow());
        DateTimeOffset steady = _wall + time.GetElapsedTime(_at, at);
        bool leaps = (wall - steady).Duration() > Leap;
        leap = leaps && _leaptAt is null ? wall - steady : null;
        _leaptAt = leaps ? _leaptAt ?? at : null;
        if (_leaptAt is { } since && time.GetElapsedTime(since, at) < Trial) return steady;
        (_wall, _at, _leaptAt) = (wall, at, null);
        return wall;
    }
}
