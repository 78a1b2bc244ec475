using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Publish;

/// <summary>Runs the publisher on a thread of its own, below serving in priority: at the start, on the interval and at the turn of the hour.</summary>
internal sealed class PublishLoop : IHostedService, IDisposable
{
    private static readonly TimeSpan LeastGap = TimeSpan.FromSeconds(10);

    private readonly Publisher _publisher;
    private readonly SolveSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<PublishLoop> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _due = new(false);
    private readonly Thread _thread;

    /// <summary>Makes the loop; <see cref="StartAsync"/> starts it.</summary>
    public PublishLoop(Publisher publisher, Leadership leadership, SolveSettings settings, TimeProvider time, ILogger<PublishLoop> logger)
    {
        (_publisher, _settings, _time, _logger) = (publisher, settings, time, logger);
        _thread = new Thread(Run) { Name = "solve", IsBackground = true };
        leadership.Began += (_, _) => _due.Set();
    }

    /// <summary>Cycles run so far.</summary>
    public long Cycles => Volatile.Read(ref _cycles);

    private long _cycles, _hastened;

    /// <summary>Has the next cycle begin now, or ten seconds (an interval where that is less) after the last one began: facts that change all the time must not keep a process solving.</summary>
    public void Hasten()
    {
        Volatile.Write(ref _hastened, 1);
        _due.Set();
    }

    /// <summary>Raised after each cycle, on the loop's thread.</summary>
    public event EventHandler? CycleEnded;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>Ends a solve that runs and waits for the thread; the table in force stays.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        _due.Set();
        if (_thread.IsAlive) await Task.Run(_thread.Join, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _due.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        if (!SolverPriority.Lower(out int error)) PublishLog.NormalPriority(_logger, error);
        while (!_stop.IsCancellationRequested)
        {
            // What asked for a cycle until now gets this one.
            _due.Reset();
            Volatile.Write(ref _hastened, 0);
            (long started, DateTimeOffset at) = (_time.GetTimestamp(), _time.GetUtcNow());
            using CancellationTokenSource due = new(Wait(started, at), _time), late = CancellationTokenSource.CreateLinkedTokenSource(due.Token, _stop.Token);
            try
            {
                _publisher.RunCycle(_stop.Token);
                _publisher.RunFailures(late.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            // The timer stands before the cycle is told to be over: whoever then moves a clock of his own finds it waiting.
            using ITimer timer = _time.CreateTimer(static due => ((AutoResetEvent)due!).Set(), _due, Wait(started, at), Timeout.InfiniteTimeSpan);
            Interlocked.Increment(ref _cycles);
            CycleEnded?.Invoke(this, EventArgs.Empty);
            _due.WaitOne();
            if (Interlocked.Exchange(ref _hastened, 0) == 1) WaitUntil(started, _settings.Interval < LeastGap ? _settings.Interval : LeastGap);
        }
    }

    private void WaitUntil(long started, TimeSpan gap)
    {
        TimeSpan left = gap - _time.GetElapsedTime(started);
        if (left <= TimeSpan.Zero) return;
        using ITimer timer = _time.CreateTimer(static due => ((AutoResetEvent)due!).Set(), _due, left, Timeout.InfiniteTimeSpan);
        _due.WaitOne();
    }

    /// <summary>
    /// Until the interval from the cycle's start is over or the next hour begins, whichever comes first. Hours are the wall clock's; the interval
    /// goes by a clock that nobody sets, so that no leap of the wall clock holds cycles up.
    /// </summary>
    private TimeSpan Wait(long started, DateTimeOffset at)
    {
        TimeSpan wait = _settings.Interval - _time.GetElapsedTime(started);
        if (_settings.UtcHour is null)
        {
            DateTimeOffset now = _time.GetUtcNow();
            TimeSpan toHour = now.Hour == at.Hour ? TimeSpan.FromHours(1) - new TimeSpan(now.TimeOfDay.Ticks % TimeSpan.TicksPerHour) : TimeSpan.Zero;
            if (toHour < wait) wait = toHour;
        }
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
