using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Media;

/// <summary>
/// Reads the registry of streams whenever it changes, looking every second and on every announcement, for answers ahead of the next table. While the store
/// gives no answer what was known stays. Thread-safe: looks never overlap.
/// </summary>
internal sealed class StreamWatch(StateDoor door, StreamDirectory directory, TimeProvider time, ILogger<StreamWatch> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private ITimer? _timer;
    private IAsyncDisposable? _subscription;
    private Announcement? _seen;
    private bool _isAway;
    private int _isHeard;

    /// <summary>Reads once before the first answer, unless the store is slow or away.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(LookAsync(), Task.Delay(Period, time, cancellationToken));
        _timer = time.CreateTimer(static o => _ = ((StreamWatch)o!).LookAsync(), this, Period, Period);
    }

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

    /// <summary>Looks at the store once. Never throws.</summary>
    internal async Task LookAsync()
    {
        if (!await _looking.WaitAsync(TimeSpan.Zero)) return;
        try
        {
            do
            {
                Interlocked.Exchange(ref _isHeard, 0);
                await ReadAsync();
            }
            while (Volatile.Read(ref _isHeard) == 1);
            if (_isAway) MediaLog.Readable(logger);
            _isAway = false;
        }
        catch (StoreUnavailableException e)
        {
            if (!_isAway) MediaLog.Unreadable(logger, e.Message);
            _isAway = true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process ends.
            return;
        }
        finally
        {
            _looking.Release();
        }
    }

    private async Task ReadAsync()
    {
        // Heard of from before the first reading on, so that nothing is registered between the two.
        if (door.IsShared) _subscription ??= await door.Store.Announcements.SubscribeAsync(Hear, _stop.Token);
        // Asked before the list is read: what is registered meanwhile is another announcement, and is read at the next look.
        Announcement latest = await door.Store.Announcements.LatestAsync(Topic.Streams, _stop.Token);
        if (latest == _seen && _isHeard == 0) return;
        directory.Note((await door.Store.Streams.ListAsync(_stop.Token)).Streams);
        _seen = latest;
    }

    private void Hear(Announcement announcement)
    {
        if (announcement.Topic != Topic.Streams) return;
        Interlocked.Exchange(ref _isHeard, 1);
        _seen = null;
        _ = LookAsync();
    }
}
