using System.Collections.Concurrent;
using TrafficDispatch.Service.Change;
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
    private readonly ConcurrentQueue<Action> _asked = new();
    private readonly ConcurrentQueue<CycleOrder> _orders = new();

    // What a person waits for comes before the failures of a plan, which may take long.
    private CancellationTokenSource _interrupt = new();

    /// <summary>Makes the loop; <see cref="StartAsync"/> starts it.</summary>
    public PublishLoop(Publisher publisher, Leadership leadership, SolveSettings settings, TimeProvider time, ILogger<PublishLoop> logger)
    {
        (_publisher, _settings, _time, _logger) = (publisher, settings, time, logger);
        _thread = new Thread(Run) { Name = "solve", IsBackground = true };
        leadership.Began += (_, _) => Due();
    }

    /// <summary>Cycles run so far.</summary>
    public long Cycles => Volatile.Read(ref _cycles);

    private long _cycles, _hastened, _isDue;

    /// <summary>Has the next cycle begin now, or ten seconds (an interval where that is less) after the last one began: facts that change all the time must not keep a process solving.</summary>
    public void Hasten()
    {
        Volatile.Write(ref _hastened, 1);
        Due();
    }

    /// <summary>Has a cycle begin now, because a person asks for it; failures that are being tried are given up for it.</summary>
    /// <param name="permit">What may be passed over; null for nothing.</param>
    /// <returns>What came of it; cancelled where the process ends before.</returns>
    public Task<CycleOutcome> SolveNowAsync(ForcePermit? permit)
    {
        CycleOrder order = new(permit);
        _orders.Enqueue(order);
        Due();
        Volatile.Read(ref _interrupt).Cancel();
        return order.Done.Task;
    }

    /// <summary>Has the loop's thread do something between two cycles; failures that are being tried are given up for it.</summary>
    /// <returns>What it returned; cancelled where the process ends before.</returns>
    public Task<T> AskAsync<T>(Func<CancellationToken, T> work)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Enqueue(() =>
        {
            try
            {
                done.SetResult(work(_stop.Token));
            }
            catch (OperationCanceledException)
            {
                done.SetCanceled();
            }
            catch (Exception e)
            {
                // Whoever waits for it tells it.
                done.SetException(e);
            }
        });
        _due.Set();
        Volatile.Read(ref _interrupt).Cancel();
        return done.Task;
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
        Due();
        // On a thread of its own: the pool may have more to do than it gets to before the time is over.
        if (_thread.IsAlive) await Task.Factory.StartNew(_thread.Join, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _due.Dispose();
        _stop.Dispose();
        _interrupt.Dispose();
    }

    private void Run()
    {
        if (!SolverPriority.Lower(out int error)) PublishLog.NormalPriority(_logger, error);
        while (!_stop.IsCancellationRequested)
        {
            // What asked for a cycle until now gets this one.
            _due.Reset();
            Volatile.Write(ref _isDue, 0);
            Volatile.Write(ref _hastened, 0);
            // The one before is left to the collector: somebody may be about to cancel it.
            Volatile.Write(ref _interrupt, new());
            RunAsked();
            (long started, DateTimeOffset at) = (_time.GetTimestamp(), _time.GetUtcNow());
            using CancellationTokenSource due = new(Wait(started, at), _time);
            using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(due.Token, _stop.Token, Volatile.Read(ref _interrupt).Token);
            _orders.TryDequeue(out CycleOrder? order);
            try
            {
                CycleOutcome outcome = _publisher.RunCycle(_stop.Token, order?.Permit);
                order?.Done.TrySetResult(outcome);
                if (_orders.IsEmpty) _publisher.RunFailures(late.Token);
            }
            catch (OperationCanceledException)
            {
                order?.Done.TrySetCanceled();
                break;
            }
            // The timer stands before the cycle is told to be over: whoever then moves a clock of his own finds it waiting.
            using ITimer timer = _time.CreateTimer(static loop => ((PublishLoop)loop!).Due(), this, Wait(started, at), Timeout.InfiniteTimeSpan);
            Interlocked.Increment(ref _cycles);
            CycleEnded?.Invoke(this, EventArgs.Empty);
            if (!_orders.IsEmpty) continue;
            Rest();
            if (Interlocked.Exchange(ref _hastened, 0) == 1 && _orders.IsEmpty) WaitUntil(started, _settings.Interval < LeastGap ? _settings.Interval : LeastGap);
        }
        // Whoever still waits is told that nothing comes any more.
        while (_orders.TryDequeue(out CycleOrder? left)) left.Done.TrySetCanceled();
        RunAsked();
    }

    private void Due()
    {
        Volatile.Write(ref _isDue, 1);
        _due.Set();
    }

    /// <summary>Does what is asked for until a cycle is due.</summary>
    private void Rest()
    {
        do
        {
            _due.WaitOne();
            RunAsked();
        }
        while (Volatile.Read(ref _isDue) == 0);
    }

    private void RunAsked()
    {
        while (_asked.TryDequeue(out Action? work)) work();
    }

    private void WaitUntil(long started, TimeSpan gap)
    {
        TimeSpan left = gap - _time.GetElapsedTime(started);
        if (left <= TimeSpan.Zero) return;
        Volatile.Write(ref _isDue, 0);
        using ITimer timer = _time.CreateTimer(static loop => ((PublishLoop)loop!).Due(), this, left, Timeout.InfiniteTimeSpan);
        Rest();
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
