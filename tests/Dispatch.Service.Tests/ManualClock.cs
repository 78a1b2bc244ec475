namespace TrafficDispatch.Service.Tests;

/// <summary>A clock that stands still until it is moved. Timers fire on the thread that moves it, in order of time. Thread-safe.</summary>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on and fires what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        DateTimeOffset until = GetUtcNow() + by;
        while (NextDue(until) is { } timer) timer.Fire();
        lock (_gate) _now = until;
    }

    /// <summary>
    /// Moves the clock on as over a sleep of the machine: it stands at its new time before anything that falls due hears of it, and what falls due
    /// again and again does so once. Whoever a timer wakes on another thread finds the new time, however late it runs.
    /// </summary>
    public void Leap(TimeSpan by)
    {
        List<Timer> due;
        lock (_gate)
        {
            _now += by;
            due = [.. _timers.Where(t => t.Due <= _now).OrderBy(static t => t.Due)];
            foreach (Timer timer in due) timer.RearmAfter(_now);
        }
        foreach (Timer timer in due) timer.Fire();
    }

    private Timer? NextDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            Timer? next = _timers.Where(t => t.Due <= until).MinBy(static t => t.Due);
            if (next is not null)
            {
                if (next.Due > _now) _now = next.Due;
                next.Rearm();
            }
            return next;
        }
    }

    private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public void Fire() => callback(state);

        public void Rearm()
        {
            if (_period > TimeSpan.Zero) Due += _period;
            else clock._timers.Remove(this);
        }

        public void RearmAfter(DateTimeOffset now)
        {
            if (_period > TimeSpan.Zero) Due = now + _period;
            else clock._timers.Remove(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime < TimeSpan.Zero) return true;
                Due = clock._now + dueTime;
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
