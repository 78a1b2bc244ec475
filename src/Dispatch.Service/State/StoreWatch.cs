using TrafficDispatch.State;

namespace TrafficDispatch.Service.State;

/// <summary>
/// Looks at a part of the store again and again, and at once when an announcement says that it changed: announcements may be lost. Looks never overlap; what is
/// heard during one has it looked at once more. Thread-safe.
/// </summary>
internal abstract class StoreWatch(StateDoor door, TimeProvider time) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private ITimer? _timer;
    private IAsyncDisposable? _subscription;
    private int _isHeard;

    /// <summary>The store.</summary>
    protected StateDoor Door => door;

    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;

    /// <inheritdoc/>
    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_timer is { } timer) await timer.DisposeAsync();
        if (_subscription is { } subscription) await subscription.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _stop.Dispose();
        _looking.Dispose();
    }

    /// <summary>Looks at the store, and again while more is heard; not where a look is under way, which then looks again itself. Never throws.</summary>
    internal async Task LookAsync()
    {
        bool goesOn = true;
        // Asked once more after the gate is open: who hears of something while it is shut relies on whoever is inside.
        for (bool first = true; goesOn && (first || Volatile.Read(ref _isHeard) == 1); first = false)
        {
            if (!await _looking.WaitAsync(TimeSpan.Zero)) return;
            try
            {
                goesOn = await TryReadAsync();
            }
            finally
            {
                Settle();
                _looking.Release();
            }
        }
    }

    /// <summary>Looks at the store now, after a look that is under way; what it says is in force when this returns.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer; what was known holds.</exception>
    public async Task LookNowAsync(CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        try
        {
            await ReadHearingAsync(cancellation);
        }
        finally
        {
            Settle();
            _looking.Release();
        }
    }

    /// <summary>Looks before the process goes on, unless the store is slow or away, and then every so often.</summary>
    protected async Task BeginLookedAtAsync(TimeSpan period, CancellationToken cancellation)
    {
        await Task.WhenAny(LookAsync(), Task.Delay(period, time, cancellation));
        Begin(period, period);
    }

    /// <summary>Looks every so often from a while on.</summary>
    protected void Begin(TimeSpan first, TimeSpan period) => _timer = time.CreateTimer(static watch => _ = ((StoreWatch)watch!).LookAsync(), this, first, period);

    /// <summary>Reads the part of the store, and takes what it says.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    protected abstract Task ReadAsync(CancellationToken cancellation);

    /// <summary>True where an announcement is about the part of the store.</summary>
    protected abstract bool Concerns(Announcement announcement);

    /// <summary>The store gave no answer.</summary>
    protected abstract void TellAway(StoreUnavailableException trouble);

    /// <summary>Puts in force what is known, after every look, whatever came of it.</summary>
    protected virtual void Settle()
    {
    }

    private async Task<bool> TryReadAsync()
    {
        try
        {
            Interlocked.Exchange(ref _isHeard, 0);
            await ReadHearingAsync(_stop.Token);
            return true;
        }
        catch (StoreUnavailableException e)
        {
            TellAway(e);
            return false;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
            return false;
        }
    }

    private async Task ReadHearingAsync(CancellationToken cancellation)
    {
        // Heard of from before the first reading on, so that nothing is said between the two.
        if (door.IsShared) _subscription ??= await door.Store.Announcements.SubscribeAsync(Hear, _stop.Token);
        await ReadAsync(cancellation);
    }

    private void Hear(Announcement announcement)
    {
        if (!Concerns(announcement)) return;
        Interlocked.Exchange(ref _isHeard, 1);
        _ = LookAsync();
    }
}
