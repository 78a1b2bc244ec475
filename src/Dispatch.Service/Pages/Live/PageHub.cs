using TrafficDispatch.Service.Pages.Data;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Pages.Live;

/// <summary>
/// What all open pages share: the newest snapshot and the news that there is a newer one. It listens to the holder and is on no decision's way; without pages it
/// makes nothing. Thread-safe.
/// </summary>
internal sealed class PageHub(TableHolder holder, PageDesk desk, PageSettings settings, TimeProvider time, IHostApplicationLifetime life) : IHostedService, IDisposable
{
    // Overlays may change many times a second while something burns; nobody reads as fast.
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (long Edition, Task<PageSnapshot> Taken)? _latest;
    private ITimer? _beat, _late;
    private long _edition, _beats, _toldAt;
    private bool _isLate, _hasTold;
    private int _streams;
    private Standing _standing;

    /// <summary>Ends when there is something new: a change, a heartbeat, the end of the process. Take it before looking.</summary>
    public Task News
    {
        get
        {
            lock (_gate) return _news.Task;
        }
    }

    /// <summary>Heartbeats so far.</summary>
    public long Beats => Interlocked.Read(ref _beats);

    /// <summary>Pages that are kept live now.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>Ends when the process stops.</summary>
    public CancellationToken Stopping => life.ApplicationStopping;

    /// <summary>The newest snapshot; made now where something has changed since the last.</summary>
    public Task<PageSnapshot> LatestAsync()
    {
        lock (_gate)
        {
            if (_latest is { } known && known.Edition == _edition && !known.Taken.IsFaulted && !known.Taken.IsCanceled) return known.Taken;
            _standing = Look();
            _latest = (_edition, desk.TakeAsync());
            return _latest.Value.Taken;
        }
    }

    /// <summary>Takes a place for a stream.</summary>
    /// <returns>False where there are as many as may be.</returns>
    public bool TryJoin()
    {
        lock (_gate)
        {
            if (_streams >= settings.MaxStreams) return false;
            _streams++;
            return true;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _streams);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        holder.Swapped += OnNews;
        holder.OverlayChanged += OnNews;
        life.ApplicationStopping.Register(Tell);
        _late = time.CreateTimer(_ => TellLate(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _beat = time.CreateTimer(_ => Beat(), null, settings.Heartbeat, settings.Heartbeat);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        holder.Swapped -= OnNews;
        holder.OverlayChanged -= OnNews;
        _beat?.Dispose();
        _late?.Dispose();
    }

    private void OnNews(object? sender, EventArgs e)
    {
        lock (_gate)
        {
            _edition++;
            TimeSpan since = time.GetElapsedTime(_toldAt);
            if (_hasTold && since < Gap)
            {
                if (!_isLate) _late?.Change(Gap - since, Timeout.InfiniteTimeSpan);
                _isLate = true;
                return;
            }
            (_hasTold, _toldAt) = (true, time.GetTimestamp());
        }
        Tell();
    }

    private void TellLate()
    {
        lock (_gate) (_isLate, _toldAt) = (false, time.GetTimestamp());
        Tell();
    }

    // Guards, freezes and tried failures raise no event: they are looked at with each beat.
    private void Beat()
    {
        lock (_gate) if (!_standing.Equals(Look())) _edition++;
        Interlocked.Increment(ref _beats);
        Tell();
    }

    private void Tell()
    {
        TaskCompletionSource told;
        lock (_gate) (told, _news) = (_news, new(TaskCreationOptions.RunContinuationsAsynchronously));
        told.TrySetResult();
    }

    private Standing Look() => new(holder.Current, holder.Guard, holder.Freeze, holder.Health, holder.Freshness(), holder.Record.LastError, holder.Replica?.Leader ?? "");

    /// <summary>What a snapshot tells that may change without an event.</summary>
    private readonly record struct Standing(
        ServingState? State, GuardRecord? Guard, FreezeRecord? Freeze, HealthVerdict? Health, Freshness Freshness, string LastError, string Leader);
}
